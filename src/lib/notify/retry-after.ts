const day = 86_400;

/**
 * Seconds that a Retry-After header asks us to wait (RFC 9110, 10.2.3): a number, or a time, which counts from the
 * `Date` of the same answer because our clock may be wrong. At most a day; undefined for what is neither.
 */
export function retryAfterSeconds(value: string | undefined, date: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d{1,9}$/.test(value.trim()) ? Number(value) : secondsUntil(value, date);
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), day) : undefined;
}

function secondsUntil(value: string, date: string | undefined): number {
  // The one form that is sent today, or Date.parse would find a time in nearly anything.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value.trim())) return NaN;
  return Math.ceil((Date.parse(value) - Date.parse(date ?? '')) / 1000);
}
