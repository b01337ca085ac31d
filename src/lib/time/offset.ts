/**
 * Seconds east of UTC of `Z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02` or, as some zones had it before they had hours,
 * `-00:44:30`; undefined for anything else. Case does not matter.
 */
export function parseOffset(text: string): number | undefined {
  if (/^(?:z|utc|gmt)$/i.test(text)) return 0;
  const match = /^([+-])(\d\d)(?:(?::(\d\d)(?::(\d\d))?)|(\d\d))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, hours, minutes, seconds, joinedMinutes] = match;
  const [hour, minute, second] = [Number(hours), Number(minutes ?? joinedMinutes ?? 0), Number(seconds ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const east = hour * 3600 + minute * 60 + second;
  // Not -0 for `-00:00`.
  return sign === '-' && east > 0 ? -east : east;
}

/** `+01:00`, also `+00:00`; with seconds where the offset has some. */
export function formatOffset(seconds: number): string {
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor((size % 3600) / 60), size % 60];
  if (parts[2] === 0) parts.pop();
  return (seconds < 0 ? '-' : '+') + parts.map((part) => String(part).padStart(2, '0')).join(':');
}
