import { itemError } from '../../../results/item-error.ts';
import { UserError } from '../../../errors/user-error.ts';
import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { PowerAction } from '../power-action.ts';
import type { PowerRun } from '../power-run.ts';
import { groupTag } from '../remember.ts';
import { decideSuspend, type SuspendDecision } from './decide-suspend.ts';
import { removeGroupMark, suspendProcesses, writeGroupMark } from './group-calls.ts';
import { processesWithout, suspendedProcesses } from './group-processes.ts';
import { readGroup, readMembers, watchGroup } from './group-reads.ts';
import { groupAction, groupFailed, groupLeftAlone } from './group-record.ts';
import type { PowerRows, StopRequest } from './group-request.ts';
import { formatSuspendMark, groupMarkOf, isStopped, type SuspendMark } from './group-state.ts';
import { planStopMembers } from './plan-members.ts';
import { undoSuspension } from './undo-suspension.ts';
import { whatIsSpecial } from './what-is-special.ts';

/** Seconds between the moment at which the suspension is seen and the first stop: the group may still be at work. */
const settleTime = 5;
/** Seconds for members that are on their way into the group, which cannot be stopped before they are in. */
const arrivalTime = 60;

/**
 * Suspends the group, then stops its members. The order is what makes it exact: tag, suspension, marks and stops. May be
 * killed between any two calls; the next run of either command goes on from what it finds.
 */
export async function* suspendGroup(
  group: GroupRow,
  known: readonly InstanceRow[],
  request: StopRequest,
  run: PowerRun,
  stopRows: PowerRows,
): AsyncGenerator<PowerAction | FailedAction> {
  const place = run.target;
  let rows = await readMembers(run, group, known);
  const decision = decideSuspend(group, rows, request, place);
  if ('code' in decision) {
    yield* decision.failed ?? [];
    yield groupLeftAlone(group, place, decision);
    return;
  }
  const mark = markOf(decision, run);
  const value = formatSuspendMark(mark);
  if (group.tags.get(groupTag) !== value) await writeGroupMark(run, group.name, value);
  if (decision.toSuspend.length > 0) {
    try {
      await suspendProcesses(run, group.name, decision.toSuspend);
    } catch (error) {
      yield groupFailed(group, place, itemError(error));
      await takeBackMark(group, decision, value, run);
      return;
    }
  }
  const seen = await watchGroup(run, group.name, (now) => seeSuspended(now, value, run), { soon: true });
  if (seen === undefined) {
    yield groupFailed(group, place, {
      code: 'unverified',
      message: 'its processes were not seen suspended in time, and no member was stopped',
      hint: 'the same command goes on with it; devops start-instances --asg takes it back',
    });
    return;
  }
  const current = await settled(seen, run);
  if (!isSuspended(current) || !isOurs(current)) {
    yield groupFailed(current, place, {
      code: 'changed-meanwhile',
      message: 'another run or somebody has resumed its processes meanwhile, and no member was stopped',
    });
    return;
  }
  rows = await readMembers(run, current, rows);
  const planned = planStopMembers(current, rows, { ...request, since: decision.membersSince }, place);
  const toStop = new Set(planned.filter((it) => 'state' in it && it.state === 'would stop').map(({ id }) => id));
  yield* planned.filter(({ id }) => !toStop.has(id));
  let isUnclear = false;
  const stopping = rows.filter(({ id }) => toStop.has(id));
  if (stopping.length > 0) {
    for await (const record of stopRows(stopping, run)) {
      isUnclear ||= 'error' in record && record.error.code === 'unverified';
      yield record;
    }
  }
  const after = await readGroup(run, group.name);
  rows = await readMembers(run, after, rows);
  if (isUnclear || rows.some((row) => isStopped(row))) {
    if (!isSuspended(after) || !hasMark(after)) {
      yield await suspendAgain(after, value, run);
      return;
    }
    const reason = whatIsSpecial(after, rows);
    yield groupAction(after, place, 'suspended', { run: mark.run, ...(reason === '' ? {} : { reason }) });
    return;
  }
  yield await undoSuspension(after, mark, run);
}

/** A mark that is in force stays whose it is: its run and schedule are those that the members come back by. */
function markOf({ mark, had }: SuspendDecision, run: PowerRun): SuspendMark {
  const at = Math.floor(run.now().getTime() / 1000);
  return { mode: 'suspend', run: run.run, by: run.by, ...mark, at, had, isResuming: false };
}

/** A restore has overtaken this run: the group would terminate the members that have been stopped. */
async function suspendAgain(group: GroupRow, value: string, run: PowerRun): Promise<FailedAction> {
  if (!hasMark(group)) await writeGroupMark(run, group.name, value);
  const missing = processesWithout(suspendedProcesses(group));
  if (missing.length > 0) await suspendProcesses(run, group.name, missing);
  return groupFailed(group, run.target, {
    code: 'changed-meanwhile',
    message:
      'another run or somebody has resumed its processes while its members were stopped: they are suspended again',
    hint: 'devops start-instances --asg brings the group back, and this command stops the rest',
  });
}

async function seeSuspended(now: GroupRow, value: string, run: PowerRun): Promise<GroupRow | undefined> {
  if (!isSuspended(now)) return undefined;
  // A restore that ended while this run began may have removed the new mark with the old one.
  if (!hasMark(now)) await writeGroupMark(run, now.name, value);
  return hasMark(now) ? now : undefined;
}

/** Also the mark of another stop at the same time, but not one that a restore has taken over. */
function isOurs(group: GroupRow): boolean {
  const mark = groupMarkOf(group);
  return mark?.mode === 'suspend' && !mark.isResuming;
}

function isSuspended(group: GroupRow): boolean {
  return processesWithout(suspendedProcesses(group)).length === 0;
}

function hasMark(group: GroupRow): boolean {
  return group.tags.has(groupTag);
}

/** The group once it has come to rest, with the members that were on their way in. */
async function settled(group: GroupRow, run: PowerRun): Promise<GroupRow> {
  const end = Math.min(run.deadline, run.monotonic() + arrivalTime);
  let current = group;
  do {
    await run.pause(settleTime, run.signal);
    current = await readGroup(run, group.name);
  } while (current.members.some(({ lifecycle }) => lifecycle === 'Pending') && run.monotonic() + settleTime <= end);
  return current;
}

/** Nothing has been changed: then nothing is remembered either. What cannot be read may have been changed, and stays. */
async function takeBackMark(
  group: GroupRow,
  { mark, toSuspend }: SuspendDecision,
  value: string,
  run: PowerRun,
): Promise<void> {
  try {
    const now = await readGroup(run, group.name);
    const suspended = suspendedProcesses(now);
    if (toSuspend.some((process) => suspended.includes(process))) {
      if (!hasMark(now)) await writeGroupMark(run, group.name, value);
      return;
    }
    const before = group.tags.get(groupTag);
    if (mark !== undefined && before !== undefined) await writeGroupMark(run, group.name, before);
    else await removeGroupMark(run, group.name, now.tags.get(groupTag));
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    run.log.warn(`${run.target.label}: ${group.name}: the tag ${groupTag} could not be taken back: ${error.message}`);
  }
}
