/** How long to wait, on which clock. */
export interface Waiting {
  /** Seconds from now on. */
  seconds: number;
  /** Seconds of a clock that nobody sets. */
  monotonic(): number;
  pause(seconds: number, signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
}

const shortestPause = 5;
const longestPause = 15;

/**
 * Looks until `isEnough`, or until the time is over, and answers with the last look, which is always one at the end of
 * that time. Between two looks there are 5 s, growing to 15 s: describing is throttled for the whole account.
 */
export async function waitFor<Look>(
  look: () => Promise<Look>,
  isEnough: (look: Look) => boolean,
  { seconds, monotonic, pause, signal }: Waiting,
): Promise<Look> {
  const deadline = monotonic() + seconds;
  let next = shortestPause;
  for (;;) {
    const seen = await look();
    const left = deadline - monotonic();
    if (left <= 0 || isEnough(seen)) return seen;
    await pause(Math.min(next, left), signal);
    next = Math.min(next * 1.5, longestPause);
  }
}
