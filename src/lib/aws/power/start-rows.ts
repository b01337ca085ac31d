import { inParallel } from '../../concurrency/in-parallel.ts';
import type { InstanceRow } from '../instance-row.ts';
import { inPieces } from '../read/pieces.ts';
import type { Refusal } from './call-for-all.ts';
import { refusedCall } from './describe-refusal.ts';
import type { FailedAction } from './failed-action.ts';
import { actionOf, failedAction, leftAlone } from './instance-action.ts';
import { lookAgain } from './look-again.ts';
import { resourcesOfCall } from './marks.ts';
import { hasSpentMark } from './plan-start.ts';
import type { PowerAction } from './power-action.ts';
import type { PowerRun } from './power-run.ts';
import { stoppedTag } from './remember.ts';
import { startAlike } from './start-alike.ts';
import { watchInstances } from './watch-instances.ts';
import { type Asked, watchStarted } from './watch-started.ts';

const groupsInFlight = 4;

type Result = PowerAction | FailedAction;

/**
 * Starts instances and looks until each is seen running twice; then its mark goes. What is still stopping is waited for.
 * Those of one type and zone are started together, because that is what capacity is given for. Exactly one record for
 * each row, as soon as it is known. Throws the reason of `run.signal` when that aborts.
 */
export async function* startRows(rows: readonly InstanceRow[], run: PowerRun): AsyncGenerator<Result> {
  const asked: Asked[] = [];
  for (const part of inPieces(rows, resourcesOfCall)) {
    const ready = yield* readyToStart(part, run);
    const alike = Map.groupBy(ready, ({ type, zone }) => `${type} ${zone}`);
    for await (const { done, refusals } of inParallel(alike.values(), groupsInFlight, (some) =>
      startAlike(some, run),
    )) {
      for (const row of done) asked.push({ row });
      for (const [row, refusal] of refusals) {
        if (refusal.kind === 'uncertain') asked.push({ row, uncertain: refusal });
        else yield notStarted(row, refusal, run);
      }
    }
  }
  if (run.wait) {
    yield* watchStarted(asked, run);
    return;
  }
  for (const { row, uncertain } of asked) {
    if (uncertain === undefined) yield actionOf(row, run.target, 'start requested', run.run);
    else yield refusedCall(row, uncertain, run, 'StartInstances');
  }
}

function notStarted(row: InstanceRow, refusal: Refusal, run: PowerRun): FailedAction {
  return refusedCall(row, refusal, run, 'StartInstances');
}

/** Looks again: what was planned may be old by now. What is still stopping is waited for. */
async function* readyToStart(
  rows: readonly InstanceRow[],
  run: PowerRun,
): AsyncGenerator<Result, readonly InstanceRow[]> {
  const { target } = run;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const seen = yield* lookAgain(rows, run);
  if (seen === undefined) return [];
  const ready: InstanceRow[] = [];
  const stopping: InstanceRow[] = [];
  for (const row of rows) {
    const now = seen.get(row.id);
    const other = now === undefined ? vanished(row, run) : noLongerMeant(now, row, run);
    if (other !== undefined) yield other;
    else if (now!.state === 'stopping') stopping.push(now!);
    else ready.push(now!);
  }
  if (!run.wait) {
    for (const row of stopping) {
      yield leftAlone(row, target, 'stopping', 'is still stopping, and is not waited for with --no-wait');
    }
    return ready;
  }
  const judge = (now: InstanceRow) => {
    if (now.state === 'stopping') return undefined;
    return noLongerMeant(now, byId.get(now.id)!, run) ?? now;
  };
  for await (const results of watchInstances(stopping, run, 'stopped, so as to be started,', judge)) {
    for (const result of results) {
      if ('launchedAt' in result) ready.push(result);
      else yield result;
    }
  }
  return ready;
}

function vanished(row: InstanceRow, run: PowerRun): FailedAction {
  return failedAction(row, run.target, { code: 'vanished', message: 'it is not listed any more' });
}

/** Somebody else has started it, or stopped it anew in a name of their own, since it was planned. */
function noLongerMeant(now: InstanceRow, planned: InstanceRow, run: PowerRun): Result | undefined {
  if (now.state === 'terminated' || now.state === 'shutting-down') {
    return failedAction(now, run.target, { code: 'terminated', message: `it is ${now.state}: somebody terminated it` });
  }
  if (now.tags.get(stoppedTag) !== planned.tags.get(stoppedTag)) {
    return leftAlone(now, run.target, 'no-mark', 'its tag devops:stopped has changed a moment ago');
  }
  const isOff = now.state === 'stopped' || now.state === 'stopping';
  if (isOff && hasSpentMark(now) && !hasSpentMark(planned)) {
    return leftAlone(now, run.target, 'spent-mark', 'somebody has started it, and stopped it again, a moment ago');
  }
  // What is on already is followed until it is seen running, as if this run had started it.
  return undefined;
}
