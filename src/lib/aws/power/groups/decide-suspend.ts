import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { Place } from '../instance-action.ts';
import type { PowerAction } from '../power-action.ts';
import { launchSuspendedAt, processesWithout, suspendedProcesses, type GroupProcess } from './group-processes.ts';
import type { Refusal } from './group-record.ts';
import type { StopRequest } from './group-request.ts';
import { activeMembers, groupMarkOf, isAtZero, isSuspensionInForce, rowsOf, type SuspendMark } from './group-state.ts';
import { planStopMembers } from './plan-members.ts';
import { startedSince, whyNoStop } from './why-no-stop.ts';

/** What suspending a group takes. */
export interface SuspendDecision {
  /** The mark that is in force: it goes on, with `had` brought up to date. Undefined: a new one is written. */
  mark: SuspendMark | undefined;
  /** Suspended by others. */
  had: readonly GroupProcess[];
  toSuspend: readonly GroupProcess[];
  members: readonly (PowerAction | FailedAction)[];
  /** Unix time: members that were started later are left alone. */
  membersSince: number | undefined;
}

/** Pure. Throws a UserError when the tag cannot be read. */
export function decideSuspend(
  group: GroupRow,
  rows: readonly InstanceRow[],
  request: StopRequest,
  place: Place,
): SuspendDecision | (Refusal & { failed?: readonly FailedAction[] }) {
  const found = groupMarkOf(group);
  const refusal = whyNoStop(group);
  if (refusal !== undefined) return refusal;
  if (group.members.length === 0 && group.desired === 0) return stopped('has no members');
  if (found?.mode === 'zero' && isAtZero(group)) return stopped(`was scaled to zero by run ${found.run}`);
  const members = rowsOf(group.members, rows);
  const remembered = found?.mode === 'suspend' ? found : undefined;
  const mark = remembered !== undefined && isSuspensionInForce(remembered, group, members) ? remembered : undefined;
  const isOfThisTransition = found !== undefined && request.since !== undefined && found.at >= request.since;
  const running = rowsOf(activeMembers(group), rows).filter(({ state }) => state === 'running');
  let since: number | undefined;
  if (request.since !== undefined && request.enforce !== true) {
    if (mark === undefined && running.length > 0) {
      const woken = startedSince(running, found, request.since);
      if (woken !== undefined) return woken;
    } else if (mark !== undefined && isOfThisTransition) {
      // The group itself may have launched some between the tag and the suspension: only later ones are somebody's.
      since = Math.max(mark.at, launchSuspendedAt(group) ?? 0) + 1;
    }
  }
  const planned = planStopMembers(group, rows, { ...request, since }, place);
  const current = suspendedProcesses(group);
  if (!planned.some((record) => 'state' in record && record.state === 'would stop')) {
    return { ...whyNone(planned, mark), failed: planned.filter((record) => 'error' in record) };
  }
  // What somebody has resumed meanwhile is suspended by us from now on.
  const had = mark === undefined ? current : mark.had.filter((process) => current.includes(process));
  return {
    mark,
    had,
    // All of ours where one is missing: a restore may resume the others at this moment, and half of them is no state.
    toSuspend: processesWithout(current).length === 0 ? [] : processesWithout(had),
    members: planned,
    membersSince: since,
  };
}

function stopped(reason: string): Refusal {
  return { code: 'already-stopped', reason };
}

function whyNone(planned: readonly (PowerAction | FailedAction)[], mark: SuspendMark | undefined): Refusal {
  const reasons = new Map<string, number>();
  let areStopped = true;
  for (const record of planned) {
    const code = 'error' in record ? record.error.code : (record.code ?? '');
    areStopped &&= code === 'already-stopped' || code === 'terminated';
    const what = 'error' in record ? record.error.message : (record.reason ?? '');
    reasons.set(what, (reasons.get(what) ?? 0) + 1);
  }
  if (areStopped && planned.length > 0) {
    return stopped(mark === undefined ? 'all its members are stopped' : `was suspended by run ${mark.run}`);
  }
  const told = [...reasons]
    .slice(0, 3)
    .map(([reason, count]) => (count === 1 ? reason : `${count} members: ${reason}`));
  const only = planned[0];
  const woken = planned.every((record) => ['started-since', 'already-stopped'].includes(codeOf(record) ?? ''));
  if (only !== undefined && woken) return { code: 'started-since', reason: told.join('; ') };
  return {
    code: 'no-stoppable-member',
    reason: told.length === 0 ? 'none of its members is there yet' : `no member can be stopped: ${told.join('; ')}`,
  };
}

function codeOf(record: PowerAction | FailedAction): string | undefined {
  return 'error' in record ? record.error.code : record.code;
}
