import { itemError } from '../../../results/item-error.ts';
import { UserError } from '../../../errors/user-error.ts';
import type { GroupMember, GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { PowerAction } from '../power-action.ts';
import type { PowerRun } from '../power-run.ts';
import { formatGroupMark, groupTag } from '../remember.ts';
import { whyNotZero } from './decide-zero.ts';
import { removeGroupMark, setSizes, writeGroupMark } from './group-calls.ts';
import { readGroup, readMembers, watchGroup } from './group-reads.ts';
import { groupAction, groupFailed, groupLeftAlone } from './group-record.ts';
import type { StopRequest } from './group-request.ts';
import { isAtZero } from './group-state.ts';
import { someIds } from './some-ids.ts';

/** How often the sizes may change under our hands before this gives up. */
const mostAttempts = 3;

/**
 * Scales the group to zero, having remembered its sizes. May be killed between any two calls: a group that is not at zero
 * is remembered afresh, one that is at zero is never remembered.
 */
export async function* zeroGroup(
  group: GroupRow,
  known: readonly InstanceRow[],
  request: StopRequest,
  run: PowerRun,
): AsyncGenerator<PowerAction | FailedAction> {
  const place = run.target;
  const refusal = whyNotZero(group, await readMembers(run, group, known), request);
  if (refusal !== undefined) {
    yield groupLeftAlone(group, place, refusal);
    return;
  }
  const remembered = await remember(group, run);
  if (remembered === undefined) {
    yield groupFailed(group, place, {
      code: 'changed-meanwhile',
      message: 'its sizes are being changed by somebody else, and it was not scaled to zero',
    });
    await takeBackMark(await readGroup(run, group.name), run);
    return;
  }
  if (!isAtZero(remembered)) {
    try {
      await setSizes(run, group.name, { min: 0, desired: 0 });
    } catch (error) {
      yield groupFailed(group, place, itemError(error));
      await takeBackMark(remembered, run);
      return;
    }
  }
  const told = { run: run.run, ...(group.hasWarmPool ? { reason: 'its warm pool is left as it is' } : {}) };
  if (!run.wait) {
    await keepMark(await readGroup(run, group.name), remembered, run);
    yield groupAction(group, place, 'stop requested', told);
    return;
  }
  let last = remembered;
  let wasAtZero = false;
  await watchGroup(run, group.name, async (now) => {
    last = now;
    await keepMark(now, remembered, run);
    // The first look may be older than the call; a later one shows that somebody has scaled it up again.
    if (!isAtZero(now)) return wasAtZero ? now : undefined;
    wasAtZero = true;
    return leaving(now).length === 0 ? now : undefined;
  });
  const isDone = isAtZero(last) && leaving(last).length === 0;
  yield isDone ? groupAction(last, place, 'zeroed', told) : notEmpty(last, run);
}

/**
 * Writes the sizes of now into the tag, and sees that they still hold. The group, or undefined when they keep changing.
 * It may be at zero by then: another run was faster, which has remembered the same.
 */
async function remember(group: GroupRow, run: PowerRun): Promise<GroupRow | undefined> {
  let current = group;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const { min, max, desired } = current;
    const at = Math.floor(run.now().getTime() / 1000);
    const value = formatGroupMark({ mode: 'zero', at, run: run.run, by: run.by, min, max, desired });
    await writeGroupMark(run, group.name, value);
    const seen = await watchGroup(run, group.name, (now) => (now.tags.has(groupTag) ? now : undefined), { soon: true });
    if (seen === undefined) return undefined;
    if (isAtZero(seen)) return seen;
    if (seen.min === min && seen.max === max && seen.desired === desired) return seen;
    current = seen;
  }
  return undefined;
}

/** A restore that ended while this run began may have removed the new mark with the old one. */
async function keepMark(now: GroupRow, remembered: GroupRow, run: PowerRun): Promise<void> {
  const value = remembered.tags.get(groupTag);
  if (isAtZero(now) && !now.tags.has(groupTag) && value !== undefined) await writeGroupMark(run, now.name, value);
}

/** Members that are still there, but for those in Standby, which scaling in leaves alone. */
function leaving(group: GroupRow): readonly GroupMember[] {
  return group.members.filter(
    ({ lifecycle }) => !/^(?:Standby|EnteringStandby|Warmed|Detach|Terminated)/.test(lifecycle),
  );
}

function notEmpty(group: GroupRow, run: PowerRun): FailedAction {
  if (!isAtZero(group)) {
    return groupFailed(group, run.target, {
      code: 'changed-meanwhile',
      message: `it was scaled to zero, and its sizes are min=${group.min} desired=${group.desired} now`,
    });
  }
  return groupFailed(group, run.target, {
    code: 'unverified',
    message: `it was scaled to zero, and its members were not seen gone in time: ${someIds(leaving(group))}`,
    hint: 'a hook or a load balancer may delay the end of a member: --wait-timeout waits longer',
  });
}

/** What was refused has changed nothing: then nothing is remembered. What cannot be read may have been, and stays. */
async function takeBackMark(group: GroupRow, run: PowerRun): Promise<void> {
  try {
    if (isAtZero(await readGroup(run, group.name))) return;
    await removeGroupMark(run, group.name, group.tags.get(groupTag));
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    run.log.warn(`${run.target.label}: ${group.name}: the tag ${groupTag} could not be taken back: ${error.message}`);
  }
}
