import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import { leftToOther } from '../overdue.ts';
import type { Refusal } from './group-record.ts';
import type { RestoreRequest } from './group-request.ts';
import { activeMembers, groupMarkOf, rowsOf, type SuspendMark, type ZeroMark } from './group-state.ts';

/** What the group is restored to. Pure. Throws a UserError when the tag cannot be read. */
export function decideRestore(group: GroupRow, request: RestoreRequest): SuspendMark | ZeroMark | Refusal {
  const mark = groupMarkOf(group);
  if (group.status !== undefined) return { code: 'being-deleted', reason: `is marked: ${group.status}` };
  if (mark === undefined) return { code: 'no-mark', reason: 'was not stopped by devops' };
  if (request.run !== undefined && request.run !== mark.run) {
    return { code: 'other-run', reason: `was stopped by run ${mark.run}` };
  }
  if (request.by === undefined || request.by === mark.by) return mark;
  return mark.by === 'manual'
    ? { code: 'stopped-by-hand', reason: `was stopped by hand: start it by its name, or with --run ${mark.run}` }
    : leftToOther(mark, request.now ?? 0, `start it with --asg ${group.name}, or with --run ${mark.run}`);
}

/**
 * The sizes that somebody has set since the group was scaled to zero; undefined when there are none. Those of the mark
 * are ours again: the group was never scaled, or a restore was killed before it removed the tag. Scaling policies may
 * have gone on from there, which shows by a minimum that is not zero.
 */
export function sizesChanged(group: GroupRow, mark: ZeroMark): boolean {
  const { min, max, desired } = group;
  if (max !== mark.max) return true;
  if (min === 0 && desired === 0) return false;
  return min !== mark.min || (min === 0 && desired !== mark.desired);
}

/**
 * Members that do not run, where the group would terminate them as soon as its processes are resumed. Nothing gets lost
 * that way: the group stays suspended. One that is terminated is gone either way, and one in Standby is not looked at.
 */
export function membersAtRisk(
  mark: SuspendMark,
  group: GroupRow,
  rows: readonly InstanceRow[],
): readonly InstanceRow[] {
  // Without one of them the group replaces nobody.
  const needed = ['HealthCheck', 'ReplaceUnhealthy', 'Terminate'] as const;
  if (needed.some((process) => mark.had.includes(process))) return [];
  return rowsOf(activeMembers(group), rows).filter(({ state }) => state !== 'running' && !isGone(state));
}

function isGone(state: InstanceRow['state']): boolean {
  return state === 'terminated' || state === 'shutting-down';
}
