import { inParallel } from '../../concurrency/in-parallel.ts';
import type { InstanceRow } from '../instance-row.ts';
import { isThrottle } from '../failure/error-code.ts';
import { inPieces } from '../read/pieces.ts';
import { callForAll, type Refusal } from './call-for-all.ts';
import { refusedCall } from './describe-refusal.ts';
import type { FailedAction } from './failed-action.ts';
import { actionOf, failedAction, leftAlone } from './instance-action.ts';
import { stopCall } from './instance-calls.ts';
import { lookAgain } from './look-again.ts';
import { markValue, removeMarks, resourcesOfCall, writeMarks } from './marks.ts';
import type { PowerAction } from './power-action.ts';
import type { PowerRun } from './power-run.ts';
import { type Asked, notStopped, watchStopped } from './watch-stopped.ts';

/** Ids of one StopInstances: a throttle counts calls, and a hundred at once have been seen to work. */
const idsOfCall = 100;
const callsInFlight = 4;
/** How long the marks of what was not stopped may take to be removed after an interruption. */
const tidyingMilliseconds = 1500;

type Result = PowerAction | FailedAction;

/**
 * Stops instances: looks at each again, marks it with the tag `devops:stopped`, stops it, and looks until it is seen
 * stopped. Exactly one record for each row, as soon as it is known. What cannot be marked is not stopped; what AWS
 * refuses to stop loses its mark again. Throws the reason of `run.signal` when that aborts, after the marks of what was
 * not stopped have been removed.
 */
export async function* stopRows(rows: readonly InstanceRow[], run: PowerRun): AsyncGenerator<Result> {
  const asked: Asked[] = [];
  for (const part of inPieces(rows, resourcesOfCall)) {
    const marked = new Map<string, string>();
    try {
      yield* stopPart(part, run, marked, asked);
    } finally {
      // A mark on what still runs would bring it back after somebody else has stopped it.
      const tidying = { ...run, signal: AbortSignal.timeout(tidyingMilliseconds) };
      if (marked.size > 0) await removeMarks(marked, tidying).catch(() => undefined);
    }
  }
  if (run.wait) {
    yield* watchStopped(asked, run);
    return;
  }
  for (const { row, uncertain } of asked) {
    if (uncertain === undefined) yield actionOf(row, run.target, 'stop requested', run.run);
    else yield refusedCall(row, uncertain, run, 'StopInstances');
  }
}

/** At most 1,000 rows. `marked` has those that have a mark and were not asked to stop yet. */
async function* stopPart(
  rows: readonly InstanceRow[],
  run: PowerRun,
  marked: Map<string, string>,
  asked: Asked[],
): AsyncGenerator<Result> {
  const { target, signal } = run;
  const fresh = yield* stillRunning(rows, run);
  if (fresh.length === 0) return;
  const byId = new Map(fresh.map((row) => [row.id, row]));
  const value = markValue(
    run,
    fresh.map(({ launchedAt }) => launchedAt),
  );
  for (const id of byId.keys()) marked.set(id, value);
  const { done, refusals } = await writeMarks([...byId.keys()], value, run);
  for (const refusal of refusals) {
    marked.delete(refusal.id);
    yield notMarked(byId.get(refusal.id)!, refusal, run);
  }
  const call = async (ids: readonly string[]) => {
    for (const id of ids) marked.delete(id);
    try {
      await stopCall(target, ids, { hibernate: run.hibernate, force: run.force, signal });
    } catch (error) {
      // Nothing was done, and may never be.
      if (isThrottle(error)) for (const id of ids) marked.set(id, value);
      throw error;
    }
  };
  const results = inParallel(inPieces(done, idsOfCall), callsInFlight, (ids) => callForAll(ids, run, call));
  for await (const result of results) {
    for (const id of result.done) asked.push({ row: byId.get(id)!, mark: value });
    const definite = result.refusals.filter(({ kind }) => kind !== 'uncertain');
    for (const refusal of result.refusals) {
      if (refusal.kind === 'uncertain') asked.push({ row: byId.get(refusal.id)!, mark: value, uncertain: refusal });
    }
    const unmarked = await removeMarks(new Map(definite.map(({ id }) => [id, value])), run);
    for (const { id } of definite) marked.delete(id);
    for (const refusal of definite) yield notStopped(byId.get(refusal.id)!, refusal, unmarked.get(refusal.id), run);
  }
}

/** What was planned may be old by now: somebody was asked first, or the instance was the last of thousands. */
async function* stillRunning(
  rows: readonly InstanceRow[],
  run: PowerRun,
): AsyncGenerator<Result, readonly InstanceRow[]> {
  const { target } = run;
  const seen = yield* lookAgain(rows, run);
  if (seen === undefined) return [];
  const fresh: InstanceRow[] = [];
  for (const row of rows) {
    const now = seen.get(row.id);
    if (now === undefined) yield failedAction(row, target, { code: 'vanished', message: 'it is not listed any more' });
    else if (now.state === 'stopped' || now.state === 'stopping') {
      yield leftAlone(now, target, 'already-stopped', `is ${now.state} by now, and not by this run`);
    } else if (now.state !== 'running') yield leftAlone(now, target, 'not-running', `is ${now.state} by now`);
    else if (run.by !== 'manual' && now.launchedAt !== row.launchedAt) {
      yield leftAlone(now, target, 'started-since', 'was started again a moment ago');
    } else fresh.push(now);
  }
  return fresh;
}

function notMarked(row: InstanceRow, refusal: Refusal, run: PowerRun): FailedAction {
  const failed = refusedCall(row, refusal, run, 'CreateTags');
  if (failed.error.code === 'vanished') return failed;
  const { message } = failed.error;
  return { ...failed, error: { ...failed.error, code: 'mark-failed', message: `it was not stopped: ${message}` } };
}
