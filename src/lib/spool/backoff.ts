/** From the first failure on, doubled each time. */
const firstSeconds = 30;
/** What waits longer than this, but for a Retry-After, waits because of a clock that was wrong. */
const longestSeconds = 3600;
const longestAsked = 86_400;

/** Seconds until the next try after `attempts` of them have failed. `asked`: what a Retry-After header says. */
export function backoffSeconds(attempts: number, asked?: number): number {
  const own = Math.min(longestSeconds, firstSeconds * 2 ** Math.min(20, Math.max(0, attempts - 1)));
  return Math.max(own, Math.min(asked ?? 0, longestAsked));
}

/** Whether an entry has to be left alone now. A time too far ahead was set by a clock that has been put back since. */
export function isHeldBack(notBefore: number, now: number): boolean {
  return notBefore > now && notBefore <= now + longestAsked;
}
