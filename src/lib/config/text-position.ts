/** A place in a text: both from 1, the column in UTF-16 code units. */
export interface Position {
  line: number;
  column: number;
}

/** Finds the place of an offset. A line ends with \n, \r\n or \r, as YAML 1.2 section 5.4 has it. */
export function textPositions(text: string): (offset: number) => Position {
  const starts = [0];
  for (const ending of text.matchAll(/\r\n|\n|\r/g)) starts.push(ending.index + ending[0].length);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}
