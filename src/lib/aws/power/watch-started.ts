import type { InstanceRow } from '../instance-row.ts';
import type { Refusal } from './call-for-all.ts';
import { refusedCall } from './describe-refusal.ts';
import type { FailedAction } from './failed-action.ts';
import { actionOf, failedAction } from './instance-action.ts';
import { removeMarks } from './marks.ts';
import type { PowerAction } from './power-action.ts';
import type { PowerRun } from './power-run.ts';
import { stoppedTag } from './remember.ts';
import { watchInstances } from './watch-instances.ts';

/** An instance that was asked to start, or may have been. */
export interface Asked {
  row: InstanceRow;
  /** Nobody knows whether the call was carried out. */
  uncertain?: Refusal;
}

/** One look may be older than the call: only what is stopped at this many of them has not started, or not stayed. */
const looksOfStopped = 3;

/** Yields each as soon as it was seen running twice, or to fail. The marks of those that run are removed. */
export async function* watchStarted(
  asked: readonly Asked[],
  run: PowerRun,
): AsyncGenerator<PowerAction | FailedAction> {
  const byId = new Map(asked.map((one) => [one.row.id, one]));
  const running = new Map<string, number>();
  const stopped = new Map<string, number>();
  const count = (looks: Map<string, number>, id: string) => {
    const number = (looks.get(id) ?? 0) + 1;
    looks.set(id, number);
    return number;
  };
  const judge = (seen: InstanceRow): PowerAction | FailedAction | undefined => {
    const { row, uncertain } = byId.get(seen.id)!;
    const { state } = seen;
    if (state === 'terminated' || state === 'shutting-down') {
      return failedAction(seen, run.target, {
        code: 'terminated',
        message: `it is ${state}: ${seen.stateReason ?? 'nobody says why'}`,
      });
    }
    if (state === 'running') {
      if (count(running, seen.id) < 2) return undefined;
      return actionOf(seen, run.target, 'started', run.run);
    }
    if (state === 'pending') return undefined;
    const hasChanged = seen.launchedAt > row.launchedAt || running.has(seen.id);
    if (!hasChanged && count(stopped, seen.id) < looksOfStopped) return undefined;
    if (!hasChanged && uncertain !== undefined) return refusedCall(seen, uncertain, run, 'StartInstances');
    return hasChanged && wasStoppedAgain(seen) ? stoppedAgain(seen, run) : fellBack(seen, run);
  };
  const rows = asked.map(({ row }) => row);
  for await (const results of watchInstances(rows, run, 'running', judge)) {
    const marks = new Map<string, string>();
    for (const result of results) {
      const mark = byId.get(result.id)!.row.tags.get(stoppedTag);
      if (!('error' in result) && mark !== undefined) marks.set(result.id, mark);
    }
    const kept = await removeMarks(marks, run);
    for (const result of results) {
      const refusal = kept.get(result.id);
      yield refusal === undefined ? result : markKept(byId.get(result.id)!.row, refusal, run);
    }
  }
}

function markKept(row: InstanceRow, refusal: Refusal, run: PowerRun): FailedAction {
  const { message, hint } = refusedCall(row, refusal, run, 'DeleteTags').error;
  return failedAction({ ...row, state: 'running' }, run.target, {
    code: 'mark-not-removed',
    message: `it was started, but its tag ${stoppedTag} could not be removed: ${message}`,
    hint: hint ?? 'the next run of the same command removes it',
  });
}

function fellBack(seen: InstanceRow, run: PowerRun): FailedAction {
  const why = seen.stateReason ?? seen.stateTransitionReason;
  return failedAction(seen, run.target, {
    code: 'fell-back',
    message: `it was started and is ${seen.state} again${why === undefined ? '' : `: ${why}`}`,
    hint: 'check kms:CreateGrant for the key of its encrypted volumes: whoever starts it needs it',
  });
}

function wasStoppedAgain({ stateReason = '' }: InstanceRow): boolean {
  return /^Client\.(?:User|Instance)Initiated/.test(stateReason);
}

function stoppedAgain(seen: InstanceRow, run: PowerRun): FailedAction {
  return failedAction(seen, run.target, {
    code: 'stopped-meanwhile',
    message: `it was started, and somebody has stopped it again: ${seen.stateReason ?? ''}`,
  });
}
