import type { ScheduleState } from '../../schedule/schedule.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { FailedAction } from './failed-action.ts';
import { actionOf, failedAction, leftAlone, memberTag, type Place } from './instance-action.ts';
import type { PowerAction } from './power-action.ts';
import { protectTag } from './remember.ts';

/** What may be stopped. */
export interface StopPolicy {
  place: Place;
  /** The instance that devops runs on. */
  ownId?: string | undefined;
  /** Also what was started by hand since the schedule switched. */
  enforce: boolean;
  hibernate: boolean;
  /** Members of groups that are no business of their group's own plan. */
  groupMembers: 'skip' | 'as-instances';
  /** Ids of spot requests that are made once only, as far as they are known. */
  oneTimeRequests?: ReadonlySet<string>;
  /** What the schedule of this instance wants now; undefined without any schedule. */
  stateOf(row: InstanceRow): ScheduleState | undefined;
}

/** What would happen to each instance, with the reason for whatever is left alone. Pure; as many records as rows. */
export function planStop(rows: readonly InstanceRow[], policy: StopPolicy): (PowerAction | FailedAction)[] {
  return rows.map((row) => planOne(row, policy));
}

function planOne(row: InstanceRow, policy: StopPolicy): PowerAction | FailedAction {
  const { place } = policy;
  const left = whyNot(row, policy);
  if (left !== undefined) return leftAlone(row, place, ...left);
  if (policy.hibernate && !row.hibernationConfigured) {
    return failedAction(row, place, {
      code: 'hibernation-not-configured',
      message: 'it was launched without hibernation, and was not stopped',
      hint: 'without --hibernate it is stopped as any other; hibernation can only be set up at launch',
    });
  }
  return actionOf(row, place, 'would stop');
}

type Reason = readonly [code: NonNullable<Parameters<typeof leftAlone>[2]>, reason: string];

function whyNot(row: InstanceRow, policy: StopPolicy): Reason | undefined {
  const { state, launchedAt } = row;
  if (state === 'terminated' || state === 'shutting-down') return ['terminated', `is ${state}`];
  const wanted = policy.stateOf(row);
  if (wanted?.desired === 'none') return ['opted-out', 'its own schedule has nothing to say'];
  if (state === 'stopped') return ['already-stopped', 'is stopped already'];
  if (state === 'stopping') return ['already-stopped', 'is stopping already'];
  if (row.id === policy.ownId) return ['itself', 'devops runs on it'];
  if (isProtected(row)) return ['protected', `has the tag ${protectTag}`];
  const group = row.tags.get(memberTag);
  if (group !== undefined && policy.groupMembers === 'skip') {
    return ['group-member', `belongs to group ${group}, which would replace it: see --group-members`];
  }
  if (state === 'pending') return ['not-running', 'is pending: it has never reached running'];
  if (row.rootDeviceType === 'instance-store') {
    return ['instance-store', 'its root device is an instance store, which a stop would lose'];
  }
  if (row.spotRequestId !== undefined && policy.oneTimeRequests?.has(row.spotRequestId) === true) {
    return ['spot-one-time', 'is a spot instance of a one-time request, which cannot be stopped'];
  }
  // Equal is since: the start that a schedule makes and its switch may bear the same second.
  if (!policy.enforce && wanted?.since !== undefined && launchedAt >= wanted.since) {
    return ['started-since', `was started at ${iso(launchedAt)}, after the schedule switched: see --enforce`];
  }
  return undefined;
}

/** Whether the tag says that devops keeps its hands off. */
export function isProtected({ tags }: Pick<InstanceRow, 'tags'>): boolean {
  const value = tags.get(protectTag);
  return value !== undefined && !['false', 'no', '0'].includes(value.trim().toLowerCase());
}

function iso(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace(/\.\d+/, '');
}
