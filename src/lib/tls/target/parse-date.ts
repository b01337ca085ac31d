/**
 * Unix time of `2027-01-01`, which is the first second of that day in UTC, or of a time as RFC 3339 writes it,
 * `2027-01-01T08:00:00+01:00`. Undefined when it is neither, or a day that no calendar has.
 */
export function parseDate(text: string): number | undefined {
  const [, day, time = 'T00:00:00', offset = 'Z'] = datePattern.exec(text) ?? [];
  if (day === undefined) return undefined;
  const midnight = new Date(`${day}T00:00:00Z`);
  // The engine takes 30 February for 2 March.
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return undefined;
  const milliseconds = Date.parse(`${day}T${time.slice(1)}${offset.toUpperCase()}`);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

const datePattern =
  /^(\d{4}-\d{2}-\d{2})(?:([Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.\d{1,9})?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;
