import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { absolute } from '../inputs/below.ts';
import { hasWildcard } from '../inputs/expand-glob.ts';
import { findLogs } from '../inputs/find-logs.ts';
import type { SourceProblem } from '../source/source-problem.ts';
import { findInputs } from './find-inputs.ts';
import { type FollowedPath, openState } from './open-state.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';
import { searchOptions, type StartedQuery, type Starting, subjectOf, withNames } from './start-query.ts';
import { lossesOf, readPlanned } from './state-reading.ts';

/** What is new in files since the last run with the state of this name. Throws as `openState` does. */
export async function startFromState({ problems, tell, query, host }: Starting, name: string): Promise<StartedQuery> {
  const { options, files } = query;
  if (files.length === 0 || files.includes('-')) {
    throw new UserError('--state remembers how far files were read, and standard input is none', {
      code: 'usage',
      hints: ['name the FILE'],
    });
  }
  const { paths, problems: missing, areMany } = await findPaths(query, host);
  const session = await openState({ name, fromStart: options.fromStart === true, paths, journal: undefined }, host);
  const { logs } = session;
  for (const { plan } of logs) for (const note of plan.notes) host.note(note);
  for (const problem of missing) tell({ subject: subjectOf(problem), problem });
  for (const { name: subject, problem } of [...session.problems, ...lossesOf(logs)]) tell({ subject, problem });
  const reading = readPlanned(logs, host.now().getTime() / 1000);
  return {
    inputs: reading.inputs(),
    style: withNames(query, areMany),
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
      // Who was stopped has not delivered everything, whatever is on its way.
      host.signal.throwIfAborted();
      if (!session.isIdle) session.write({ files: reading.cursors(), recentHits });
    },
    close: () => session.close(),
  };
}

interface FoundPaths {
  paths: FollowedPath[];
  problems: readonly SourceProblem[];
  areMany: boolean;
}

/** The logs to follow, those that were named and are not there (yet) among them. */
async function findPaths({ files, options }: Query, host: QueryHost): Promise<FoundPaths> {
  const { signal } = host;
  const { include, exclude } = options;
  const cwd = host.cwd();
  // Rotated files are looked for by the plan of each log; a glob or a directory that has them too must not make them
  // logs of their own.
  const rotated = files.length > 1 || !isOneFile(absolute(cwd, files[0]!));
  const found = await findLogs(files, { cwd, include, exclude, rotated, signal });
  const problems = [...found.problems];
  const paths = new Map<string, FollowedPath>();
  let isDirectory = false;
  for (const { name, path: typed, kind, isNamed, isRotated } of found.logs) {
    if (isRotated) continue;
    const path = keyOf(typed);
    if (kind === 'file') {
      if (!paths.has(path)) paths.set(path, { name, path });
      isDirectory ||= !isNamed;
    } else {
      const message = `cannot remember a position in '${name}': it is not a regular file`;
      problems.push({ code: 'unreadable', message, hint: 'leave --state out, or name a log file' });
    }
  }
  for (const name of files) {
    const path = keyOf(absolute(cwd, name));
    const isMissing = problems.some(
      ({ code, message }) => message.startsWith(`cannot read ${name}:`) && code === 'not-found',
    );
    if (name !== '' && isMissing && !hasWildcard(name) && !paths.has(path)) paths.set(path, { name, path });
  }
  return { paths: [...paths.values()], problems, areMany: paths.size > 1 || isDirectory };
}

/** What most crontabs name, and what needs no look at its directory. */
function isOneFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** One name for `app.log` and `./app.log`; what `..` means depends on symbolic links. */
function keyOf(path: string): string {
  return path.split('/').includes('..') ? path : resolve(path);
}

/** The same for a journal, whose own cursors tell where we were. */
export async function startJournalFromState(
  { problems, tell, query, host }: Starting,
  name: string,
): Promise<StartedQuery> {
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
        host.signal.throwIfAborted();
        session.write({ files: new Map(), recentHits, journalCursor: found.journalCursor?.() });
      },
      close: () => session.close(),
    };
  } catch (error) {
    session.close();
    throw error;
  }
}
