import type { GroupMember, GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { FailedAction } from '../failed-action.ts';
import { actionOf, type Place } from '../instance-action.ts';
import { planStop } from '../plan-stop.ts';
import type { PowerAction } from '../power-action.ts';
import type { StopRequest } from './group-request.ts';
import type { Refusal } from './group-record.ts';
import { rowsById } from './group-state.ts';

/** What would happen to each member of a group that is suspended; one record for each that EC2 knows. */
export function planStopMembers(
  group: GroupRow,
  rows: readonly InstanceRow[],
  request: StopRequest,
  place: Place,
): (PowerAction | FailedAction)[] {
  const byId = rowsById(rows);
  return group.members.flatMap((member) => {
    const row = byId.get(member.id);
    if (row === undefined) return [];
    const refusal = whyNot(member, row);
    if (refusal !== undefined) return [{ ...actionOf(row, place, 'left alone'), ...refusal }];
    return planStop([row], {
      place,
      ownId: request.ownInstanceId,
      enforce: request.enforce === true,
      hibernate: request.hibernate === true,
      groupMembers: 'as-instances',
      stateOf: () => (request.since === undefined ? undefined : { desired: 'off', since: request.since }),
    });
  });
}

function whyNot({ lifecycle }: GroupMember, row: InstanceRow): Refusal | undefined {
  if (row.state === 'terminated' || row.state === 'shutting-down') return undefined;
  if (lifecycle === 'Standby' || lifecycle === 'EnteringStandby') {
    return { code: 'standby', reason: 'is in Standby: somebody has taken it out of service' };
  }
  if (lifecycle.startsWith('Warmed')) return { code: 'warm-pool', reason: 'waits in the warm pool' };
  if (lifecycle !== 'InService') return { code: 'not-in-service', reason: `is ${lifecycle} in its group` };
  // Whatever a group asks for is a request of one time.
  if (row.lifecycle === 'spot') {
    return { code: 'spot-one-time', reason: 'is a spot instance of its group, which cannot be stopped' };
  }
  return undefined;
}
