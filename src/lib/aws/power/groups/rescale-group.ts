import { UserError } from '../../../errors/user-error.ts';
import type { GroupRow } from '../../group-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { PowerAction } from '../power-action.ts';
import type { PowerRun } from '../power-run.ts';
import { groupTag } from '../remember.ts';
import { sizesChanged } from './decide-restore.ts';
import { readFailedActivity } from './failed-activity.ts';
import { removeGroupMark, setSizes } from './group-calls.ts';
import { suspendedProcesses } from './group-processes.ts';
import { watchGroup } from './group-reads.ts';
import { groupAction, groupFailed } from './group-record.ts';
import { isAtZero, type ZeroMark } from './group-state.ts';
import { changedMeanwhile, overtaken } from './restore-errors.ts';

/**
 * Gives the group the sizes back that it had, and looks until the members are in service. The tag goes last: a run that
 * was killed before leaves a group with its old sizes and a tag, which the next one only has to look at.
 */
export async function* rescaleGroup(
  group: GroupRow,
  mark: ZeroMark,
  run: PowerRun,
): AsyncGenerator<PowerAction | FailedAction> {
  const place = run.target;
  if (sizesChanged(group, mark)) {
    yield groupFailed(group, place, changedMeanwhile(group, mark));
    return;
  }
  const began = run.now();
  if (isAtZero(group)) await setSizes(run, group.name, mark);
  const told = { run: run.run };
  if (!run.wait) {
    const reason = 'another run will look whether its members are in service';
    yield groupAction(group, place, 'start requested', { ...told, reason });
    return;
  }
  let last = group;
  const seen = await watchGroup(run, group.name, (now) => {
    last = now;
    if (overtaken(group, now, place) !== undefined) return now;
    if (isAtZero(now)) return undefined;
    return sizesChanged(now, mark) || inService(now) >= now.desired || isHeldUp(now) ? now : undefined;
  });
  const other = seen === undefined ? undefined : overtaken(group, seen, place);
  if (other !== undefined) {
    yield other;
    return;
  }
  if (seen !== undefined && sizesChanged(seen, mark)) {
    yield groupFailed(seen, place, changedMeanwhile(seen, mark));
    return;
  }
  if (seen === undefined || inService(seen) < seen.desired) {
    yield await notInService(last, began, run);
    return;
  }
  await removeGroupMark(run, group.name, group.tags.get(groupTag));
  yield groupAction(seen, place, 'restored', told);
}

function inService(group: GroupRow): number {
  return group.members.filter(({ lifecycle, health }) => lifecycle === 'InService' && health === 'Healthy').length;
}

/** Somebody has suspended what the group would need. */
function isHeldUp(group: GroupRow): boolean {
  return suspendedProcesses(group).includes('Launch');
}

async function notInService(group: GroupRow, began: Date, run: PowerRun): Promise<FailedAction> {
  const count = `${inService(group)} of its ${group.desired} members are in service`;
  if (isHeldUp(group)) {
    return groupFailed(group, run.target, {
      code: 'unverified',
      message: `its sizes are restored, and ${count}: its process Launch is suspended`,
      hint: `resume it (aws autoscaling resume-processes), then run this again`,
    });
  }
  let why: string | undefined;
  try {
    why = await readFailedActivity(run, group.name, began);
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    run.log.debug(`${run.target.label}: ${error.message}`);
  }
  return groupFailed(group, run.target, {
    code: 'unverified',
    message: `its sizes are restored, and only ${count}${why === undefined ? '' : `: ${why}`}`,
    hint: 'the group goes on trying by itself; the same command looks again',
  });
}
