/** Lines around a change. */
const context = 3;
/** Cells of the table; what is larger is shown as replaced. 4 million cells are 16 MiB. */
const mostCells = 4_000_000;

type Edit = { sign: ' ' | '-' | '+'; line: string };

/**
 * The difference of two texts as `diff -u` prints it, '' when they are the same. An absent file is `/dev/null` in its
 * name and '' as its text.
 */
export function unifiedDiff(before: string, after: string, names: { before: string; after: string }): string {
  if (before === after) return '';
  const edits = editsOf(linesOf(before), linesOf(after));
  return [`--- ${names.before}\n`, `+++ ${names.after}\n`, ...hunksOf(edits)].join('');
}

function linesOf(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  return text === '' ? [] : lines;
}

function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [
    ...before.slice(0, start).map((line): Edit => ({ sign: ' ', line })),
    ...changesOf(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map((line): Edit => ({ sign: ' ', line })),
  ];
}

/** By the table of longest common subsequences. */
function changesOf(before: readonly string[], after: readonly string[]): Edit[] {
  const width = after.length + 1;
  const isSmall = (before.length + 1) * width <= mostCells;
  const lengths = new Uint32Array(isSmall ? (before.length + 1) * width : 0);
  if (isSmall) {
    for (let row = before.length - 1; row >= 0; row--) {
      for (let column = after.length - 1; column >= 0; column--) {
        lengths[row * width + column] =
          before[row] === after[column]
            ? lengths[(row + 1) * width + column + 1]! + 1
            : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!);
      }
    }
  }
  const edits: Edit[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    if (isSmall && row < before.length && column < after.length && before[row] === after[column]) {
      edits.push({ sign: ' ', line: before[row]! });
      row++;
      column++;
    } else if (
      row < before.length &&
      (!isSmall ||
        column === after.length ||
        lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!)
    ) {
      edits.push({ sign: '-', line: before[row++]! });
    } else {
      edits.push({ sign: '+', line: after[column++]! });
    }
  }
  return edits;
}

function hunksOf(edits: readonly Edit[]): string[] {
  const changed = edits.flatMap(({ sign }, at) => (sign === ' ' ? [] : [at]));
  const hunks: { from: number; to: number }[] = [];
  for (const at of changed) {
    const last = hunks.at(-1);
    if (last !== undefined && at - context <= last.to) last.to = at + context + 1;
    else hunks.push({ from: Math.max(0, at - context), to: at + context + 1 });
  }
  const texts: string[] = [];
  let beforeLine = 0;
  let afterLine = 0;
  let next = 0;
  for (const { from, to } of hunks) {
    beforeLine += from - next;
    afterLine += from - next;
    const part = edits.slice(from, to);
    const removed = part.filter(({ sign }) => sign !== '+').length;
    const added = part.filter(({ sign }) => sign !== '-').length;
    texts.push(`@@ -${rangeText(beforeLine, removed)} +${rangeText(afterLine, added)} @@\n`);
    for (const { sign, line } of part) {
      texts.push(line.endsWith('\n') ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`);
    }
    beforeLine += removed;
    afterLine += added;
    next = Math.min(to, edits.length);
  }
  return texts;
}

/** An empty range is named by the line before it. */
function rangeText(start: number, count: number): string {
  return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}
