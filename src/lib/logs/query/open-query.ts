import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { localZoneName } from '../../time/local-zone-name.ts';
import { openZone, type Zone } from '../../time/zone.ts';
import type { LogRule, Threshold } from '../alert/log-rule.ts';
import { parseThreshold } from '../alert/parse-threshold.ts';
import { checkOptions, checkRuleOptions } from '../request/check-options.ts';
import { createLineRedactor } from '../redact/create-line-redactor.ts';
import { judges, kindOf, selectsWithoutPattern, type LogsGrepOptions } from '../request/grep-options.ts';
import { readSelection } from '../request/read-selection.ts';
import { splitWords } from '../request/split-words.ts';
import type { GrepStyle } from '../search/grep-style.ts';
import { patternsOfRules } from '../search/rule-judge.ts';
import { parseTimeFormat } from '../time/parse-time-format.ts';
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

const formatNames: ReadonlySet<string> = new Set('text json jsonl yaml csv junit github nagios prometheus'.split(' '));

/** What a command line asks for. Throws UserError for what cannot be meant. */
export async function openQuery(asked: OpenQueryOptions, host: QueryHost): Promise<Query> {
  const { options, judging } = asked;
  checkOptions(options, judging);
  const given = await givenPatterns(options, host);
  const { pattern, files } = splitWords(asked.words, {
    hasPatterns: given !== undefined || options.rules !== undefined,
    selects: selectsWithoutPattern(options, judging),
    exists: (path) => existsSync(resolve(host.cwd(), path)),
    onNote: host.note,
  });
  const patterns = given ?? (pattern === undefined ? undefined : [pattern]);
  if (patterns === undefined && options.invertMatch === true && options.rules === undefined) throw nothingInverted();
  if (options.onlyMatching === true) noteFormat(asked.words, host);
  const isBare = patterns === undefined && options.level === undefined && options.where.length === 0;
  const usesSettings = judges(options, judging) && isBare && options.rules === undefined;
  const settings = usesSettings || readsTimes(asked) ? await asked.settings() : {};
  const zone = zoneOf(options.tz ?? settings.tz, host.env);
  const selection = readSelection(options, patterns, { now: host.now().getTime() / 1000, zone });
  const query: Query = {
    options,
    kind: kindOf(options, judging),
    files: usesSettings && files.length === 0 && options.journal.length === 0 ? (settings.files ?? []) : files,
    selection,
    rules: [],
    countsAll: false,
    style: styleOf(options, asked.color),
    zone,
    timeFormat: timeFormatOf(options.timeFormat ?? settings.timeFormat),
  };
  if (!judges(options, judging)) return query;
  if (isBare || options.rules !== undefined) {
    const rules = options.rules === undefined ? settings.rules : await rulesOf(options.rules, host);
    if (rules === undefined || rules.length === 0) throw noRules();
    checkRuleOptions(options);
    await checkForState(rules, options);
    const any = patternsOfRules(rules);
    return { ...query, rules, selection: any === undefined ? selection : { ...selection, patterns: any } };
  }
  const { ruleOfPattern } = await import('../alert/rule-of-options.ts');
  const rule = ruleOfPattern({
    patterns: patterns ?? [],
    invert: options.invertMatch,
    level: options.level,
    where: options.where.length === 0 ? undefined : options.where.join(' && '),
    threshold: options.threshold === undefined ? undefined : thresholdOf(options.threshold),
  });
  await checkForState([rule], options);
  // What was typed may be the secret that is looked for.
  const name = options.redact === true ? createLineRedactor()(rule.name) : rule.name;
  return { ...query, rules: [{ ...rule, name }], countsAll: true };
}

function thresholdOf(text: string): Threshold {
  try {
    return parseThreshold(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`option '--threshold': ${error.message}`, { code: 'usage', hints: error.hints, cause: error });
  }
}

/** Whether the zone and the format of the times of a log may matter, of which devops.yaml has something to say. */
function readsTimes({ options, judging, asRecords }: OpenQueryOptions): boolean {
  const { since, until, around, level, where, multiline, eventStart } = options;
  const isByEvents = [since, until, around, level, multiline, eventStart].some((option) => option !== undefined);
  return asRecords || isByEvents || where.length > 0 || judges(options, judging);
}

/** Those of -e and -f; undefined when there are none of these options. */
async function givenPatterns(options: LogsGrepOptions, host: QueryHost): Promise<string[] | undefined> {
  if (options.regexp.length === 0 && options.file.length === 0) return undefined;
  const patterns = [...options.regexp];
  for (const path of options.file) {
    const { readPatternFile } = await import('../request/read-pattern-file.ts');
    const from = path === '-' ? path : resolve(host.cwd(), path);
    patterns.push(...(await readPatternFile(from, host)));
  }
  return patterns;
}

async function rulesOf(path: string, host: QueryHost): Promise<LogRule[]> {
  const { readRules } = await import('../alert/read-rules.ts');
  return readRules(resolve(host.cwd(), path));
}

async function checkForState(rules: readonly LogRule[], { state }: LogsGrepOptions): Promise<void> {
  if (state === undefined) return;
  const { checkRulesForState } = await import('../alert/check-rules-for-state.ts');
  checkRulesForState(rules);
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

function noRules(): UserError {
  return new UserError('there is nothing to raise an alert for', {
    code: 'usage',
    hints: ['give a PATTERN, --level or --where, name a file with --rules, or write logs-grep.rules into devops.yaml'],
  });
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

function zoneOf(name: string | undefined, env: QueryHost['env']): () => Zone {
  let zone: Zone | undefined;
  return () => (zone ??= open());

  function open(): Zone {
    try {
      return openZone(name ?? localZoneName(env));
    } catch (error) {
      if (name !== undefined || !(error instanceof UserError)) throw error;
      const hints = ['name the zone of the log with --tz, such as --tz Europe/Berlin'];
      throw new UserError(`TZ of the environment: ${error.message}`, { code: 'usage', hints, cause: error });
    }
  }
}

function timeFormatOf(text: string | undefined): Query['timeFormat'] {
  if (text === undefined) return undefined;
  try {
    return parseTimeFormat(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`option '--time-format': ${error.message}`, {
      code: 'usage',
      hints: error.hints,
      cause: error,
    });
  }
}
