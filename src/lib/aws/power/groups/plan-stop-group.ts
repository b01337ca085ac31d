import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { Place } from '../instance-action.ts';
import { decideSuspend } from './decide-suspend.ts';
import { whyNotZero } from './decide-zero.ts';
import { groupAction, groupLeftAlone, unreadableMark } from './group-record.ts';
import type { GroupMode, GroupPlan, StopRequest } from './group-request.ts';

/** What stopping a group would do, from what was read of it; pure. */
export function planStopGroup(
  group: GroupRow,
  members: readonly InstanceRow[],
  mode: GroupMode,
  request: StopRequest,
  place: Place,
): GroupPlan {
  const unreadable = unreadableMark(group, place);
  if (unreadable !== undefined) return { action: unreadable, members: [] };
  if (mode === 'zero') {
    const refusal = whyNotZero(group, members, request);
    if (refusal !== undefined) return { action: groupLeftAlone(group, place, refusal), members: [] };
    const { desired, min } = group;
    const count = group.members.length;
    const whose = count === 0 ? '' : `: it terminates its ${count === 1 ? 'member' : `${count} members`}`;
    const reason = `desired ${desired} and min ${min} become 0${whose}${warmPool(group)}`;
    return { action: groupAction(group, place, 'would zero', { reason }), members: [] };
  }
  const decision = decideSuspend(group, members, request, place);
  if ('code' in decision) {
    const { failed = [], ...refusal } = decision;
    return { action: groupLeftAlone(group, place, refusal), members: failed };
  }
  const told = group.hasWarmPool ? { reason: 'its warm pool is left as it is' } : {};
  return { action: groupAction(group, place, 'would suspend', told), members: decision.members };
}

/** With the default size of the pool, the group fills it up to its maximum as its desired capacity falls. */
function warmPool({ hasWarmPool }: GroupRow): string {
  return hasWarmPool ? '; its warm pool is left as it is, and may grow' : '';
}
