/** Unix time as ISO 8601 in UTC, to the second: a certificate knows no smaller unit. */
export function isoTime(unixSeconds: number): string {
  return `${new Date(unixSeconds * 1000).toISOString().slice(0, -5)}Z`;
}
