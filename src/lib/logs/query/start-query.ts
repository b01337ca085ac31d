import { statSync } from 'node:fs';
import { hasWildcard } from '../inputs/expand-glob.ts';
import type { FoundLog } from '../inputs/find-logs.ts';
import type { GrepStyle } from '../search/grep-style.ts';
import type { LogConsumer } from '../search/log-consumer.ts';
import type { LogInput } from '../search/log-input.ts';
import type { SearchLogsOptions } from '../search/search-logs.ts';
import type { SourceProblem } from '../source/source-problem.ts';
import { findInputs } from './find-inputs.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';

/** Something that could not be read, beside all that could. */
export interface QueryProblem {
  /** The log, as people know it. */
  subject: string;
  problem: SourceProblem;
}

/** A query whose logs are found. To be closed in every case. */
export interface StartedQuery {
  inputs: Iterable<LogInput>;
  /** The files, one for each input, when all of them are files. */
  logs?: readonly FoundLog[];
  style: GrepStyle;
  search: SearchLogsOptions;
  /** What is found is to be seen at once, for it may be long until there is more. */
  isLive: boolean;
  /** Grows while the logs are read. */
  problems: readonly QueryProblem[];
  /** The consumer as the search has to see it. */
  watch(consumer: LogConsumer): LogConsumer;
  /** Hits of earlier runs that count for the thresholds of a rule. */
  recentHits(rule: string): readonly number[];
  /** Remembers how far the logs were read; to be called when the output is flushed. */
  finish(recentHits: ReadonlyMap<string, readonly number[]>): void;
  close(): void;
}

/** A query on its way. */
export interface Starting {
  query: Query;
  host: QueryHost;
  problems: readonly QueryProblem[];
  /** Adds to the problems. */
  tell(problem: QueryProblem): void;
}

/** Finds the logs of a query, and with --state what is new in them. `onProblem` hears of problems as they come. */
export async function startQuery(
  query: Query,
  host: QueryHost,
  onProblem: (problem: QueryProblem) => void = () => {},
): Promise<StartedQuery> {
  const { state, journal } = query.options;
  const problems: QueryProblem[] = [];
  // A problem may quote a line.
  const redact = query.options.redact === true ? await lineRedactor() : (text: string) => text;
  const tell = ({ subject, problem }: QueryProblem): void => {
    const told = { subject, problem: { ...problem, message: redact(problem.message) } };
    problems.push(told);
    onProblem(told);
  };
  const starting: Starting = { problems, tell, query, host };
  if (state === undefined) return startAnew(starting);
  const { startFromState, startJournalFromState } = await import('./start-from-state.ts');
  return journal.length > 0 ? startJournalFromState(starting, state) : startFromState(starting, state);
}

async function startAnew({ problems, tell, query, host }: Starting): Promise<StartedQuery> {
  const found = await findInputs(query, host);
  for (const problem of found.problems) {
    if (!isWaitedFor(problem, query)) tell({ subject: subjectOf(problem), problem });
  }
  return {
    // A line that is counted twice is a false alarm; grep prints it twice.
    inputs: query.rules.length > 0 ? eachFileOnce(found.inputs) : found.inputs,
    ...(found.logs === undefined ? {} : { logs: found.logs }),
    style: withNames(query, found.areMany),
    search: {
      ...searchOptions(query, host),
      selection: found.selection,
      onProblem: (problem, input) => tell({ subject: input.name, problem }),
    },
    isLive: found.isLive,
    problems,
    watch: (consumer) => consumer,
    recentHits: () => [],
    finish() {},
    close() {},
  };
}

/** What --follow says of a file that is not there yet is said by who waits for it. */
function isWaitedFor({ code, message }: SourceProblem, { options, files }: Query): boolean {
  if (options.follow !== true || code !== 'not-found') return false;
  return files.some((name) => !hasWildcard(name) && message.startsWith(`cannot read ${name}:`));
}

export function searchOptions(query: Query, { env, signal, note }: QueryHost): Omit<SearchLogsOptions, 'onProblem'> {
  const { kind, style, options, selection, zone, timeFormat } = query;
  const { before, after } = style;
  return {
    selection,
    wantsFacts: kind !== 'count',
    numbersLines: style.lineNumber,
    ...(before + after > 0 ? { context: { before, after } } : {}),
    zone,
    ...(timeFormat === undefined ? {} : { timeFormat }),
    env,
    signal,
    onNote: note,
    // Only lines are shown to people; a judgement must not leave out what is hidden behind a NUL.
    text: options.text === true || kind !== 'line',
  };
}

export function withNames({ options, style }: Query, areMany: boolean): GrepStyle {
  return { ...style, withFilename: style.withFilename || (areMany && options.filename) };
}

/** What the problem is about: the name in its words. */
export function subjectOf({ message }: SourceProblem): string {
  return /^cannot read (.*?):/.exec(message)?.[1] ?? message;
}

async function lineRedactor(): Promise<(line: string) => string> {
  const { createLineRedactor } = await import('../redact/create-line-redactor.ts');
  return createLineRedactor();
}

/** What was named in two ways, or has two names, comes once. */
function eachFileOnce(inputs: readonly LogInput[]): LogInput[] {
  if (inputs.length < 2) return [...inputs];
  const seen = new Set<string>();
  return inputs.filter(({ source }) => {
    const stats = source.kind === 'file' ? statSync(source.path, { throwIfNoEntry: false }) : undefined;
    const key = stats === undefined ? undefined : `${stats.dev} ${stats.ino}`;
    if (key === undefined) return true;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
