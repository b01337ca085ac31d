import type { ItemError } from '../../../results/item-error.ts';
import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { Place } from '../instance-action.ts';
import type { PowerAction } from '../power-action.ts';
import { groupTag } from '../remember.ts';
import { groupFailed, groupLeftAlone } from './group-record.ts';
import { isStoppedByUs, type ZeroMark } from './group-state.ts';
import { someIds } from './some-ids.ts';

/** Somebody has decided about the group since: whether our numbers still hold is for them to say. */
export function changedMeanwhile(group: GroupRow, mark: ZeroMark): ItemError {
  return {
    code: 'changed-meanwhile',
    message:
      `its sizes are min=${group.min} max=${group.max} desired=${group.desired}, where devops left ` +
      `min=0 max=${mark.max} desired=0: somebody has changed them since`,
    hint:
      `to keep them, remove its tag ${groupTag}; to restore min=${mark.min} max=${mark.max} desired=${mark.desired}, ` +
      `set them first (aws autoscaling update-auto-scaling-group) and run this again`,
  };
}

/** While this restore waited, another run may have completed it, or have stopped the group anew. */
export function overtaken(before: GroupRow, now: GroupRow, place: Place): PowerAction | FailedAction | undefined {
  const value = now.tags.get(groupTag);
  // Another restore may have said that it is about to resume: both may, there is no harm.
  if (withoutClaim(value) === withoutClaim(before.tags.get(groupTag))) return undefined;
  if (value === undefined) {
    return groupLeftAlone(now, place, { code: 'no-mark', reason: 'another run has restored it meanwhile' });
  }
  return groupFailed(now, place, {
    code: 'changed-meanwhile',
    message: `another run has changed its tag ${groupTag} meanwhile: it is left as it is`,
  });
}

/** Only had= ends with letters, and the small one tells of a restore; sizes are digits. */
function withoutClaim(value: string | undefined): string | undefined {
  return value?.replace(/r$/, '');
}

/** Why the processes stay suspended although all was tried: `rows` do not run. */
export function notAllRun(rows: readonly InstanceRow[]): ItemError {
  const foreign = rows.find((row) => row.state === 'stopped' && !isStoppedByUs(row));
  if (foreign !== undefined) {
    const { id } = foreign;
    return {
      code: 'stopped-member',
      message: `its member ${id} is stopped, and not by devops: the group would terminate it, and stays suspended`,
      hint: `start it (devops start-instances ${id}) or terminate it, then run this again`,
    };
  }
  return {
    code: 'members-failed',
    message:
      rows.length === 0
        ? 'not all of its members could be started: it stays suspended'
        : `${someIds(rows)} could not be started: the group would terminate what does not run, and stays suspended`,
    hint: 'the next run of the same command tries again',
  };
}
