import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import { actionOf, type Place } from '../instance-action.ts';
import { decideRestore, sizesChanged } from './decide-restore.ts';
import { groupAction, groupFailed, groupLeftAlone, unreadableMark } from './group-record.ts';
import type { GroupPlan, RestoreRequest } from './group-request.ts';
import { isStoppedByUs, rowsOf } from './group-state.ts';
import { notStarted } from './member-record.ts';
import { changedMeanwhile } from './restore-errors.ts';

/** What restoring a group would do, from what was read of it; pure. */
export function planRestoreGroup(
  group: GroupRow,
  members: readonly InstanceRow[],
  request: RestoreRequest,
  place: Place,
): GroupPlan {
  const unreadable = unreadableMark(group, place);
  if (unreadable !== undefined) return { action: unreadable, members: [] };
  const mark = decideRestore(group, request);
  if ('code' in mark) return { action: groupLeftAlone(group, place, mark), members: [] };
  if (mark.mode === 'zero') {
    if (sizesChanged(group, mark)) {
      return { action: groupFailed(group, place, changedMeanwhile(group, mark)), members: [] };
    }
    const reason = `desired ${mark.desired}, min ${mark.min}, max ${mark.max}`;
    return { action: groupAction(group, place, 'would restore', { reason }), members: [] };
  }
  return {
    action: groupAction(group, place, 'would restore'),
    members: rowsOf(group.members, members).map((row) =>
      isStoppedByUs(row) ? actionOf(row, place, 'would start') : notStarted(row, place),
    ),
  };
}
