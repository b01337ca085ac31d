/** How far `looksBinary` looks. */
export const binaryHeadBytes = 65_536;

/** Binary formats pad their fields with fewer; a hole is most of a block. */
const shortestHole = 16;

/**
 * Whether the head of a source, decoded where it was compressed or UTF-16, is no text: there is a NUL in its first
 * 64 KiB that is not one of 16 or more in a row. So many are a hole, as copytruncate leaves it before the lines of a
 * writer that does not append, and a crash behind them; the lines around it are still a log.
 */
export function looksBinary(head: Buffer): boolean {
  const looked = head.subarray(0, binaryHeadBytes);
  let start = looked.indexOf(0);
  while (start !== -1) {
    let end = start + 1;
    while (looked[end] === 0) end++;
    // A run that goes on behind what is looked at may be the beginning of a hole.
    const isCut = end === binaryHeadBytes;
    if (end - start < shortestHole && !isCut) return true;
    start = looked.indexOf(0, end);
  }
  return false;
}
