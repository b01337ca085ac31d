/**
 * The first microsecond at or behind a Unix time in seconds, in which the journal counts. A number near today's time is
 * up to 0.12 µs off what was written, so a fifth of one is no reason to go on to the next.
 */
export function microsecondsFrom(seconds: number): number {
  return Math.ceil(seconds * 1e6 - 0.2) + 0;
}
