import type { InstanceRow } from '../instance-row.ts';
import type { Refusal } from './call-for-all.ts';
import { refusedCall, refusedStop } from './describe-refusal.ts';
import type { FailedAction } from './failed-action.ts';
import { actionOf, failedAction } from './instance-action.ts';
import { removeMarks, writeMarks } from './marks.ts';
import type { PowerAction } from './power-action.ts';
import type { PowerRun } from './power-run.ts';
import { stoppedTag } from './remember.ts';
import { watchInstances } from './watch-instances.ts';

/** An instance that was asked to stop, or may have been. */
export interface Asked {
  row: InstanceRow;
  mark: string;
  /** Nobody knows whether the call was carried out. */
  uncertain?: Refusal;
}

type Result = PowerAction | FailedAction;

/** Yields each as soon as it was seen stopped, or to fail. The marks of those that were never stopped are removed. */
export async function* watchStopped(asked: readonly Asked[], run: PowerRun): AsyncGenerator<Result> {
  const byId = new Map(asked.map((one) => [one.row.id, one]));
  const sightings = new Map<string, number>();
  const untouched = new Map<string, string>();
  const bare = new Map<string, string>();
  const judge = (seen: InstanceRow): Result | undefined => {
    const { row, mark, uncertain } = byId.get(seen.id)!;
    if (seen.state === 'stopped') {
      // A start run that met it between mark and stop may have taken the mark away.
      if (!seen.tags.has(stoppedTag) && seen.launchedAt === row.launchedAt) bare.set(seen.id, mark);
      return actionOf(seen, run.target, 'stopped', run.run);
    }
    if (seen.state === 'terminated' || seen.state === 'shutting-down') {
      return failedAction(seen, run.target, {
        code: 'terminated',
        message: `it is ${seen.state}: somebody terminated it`,
      });
    }
    if (seen.state === 'running' && seen.launchedAt > row.launchedAt) {
      return failedAction(seen, run.target, {
        code: 'started-meanwhile',
        message: 'somebody has started it again while it was being stopped',
      });
    }
    if (seen.state !== 'running' || uncertain === undefined) return undefined;
    // One look may be older than the call.
    const count = (sightings.get(seen.id) ?? 0) + 1;
    sightings.set(seen.id, count);
    if (count < 3) return undefined;
    untouched.set(seen.id, mark);
    return refusedCall(seen, uncertain, run, 'StopInstances');
  };
  const rows = asked.map(({ row }) => row);
  for await (const results of watchInstances(rows, run, 'stopped', judge)) {
    const failed = await removeMarks(untouched, run);
    untouched.clear();
    const unmarked = await markAgain(bare, run);
    bare.clear();
    for (const result of results) {
      const one = byId.get(result.id)!;
      const lost = unmarked.get(result.id);
      const refusal = failed.get(result.id);
      if (lost !== undefined) yield stoppedBare(one.row, lost, run);
      else yield refusal === undefined ? result : notStopped(one.row, one.uncertain ?? refusal, refusal, run);
    }
  }
}

async function markAgain(bare: ReadonlyMap<string, string>, run: PowerRun): Promise<ReadonlyMap<string, Refusal>> {
  const failed = new Map<string, Refusal>();
  for (const [value, ids] of Map.groupBy(bare.keys(), (id) => bare.get(id)!)) {
    const { refusals } = await writeMarks(ids, value, run);
    for (const refusal of refusals) failed.set(refusal.id, refusal);
  }
  return failed;
}

function stoppedBare(row: InstanceRow, refusal: Refusal, run: PowerRun): FailedAction {
  const { message } = refusedCall(row, refusal, run, 'CreateTags').error;
  return failedAction({ ...row, state: 'stopped' }, run.target, {
    code: 'mark-failed',
    message: `it is stopped, and somebody has removed its tag ${stoppedTag}, which could not be written again: ${message}`,
    hint: `devops start-instances ${row.id} brings it back; nothing else does`,
  });
}

/** A refused stop as the record of its instance; where its mark could not be removed either, that is what is told. */
export function notStopped(row: InstanceRow, refusal: Refusal, unmarked: Refusal | undefined, run: PowerRun): Result {
  const told = refusedStop(row, refusal, run);
  if (unmarked === undefined || ('error' in told && told.error.code === 'vanished')) return told;
  const why = 'error' in told ? told.error.message : (told.reason ?? '');
  const { message } = refusedCall(row, unmarked, run, 'DeleteTags').error;
  return failedAction(row, run.target, {
    code: 'mark-not-removed',
    message: `it was not stopped (${why}), and its tag devops:stopped could not be removed: ${message}`,
    hint: 'remove the tag by hand, or start-instances brings back what somebody else stops',
  });
}
