import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { ensurePrivateDirectory } from '../../state/private-directory.ts';
import { type CursorState, readState, writeState } from '../cursor/cursor-state.ts';
import type { FileCursor } from '../cursor/file-cursor.ts';
import { planReading } from '../cursor/plan-reading.ts';
import type { ReadPlan } from '../cursor/read-plan.ts';
import { rotationOf } from '../cursor/rotated-names.ts';
import type { SourceProblem } from '../source/source-problem.ts';
import { lockState } from './lock-state.ts';
import type { QueryHost } from './query-host.ts';

/** A log that is followed from run to run. */
export interface FollowedPath {
  name: string;
  /** Absolute. */
  path: string;
}

export interface PlannedLog extends FollowedPath {
  plan: ReadPlan;
}

/** What is new since the last run of the same state. To be closed in every case. */
export interface StateSession {
  logs: readonly PlannedLog[];
  /** Logs of which nobody can tell what is new; what is remembered of them stays. */
  problems: readonly { name: string; problem: SourceProblem }[];
  /** Nothing is new, and there is nothing to remember. */
  isIdle: boolean;
  /** This is the first run: nothing was remembered. */
  isFirst: boolean;
  recentHits(rule: string): readonly number[];
  journalCursor: string | undefined;
  /** Remembers how far we came. To be called when the output is flushed; undefined cursors stay where they are. */
  write(news: {
    files: ReadonlyMap<string, FileCursor>;
    recentHits: ReadonlyMap<string, readonly number[]>;
    journalCursor?: string | undefined;
  }): void;
  close(): void;
}

export interface StateOptions {
  /** What --state says: a name, or a path when there is a slash in it. */
  name: string;
  fromStart: boolean;
  paths: readonly FollowedPath[];
  /** Of the units of the journal, when that is what is read. */
  journal: string | undefined;
}

/**
 * Plans what a run has to read. A run that finds nothing new takes no lock and writes nothing: that costs a look at each
 * file. Throws UserError `busy` while another run has the state, and for a state that cannot be trusted.
 */
export async function openState(options: StateOptions, host: QueryHost): Promise<StateSession> {
  const path = statePath(options.name, host);
  const idle = readState(path);
  if (idle !== undefined && options.journal === undefined) {
    const plans = await planAll(path, options, idle, host);
    if (plans.logs.every(isIdle)) return sessionOf({ path, state: idle, plans, options, release: () => {} });
    closeAll(plans.logs);
  }
  ensurePrivateDirectory(dirname(path), host.userId);
  const lock = await lockState(path, options.name, host);
  try {
    const state = readState(path);
    const plans = await planAll(path, options, state, host);
    return sessionOf({ path, state, plans, options, release: () => lock.release() });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function statePath(name: string, host: QueryHost): string {
  if (name.includes('/')) return resolve(host.cwd(), name);
  if (/^[\w][\w.@-]{0,99}$/.test(name)) return join(host.stateDirectory(), 'logs', `${name}.json`);
  throw new UserError(`'${name}' is no name for a state`, {
    code: 'usage',
    hints: ['use letters, digits, dots, dashes and underscores, or a path with a slash in it'],
  });
}

interface Plans {
  logs: PlannedLog[];
  problems: { name: string; problem: SourceProblem }[];
}

async function planAll(
  ownPath: string,
  { paths, fromStart }: StateOptions,
  state: CursorState | undefined,
  { signal }: QueryHost,
): Promise<Plans> {
  const plans: Plans = { logs: [], problems: [] };
  try {
    for (const log of followedPaths(paths, state, ownPath)) {
      const known = state?.files.get(log.path);
      try {
        // What appears after the first run is new as a whole.
        const plan = await planReading(log.path, known, { fromStart: fromStart || state !== undefined, signal });
        plans.logs.push({ ...log, plan });
      } catch (error) {
        // One log that cannot be looked at must not hold up the others.
        if (!(error instanceof UserError)) throw error;
        const [hint] = error.hints;
        const problem: SourceProblem = { code: 'unreadable', message: error.message };
        plans.problems.push({ name: log.name, problem: hint === undefined ? problem : { ...problem, hint } });
      }
    }
    return plans;
  } catch (error) {
    closeAll(plans.logs);
    throw error;
  }
}

/**
 * Each log once. While the file of a known log is away, a glob has its rotated files alone, which are no logs of their
 * own: in their place stands the known one. The state itself, in a directory that is searched, changes with every run.
 */
function followedPaths(
  paths: readonly FollowedPath[],
  state: CursorState | undefined,
  ownPath: string,
): Iterable<FollowedPath> {
  const followed = new Map<string, FollowedPath>();
  const known = Map.groupBy(state?.files.keys() ?? [], (path) => dirname(path));
  for (const { name, path } of paths) {
    if (path === ownPath || path === `${ownPath}.lock`) continue;
    const log = known.get(dirname(path))?.find((base) => rotationOf(basename(base), basename(path)) !== undefined);
    const at = log ?? path;
    if (!followed.has(at)) followed.set(at, { name: log === undefined ? name : beside(name, log), path: at });
  }
  return followed.values();
}

/** The name of another file of the same directory, as people see it. */
function beside(name: string, path: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1) + basename(path);
}

function isIdle({ plan }: PlannedLog): boolean {
  return plan.ranges.length + plan.lost.length + plan.notes.length === 0;
}

function closeAll(logs: readonly PlannedLog[]): void {
  for (const { plan } of logs) plan.close();
}

interface Opened {
  path: string;
  state: CursorState | undefined;
  plans: Plans;
  options: StateOptions;
  release(): void;
}

function sessionOf({ path, state, plans, options, release }: Opened): StateSession {
  const { logs, problems } = plans;
  return {
    logs,
    problems,
    isIdle: state !== undefined && logs.every(isIdle),
    isFirst: state === undefined,
    recentHits: (rule) => state?.recentHits?.get(rule) ?? [],
    journalCursor: options.journal === undefined ? undefined : state?.journals?.get(options.journal),
    write({ files, recentHits, journalCursor }) {
      const journals = new Map(state?.journals);
      if (options.journal !== undefined && journalCursor !== undefined) journals.set(options.journal, journalCursor);
      writeState(path, {
        files: new Map([...(state?.files ?? []), ...files]),
        recentHits: new Map([...(state?.recentHits ?? []), ...recentHits]),
        journals,
      });
    },
    close() {
      closeAll(logs);
      release();
    },
  };
}
