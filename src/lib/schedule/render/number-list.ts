/** A sorted list with runs of three and more as ranges: `1-5,9`. */
export function numberList(values: readonly number[], between: '-' | '..' = '-'): string {
  const parts: string[] = [];
  for (let start = 0; start < values.length;) {
    let end = start;
    while (end + 1 < values.length && values[end + 1] === values[end]! + 1) end++;
    if (end - start >= 2) parts.push(`${values[start]}${between}${values[end]}`);
    else parts.push(...values.slice(start, end + 1).map(String));
    start = end + 1;
  }
  return parts.join(',');
}
