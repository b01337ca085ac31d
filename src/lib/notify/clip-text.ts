/** The first `most` UTF-16 units of a text, with three dots in the place of the rest; no character is cut in half. */
export function clipText(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}

/**
 * The last lines of a text: at most `mostLines`, and no more of them than have a cost of `mostCost` together. What
 * remains of a line that alone costs more is its end. `isWhole` tells whether that is all of it.
 */
export function lastLines(
  text: string,
  { mostLines, mostCost, costOf }: { mostLines: number; mostCost: number; costOf: (line: string) => number },
): { text: string; isWhole: boolean } {
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  let start = end;
  let cost = 0;
  for (let lines = 0; lines < mostLines && start >= 0; lines++) {
    const before = start === 0 ? -1 : text.lastIndexOf('\n', start - 1);
    // No line costs less than its length, so nothing longer is even looked at.
    const from = Math.max(before + 1, start - mostCost);
    const lineCost = costOf(text.slice(from, start)) + 1;
    if (from > before + 1 || cost + lineCost > mostCost) {
      if (lines > 0) break;
      return { text: endWithin(text.slice(from, end), mostCost, costOf), isWhole: false };
    }
    cost += lineCost;
    start = before;
  }
  return { text: text.slice(start + 1, end), isWhole: start < 0 };
}

function endWithin(line: string, mostCost: number, costOf: (line: string) => number): string {
  // Halved until it fits: at most a dozen looks, whatever is in it.
  let kept = line;
  while (costOf(kept) > mostCost) kept = kept.slice(Math.ceil(kept.length / 2));
  return kept.replace(/^[\uDC00-\uDFFF]/, '');
}
