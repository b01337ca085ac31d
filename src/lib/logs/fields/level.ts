/** From the least to the worst: the severities of syslog (RFC 5424, 6.2.1), and trace below them. */
export const levels = [
  'trace',
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
] as const;

export type Level = (typeof levels)[number];

const otherNames: Readonly<Record<Level, string>> = {
  trace: 'trace trc trce finest finer silly',
  debug: 'debug dbg dbug verbose fine config debug1 debug2 debug3 debug4 debug5',
  info: 'info inf information informational log',
  notice: 'notice note',
  warning: 'warning warn wrn',
  error: 'error err severe fail',
  critical: 'critical crit crt fatal ftl dpanic',
  alert: 'alert alrt',
  emergency: 'emergency emerg panic',
};

/** Every name of a level in small letters, those of journalctl, log4j, java.util.logging, PostgreSQL, .NET and others. */
export const levelNames: ReadonlyMap<string, Level> = new Map(
  levels.flatMap((level) => otherNames[level].split(' ').map((name): [string, Level] => [name, level])),
);

const longestName = Math.max(...Array.from(levelNames.keys(), (name) => name.length));

function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) hash = (hash * 31 + (bytes[at]! | 0x20)) | 0;
  return hash;
}

/** No two names have the same hash; other words that have one of these are told apart by their letters. */
const nameOfHash: ReadonlyMap<number, string> = new Map(
  Array.from(levelNames.keys(), (name) => [hashOf(Buffer.from(name), 0, name.length), name]),
);

/**
 * The name of a level, in small letters, that the bytes from `start` to `end` are, whatever their case. Without making a
 * text of them, because it is asked for every word in the head of every line.
 */
export function levelNameOf(bytes: Buffer, start: number, end: number): string | undefined {
  const length = end - start;
  if (length < 3 || length > longestName) return undefined;
  const name = nameOfHash.get(hashOf(bytes, start, end));
  if (name?.length !== length) return undefined;
  for (let index = 0; index < length; index++) {
    if ((bytes[start + index]! | 0x20) !== name.charCodeAt(index)) return undefined;
  }
  return name;
}

/** The level that the bytes from `start` to `end` name, whatever their case. */
export function levelOfBytes(bytes: Buffer, start: number, end: number): Level | undefined {
  const name = levelNameOf(bytes, start, end);
  return name === undefined ? undefined : levelNames.get(name);
}

/** The level that a word names, whatever its case; also `ERROR+2`, as Go's slog writes what lies between two levels. */
export function levelOfName(word: string): Level | undefined {
  if (word.length > 16) return undefined;
  return levelNames.get(word.toLowerCase().replace(/[+-]\d+$/, ''));
}

/** The level of a syslog severity: 0 is an emergency, 7 is debug; the facility of a PRI is ignored. */
export function levelOfPriority(priority: number): Level {
  return levels[8 - (priority & 7)]!;
}

/**
 * The level of a number in a field: 0 to 7 are severities of syslog (journald, GELF), from 10 on those of pino and
 * bunyan (10 trace to 60 fatal; 35 counts as 30). Python's 10 to 50 cannot be told from these and would be one lower.
 */
export function levelOfNumber(value: number): Level | undefined {
  if (!Number.isInteger(value) || value < 0) return undefined;
  if (value <= 7) return levelOfPriority(value);
  if (value >= 100) return monologLevels.get(value);
  return pinoLevels[Math.floor(value / 10)];
}

/** Of PHP's Monolog, which knows the eight severities of syslog. */
const monologLevels: ReadonlyMap<number, Level> = new Map([
  [100, 'debug'],
  [200, 'info'],
  [250, 'notice'],
  [300, 'warning'],
  [400, 'error'],
  [500, 'critical'],
  [550, 'alert'],
  [600, 'emergency'],
]);

const pinoLevels: readonly (Level | undefined)[] = [
  undefined,
  'trace',
  'debug',
  'info',
  'warning',
  'error',
  'critical',
];
