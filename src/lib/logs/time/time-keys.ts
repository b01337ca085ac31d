/**
 * The names under which structured logs keep a line's time, in any case. When a line has several, the one that is in
 * most lines of the sample is taken, else the first of the line.
 */
const names: readonly string[] = [
  'time',
  'timestamp',
  'ts',
  '@timestamp',
  'date',
  'datetime',
  't',
  // Serilog, log4j 2, python-json-logger, nginx's own variables, the journal's export, CloudTrail, Envoy.
  '@t',
  'timeMillis',
  'asctime',
  'time_iso8601',
  'time_local',
  '__REALTIME_TIMESTAMP',
  'eventTime',
  'start_time',
];

interface Key {
  readonly bytes: Buffer;
  readonly number: number;
}

/** By length. Setting the bit of lower case is all that comparing in any case takes. */
const keysOfLength: readonly (readonly Key[])[] = Array.from({ length: 24 }, (_, length) =>
  names.flatMap((name, index) =>
    name.length === length ? [{ bytes: Buffer.from(name).map((byte) => byte | 32) as Buffer, number: index + 1 }] : [],
  ),
);

/** Values of such keys that are tried in one line: a line of nothing but keys without a time costs no more. */
export const triedKeys = 16;

/** How many keys there are: timeKey answers 1 to this. */
export const timeKeyCount = names.length;

/** Which of the names of a time `bytes[from, to)` is: from 1, or 0 when it is none. */
export function timeKey(bytes: Buffer, from: number, to: number): number {
  const keys = keysOfLength[to - from];
  if (keys === undefined) return 0;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!;
    let position = 0;
    while (position < key.bytes.length && (bytes[from + position]! | 32) === key.bytes[position]) position++;
    if (position === key.bytes.length) return key.number;
  }
  return 0;
}
