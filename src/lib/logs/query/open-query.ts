import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import type { LogRule } from '../alert/log-rule.ts';
import { checkOptions } from '../request/check-options.ts';
import { judges, kindOf, selectsWithoutPattern, type LogsGrepOptions } from '../request/grep-options.ts';
import { readSelection } from '../request/read-selection.ts';
import { splitWords } from '../request/split-words.ts';
import type { GrepStyle } from '../search/grep-style.ts';
import type { Query } from './query.ts';
import type { QueryHost } from './query-host.ts';

/** The part of devops.yaml that this reads. */
export interface LogsGrepSettings {
  rules?: readonly LogRule[] | undefined;
  files?: readonly string[] | undefined;
  timeFormat?: string | undefined;
  tz?: string | undefined;
}

export interface OpenQueryOptions {
  words: readonly string[];
  options: LogsGrepOptions;
  /** A report, or a format made of verdicts, was asked for. */
  judging: boolean;
  /** What is found is told as records, with times. */
  asRecords: boolean;
  color: boolean;
  /** Asked for only when a key of it may count. */
  settings(): Promise<LogsGrepSettings>;
}

const formatNames: ReadonlySet<string> = new Set(
  'text json jsonl yaml csv junit github markdown nagios prometheus'.split(' '),
);

/** What a command line asks for. Throws UserError for what cannot be meant. */
export async function openQuery(asked: OpenQueryOptions, host: QueryHost): Promise<Query> {
  const { options, judging } = asked;
  checkOptions(options, judging);
  const given = await givenPatterns(options, host);
  const { pattern, files } = splitWords(asked.words, {
    hasPatterns: given !== undefined || options.rules !== undefined,
    selects: selectsWithoutPattern(options, judging),
    needsFile: options.state !== undefined,
    exists: (path) => existsSync(resolve(host.cwd(), path)),
    isLog: (path) => path !== '' && statSync(resolve(host.cwd(), path), { throwIfNoEntry: false })?.isFile() === true,
    onNote: host.note,
  });
  const patterns = given ?? (pattern === undefined ? undefined : [pattern]);
  if (patterns === undefined && options.invertMatch === true && options.rules === undefined) throw nothingInverted();
  if (options.onlyMatching === true) noteFormat(asked.words, host);
  if (options.fixedStrings !== true) noteOldEscapes(patterns ?? [], host);
  const isBare = patterns === undefined && options.level === undefined && options.where.length === 0;
  const usesSettings = judges(options, judging) && isBare && options.rules === undefined;
  const settings = usesSettings || readsTimes(asked) ? await asked.settings() : {};
  const times = await timesOf(asked, settings, host);
  const selection = await readSelection(options, patterns, { now: host.now().getTime() / 1000, zone: times.zone });
  const query: Query = {
    options,
    kind: kindOf(options, judging),
    files: usesSettings && files.length === 0 && options.journal.length === 0 ? (settings.files ?? []) : files,
    selection,
    rules: [],
    countsAll: false,
    style: styleOf(options, asked.color),
    ...times,
  };
  if (!judges(options, judging)) return query;
  const { judgedQuery } = await import('./judged-query.ts');
  return judgedQuery(query, { patterns, isBare, rules: settings.rules }, host);
}

/** Whether the zone and the format of the times of a log may matter, of which devops.yaml has something to say. */
function readsTimes({ options, judging, asRecords }: OpenQueryOptions): boolean {
  const { since, until, around, level, where, multiline, eventStart } = options;
  const isByEvents = [since, until, around, level, multiline, eventStart].some((option) => option !== undefined);
  return asRecords || isByEvents || where.length > 0 || judges(options, judging);
}

async function timesOf(asked: OpenQueryOptions, settings: LogsGrepSettings, { env }: QueryHost) {
  const { tz, timeFormat, journal } = asked.options;
  const isNeeded = readsTimes(asked) || tz !== undefined || timeFormat !== undefined || journal.length > 0;
  if (!isNeeded) return { zone: unneededZone, timeFormat: undefined };
  const { logTimes } = await import('./log-times.ts');
  return logTimes({ tz: tz ?? settings.tz, timeFormat: timeFormat ?? settings.timeFormat }, env);
}

function unneededZone(): never {
  throw new Error('a time is read in a search that asks for none');
}

/** Those of -e and -f; undefined when there are none of these options. */
async function givenPatterns(options: LogsGrepOptions, host: QueryHost): Promise<string[] | undefined> {
  if (options.regexp.length === 0 && options.file.length === 0) return undefined;
  const patterns = [...options.regexp];
  for (const path of options.file) {
    const { readPatternFile } = await import('../request/read-pattern-file.ts');
    patterns.push(...(await readPatternFile(path, host)));
  }
  return patterns;
}

function styleOf(options: LogsGrepOptions, color: boolean): GrepStyle {
  return {
    invert: options.invertMatch === true,
    count: options.count === true,
    filesWith: options.filesWithMatches === true,
    filesWithout: options.filesWithoutMatch === true,
    onlyMatching: options.onlyMatching === true,
    lineNumber: options.lineNumber === true,
    maxCount: options.maxCount,
    before: options.beforeContext ?? options.context ?? 0,
    after: options.afterContext ?? options.context ?? 0,
    // Until the logs are found: one that was named itself needs no name.
    withFilename: options.withFilename === true,
    color,
  };
}

function nothingInverted(): UserError {
  return new UserError('-v is for lines that do not match, and there is no PATTERN', {
    code: 'usage',
    hints: ["give one; --where takes a condition such as '!(status>=500)'"],
  });
}

/** Who knows -o of other commands would wait for lines of a file that has the name of a format. */
function noteFormat([first]: readonly string[], { note }: QueryHost): void {
  if (first !== undefined && formatNames.has(first)) {
    note(`-o prints what matches, as in grep; the format of the output is --output ${first}`);
  }
}

/** In grep's basic patterns these are the special ones; here, as with grep -E, they are plain characters. */
function noteOldEscapes(patterns: readonly string[], { note }: QueryHost): void {
  const escape = patterns
    .map((pattern) => /(?<!\\)(?:\\\\)*(\\[|(){}])/.exec(pattern)?.[1])
    .find((found) => found === '\\|');
  if (escape !== undefined) note(`${escape} stands for the character itself, as with grep -E; alternatives are a|b`);
}
