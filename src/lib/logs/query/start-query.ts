import { UserError } from '../../errors/user-error.ts';
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

/** Finds the logs of a query, and with --state what is new in them. `onProblem` hears of problems as they come. */
export async function startQuery(
  query: Query,
  host: QueryHost,
  onProblem: (problem: QueryProblem) => void = () => {},
): Promise<StartedQuery> {
  const { options } = query;
  const problems: QueryProblem[] = [];
  const tell = (problem: QueryProblem): void => {
    problems.push(problem);
    onProblem(problem);
  };
  const common = { problems, tell, query, host };
  return options.state === undefined ? startAnew(common) : startFromState(common, options.state);
}

interface Common {
  problems: QueryProblem[];
  tell(problem: QueryProblem): void;
  query: Query;
  host: QueryHost;
}

async function startAnew({ problems, tell, query, host }: Common): Promise<StartedQuery> {
  const found = await findInputs(query, host);
  for (const problem of found.problems) tell({ subject: subjectOf(problem), problem });
  return {
    inputs: found.inputs,
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

async function startFromState({ problems, tell, query, host }: Common, name: string): Promise<StartedQuery> {
  const [{ openState }, { lossesOf, readPlanned }] = await Promise.all([
    import('./open-state.ts'),
    import('./state-reading.ts'),
  ]);
  const { options } = query;
  if (options.journal.length > 0) return startJournalFromState({ problems, tell, query, host }, name);
  if (query.files.length === 0 || query.files.includes('-')) {
    throw new UserError('--state remembers how far files were read, and standard input is none', {
      code: 'usage',
      hints: ['name the FILE'],
    });
  }
  const { findLogs } = await import('../inputs/find-logs.ts');
  const { signal, cwd } = host;
  const { include, exclude } = options;
  // Rotated files are looked for by the plan of each log; a glob that has them too must not make them logs of their own.
  const found = await findLogs(query.files, { cwd: cwd(), include, exclude, rotated: true, signal });
  const paths = found.logs
    .filter(({ kind, isRotated }) => kind === 'file' && !isRotated)
    .map(({ name: shown, path }) => ({ name: shown, path }));
  const fromStart = options.fromStart === true;
  const session = await openState({ name, fromStart, paths, journal: undefined }, host);
  for (const { plan } of session.logs) for (const note of plan.notes) host.note(note);
  for (const problem of found.problems) tell({ subject: subjectOf(problem), problem });
  for (const { name: subject, problem } of lossesOf(session.logs)) tell({ subject, problem });
  const reading = readPlanned(session.logs, host.now().getTime() / 1000);
  const isIdle = session.logs.every(({ plan }) => plan.ranges.length + plan.lost.length + plan.notes.length === 0);
  return {
    inputs: reading.inputs(),
    style: withNames(query, paths.length > 1 || found.logs.some(({ isNamed }) => !isNamed)),
    search: {
      ...searchOptions(query, host),
      onProblem(problem, input) {
        reading.onProblem(problem, input);
        tell({ subject: input.name, problem });
      },
    },
    isLive: false,
    problems,
    watch: reading.watch,
    recentHits: session.recentHits,
    finish(recentHits) {
      if (!isIdle) session.write({ files: reading.cursors(), recentHits });
    },
    close: () => session.close(),
  };
}

async function startJournalFromState({ problems, tell, query, host }: Common, name: string): Promise<StartedQuery> {
  const { openState } = await import('./open-state.ts');
  const { options } = query;
  const journal = options.journal.toSorted().join('\n');
  const session = await openState({ name, fromStart: false, paths: [], journal }, host);
  const isFirst = session.journalCursor === undefined && options.fromStart !== true;
  if (isFirst) host.note('journal: begins with what comes from now on; --from-start is for all that is there');
  try {
    const found = await findInputs(query, host, { afterCursor: session.journalCursor, onlyCursor: isFirst });
    return {
      inputs: found.inputs,
      style: withNames(query, false),
      search: {
        ...searchOptions(query, host),
        selection: found.selection,
        onProblem: (problem, input) => tell({ subject: input.name, problem }),
      },
      isLive: false,
      problems,
      watch: (consumer) => consumer,
      recentHits: session.recentHits,
      finish(recentHits) {
        session.write({ files: new Map(), recentHits, journalCursor: found.journalCursor?.() });
      },
      close: () => session.close(),
    };
  } catch (error) {
    session.close();
    throw error;
  }
}

function searchOptions(query: Query, { env, signal, note }: QueryHost): Omit<SearchLogsOptions, 'onProblem'> {
  const { kind, style, options, selection, zone, timeFormat } = query;
  return {
    selection,
    wantsFacts: kind !== 'count',
    numbersLines: style.lineNumber,
    zone,
    ...(timeFormat === undefined ? {} : { timeFormat }),
    env,
    signal,
    onNote: note,
    // Only lines are shown to people; a judgement must not leave out what is hidden behind a NUL.
    text: options.text === true || kind !== 'line',
  };
}

function withNames({ options, style }: Query, areMany: boolean): GrepStyle {
  return { ...style, withFilename: style.withFilename || (areMany && options.filename) };
}

/** What the problem is about: the name in its words. */
function subjectOf({ message }: SourceProblem): string {
  return /^cannot read (.*?):/.exec(message)?.[1] ?? message;
}
