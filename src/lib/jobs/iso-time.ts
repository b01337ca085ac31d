/** RFC 3339 in UTC, of Unix time in seconds. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
