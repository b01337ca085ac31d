/** Number of line feeds from `start` to `end`. */
export function countLineFeeds(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (bytes[at] === 0x0a) count++;
  return count;
}
