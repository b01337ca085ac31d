import { fstatSync, readFileSync } from 'node:fs';
import { UserError } from '../../errors/user-error.ts';
import type { FoundLog } from '../inputs/find-logs.ts';
import type { LogInput } from '../search/log-input.ts';
import type { Selection } from '../search/selection.ts';
import { openChunks } from '../source/open-chunks.ts';
import type { SourceProblem } from '../source/source-problem.ts';
import { leaveOutOldFiles } from './leave-out-old-files.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';

/** What a query searches. */
export interface QueryInputs {
  inputs: LogInput[];
  /** The files of `inputs`, one for each; undefined for standard input and a journal. */
  logs?: readonly FoundLog[];
  /** What could not be found. */
  problems: SourceProblem[];
  /** What is left to be looked at by us: journalctl has looked at the rest. */
  selection: Selection;
  /** Several files are searched, or a directory: people have to be told which. */
  areMany: boolean;
  /** It may go on for hours, and what is found is to be seen at once. */
  isLive: boolean;
  /** Where the journal was left, once it is read. */
  journalCursor?(): string | undefined;
}

/** Which part of a journal is left to be read. */
export interface JournalPlace {
  /** Only what comes behind it. */
  afterCursor: string | undefined;
  /** Nothing: only where its end is. */
  onlyCursor: boolean;
}

/** Finds the logs that a query is about. */
export async function findInputs(query: Query, host: QueryHost, place?: JournalPlace): Promise<QueryInputs> {
  const { options, files, selection } = query;
  if (options.journal.length > 0) {
    if (files.length > 0) {
      throw new UserError('--journal and FILE cannot be used together', {
        code: 'usage',
        hints: ['search the files in a second run'],
      });
    }
    return journalInput(query, host, place);
  }
  const isImplied = options.recursive === true && files.length === 0;
  const recursive = isImplied ? ['.'] : files;
  if (recursive.length === 0 || (recursive.length === 1 && recursive[0] === '-')) {
    return { inputs: [stdinInput(host)], problems: [], selection, areMany: false, isLive: true };
  }
  const { findLogs } = await import('../inputs/find-logs.ts');
  const { cwd, signal } = host;
  const inputs: LogInput[] = [];
  const logs: FoundLog[] = [];
  const problems: SourceProblem[] = [];
  let hasStdin = false;
  // Standard input keeps its place among the files.
  for (const words of groupsAround(recursive)) {
    if (words === '-') {
      hasStdin = true;
      inputs.push(stdinInput(host));
      continue;
    }
    const found = await findLogs(words, {
      cwd: cwd(),
      include: options.include,
      exclude: options.exclude,
      rotated: options.rotated === true,
      signal,
    });
    problems.push(...found.problems.map((problem) => (isImplied ? withoutDot(problem) : problem)));
    const wanted = options.rotated ? await leaveOutOldFiles(found.logs, query, host) : found.logs;
    const named = wanted.map((log) => (isImplied ? { ...log, name: log.name.replace(/^\.\//, '') } : log));
    logs.push(...named);
    inputs.push(...named.map((log) => inputOf(log, host)));
  }
  return {
    inputs,
    ...(hasStdin ? {} : { logs }),
    problems,
    selection,
    areMany: recursive.length > 1 || inputs.length > 1 || logs.some(({ isNamed }) => !isNamed),
    isLive: hasStdin || logs.some(({ kind }) => kind !== 'file'),
  };
}

/** Nobody has typed the `.` of the working directory. */
function withoutDot(problem: SourceProblem): SourceProblem {
  return { ...problem, message: problem.message.replace(/^cannot read \.\//, 'cannot read ') };
}

function groupsAround(words: readonly string[]): (string[] | '-')[] {
  const groups: (string[] | '-')[] = [];
  for (const word of words) {
    const last = groups.at(-1);
    if (word === '-') groups.push(word);
    else if (last === undefined || last === '-') groups.push([word]);
    else last.push(word);
  }
  return groups;
}

export function inputOf(log: FoundLog, { env }: Pick<QueryHost, 'env'>): LogInput {
  const { name, path, modifiedSeconds } = log;
  if (log.kind === 'file') return { name, source: { kind: 'file', path }, modifiedSeconds };
  const open = (signal: AbortSignal) => openChunks(path, { signal, env, name });
  return { name, source: { kind: 'stream', open }, modifiedSeconds };
}

function stdinInput(host: QueryHost): LogInput {
  const name = '(standard input)';
  if (host.stdinFile !== undefined) {
    const source: LogInput['source'] = { kind: 'descriptor', descriptor: host.stdinFile };
    const modifiedSeconds = fstatSync(host.stdinFile).mtimeMs / 1000;
    return { name, source, start: positionOf(host.stdinFile), modifiedSeconds };
  }
  const open = (signal: AbortSignal) => {
    const stdin = host.stdin();
    if ('isTTY' in stdin && stdin.isTTY === true) {
      host.note('reads what is typed on the terminal; Ctrl-D ends it; name a FILE to search that');
    }
    return openChunks(stdin, { signal, env: host.env, name });
  };
  return { name, source: { kind: 'stream', open }, modifiedSeconds: host.now().getTime() / 1000 };
}

/** Of an open file, as proc_pid_fdinfo(5) tells it: who comes after us in `{ read line; devops ...; } < FILE` begins there. */
function positionOf(descriptor: number): number {
  try {
    const position = /^pos:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return Number(position ?? 0);
  } catch {
    return 0;
  }
}

async function journalInput(
  { options, selection, zone }: Query,
  host: QueryHost,
  place: JournalPlace | undefined,
): Promise<QueryInputs> {
  const { readJournal } = await import('../journal/read-journal.ts');
  // The unit `*` is every one, and journalctl has a word for that: none.
  const units = options.journal.filter((unit) => unit !== '*');
  const { window, levels, ...rest } = selection;
  let cursor: string | undefined;
  const open = async function* (signal: AbortSignal) {
    const request = {
      units: units.length < options.journal.length ? [] : units,
      sinceSeconds: window?.sinceMs === undefined ? undefined : window.sinceMs / 1000,
      untilSeconds: window?.untilMs === undefined ? undefined : window.untilMs / 1000,
      levels,
      follow: options.follow === true,
      // As with a file, only what is logged from now on.
      lines: place?.onlyCursor === true || (options.follow === true && window?.sinceMs === undefined) ? 0 : undefined,
      afterCursor: place?.afterCursor,
      zoneName: zone().name,
    };
    const end = yield* readJournal(request, { env: host.env, signal });
    cursor = end.cursor;
    return { problems: end.problems };
  };
  const input: LogInput = {
    name: 'journal',
    source: { kind: 'stream', open },
    modifiedSeconds: host.now().getTime() / 1000,
  };
  const isLive = options.follow === true;
  // journalctl looks at a cursor or at --since, not at both.
  const left = place?.afterCursor !== undefined && window !== undefined ? { ...rest, window } : rest;
  return { inputs: [input], problems: [], selection: left, areMany: false, isLive, journalCursor: () => cursor };
}
