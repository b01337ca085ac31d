/** Seconds of a clock that nobody sets. Not performance.now(), whose eight modules cost a start 1 ms. */
export function monotonicSeconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds + nanoseconds / 1e9;
}
