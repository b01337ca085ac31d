import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import { isProtected } from '../plan-stop.ts';
import { protectTag } from '../remember.ts';
import { suspendedProcesses } from './group-processes.ts';
import type { Refusal } from './group-record.ts';
import type { StopRequest } from './group-request.ts';
import { activeMembers, groupMarkOf, isAtZero, isStopped, isSuspensionInForce, rowsOf } from './group-state.ts';
import { startedSince, whyNoStop } from './why-no-stop.ts';

/**
 * Why a group is not scaled to zero; undefined when it is to be. Pure. Its sizes are then remembered as they are now,
 * also over an older mark: what is not at zero has nothing to be restored to but itself. Throws a UserError when the
 * tag cannot be read.
 */
export function whyNotZero(group: GroupRow, rows: readonly InstanceRow[], request: StopRequest): Refusal | undefined {
  const mark = groupMarkOf(group);
  const refusal = whyNoStop(group);
  if (refusal !== undefined) return refusal;
  if (isAtZero(group)) {
    return {
      code: 'already-stopped',
      reason: mark?.mode === 'zero' ? `was scaled to zero by run ${mark.run}` : 'is at zero',
    };
  }
  const members = rowsOf(group.members, rows);
  if (mark?.mode === 'suspend' && isSuspensionInForce(mark, group, members)) {
    const isDone = members.every((row) => isStopped(row));
    return isDone
      ? { code: 'already-stopped', reason: `was suspended by run ${mark.run}` }
      : { code: 'suspended', reason: `is suspended by run ${mark.run}: restore it first, or stop it in that mode` };
  }
  const active = activeMembers(group);
  const running = rowsOf(active, rows);
  const own = running.find(({ id }) => id === request.ownInstanceId);
  if (own !== undefined) return { code: 'itself', reason: `devops runs on its member ${own.id}` };
  // Scaling in spares such a member, and the group would never be at zero.
  const spared = active.find(({ protectedFromScaleIn }) => protectedFromScaleIn === true);
  if (spared !== undefined) return { code: 'protected', reason: `its member ${spared.id} is protected from scale-in` };
  const kept = running.find((row) => isProtected(row));
  if (kept !== undefined) return { code: 'protected', reason: `its member ${kept.id} has the tag ${protectTag}` };
  if (suspendedProcesses(group).includes('Terminate')) {
    return { code: 'terminate-suspended', reason: 'its process Terminate is suspended' };
  }
  // Nothing would launch its members again.
  if (suspendedProcesses(group).includes('Launch')) {
    return { code: 'launch-suspended', reason: 'its process Launch is suspended' };
  }
  if (request.since === undefined || request.enforce === true) return undefined;
  return startedSince(running, mark, request.since);
}
