import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { PowerAction } from '../power-action.ts';
import type { PowerRun } from '../power-run.ts';
import { groupTag, stoppedTag } from '../remember.ts';
import { membersAtRisk } from './decide-restore.ts';
import { removeGroupMark, writeGroupMark } from './group-calls.ts';
import { suspendedProcesses } from './group-processes.ts';
import { readGroup, readMembers } from './group-reads.ts';
import { groupAction, groupFailed } from './group-record.ts';
import type { PowerRows } from './group-request.ts';
import { formatSuspendMark, isStoppedByUs, processesToResume, type SuspendMark } from './group-state.ts';
import { makeHealthy } from './make-healthy.ts';
import { notStarted } from './member-record.ts';
import { notAllRun, overtaken } from './restore-errors.ts';
import { someIds } from './some-ids.ts';
import { resumeAndSee } from './undo-suspension.ts';
import { waitForChecks } from './wait-for-checks.ts';

/** Seconds: a stop looks at the tag, then reads and marks its members before it stops the first one. */
const claimTime = 5;

/** Failures of members that are no reason to keep the group waiting: those it replaces, and those that run. */
const harmless = new Set(['terminated', 'vanished', 'mark-not-removed']);

/**
 * Starts the members, and only when all are well lets the group look after them again: before that it would terminate
 * whatever does not run. The tag goes last, so that each run goes on where the one before was killed.
 */
export async function* resumeGroup(
  group: GroupRow,
  known: readonly InstanceRow[],
  mark: SuspendMark,
  run: PowerRun,
  startRows: PowerRows,
): AsyncGenerator<PowerAction | FailedAction> {
  const place = run.target;
  let rows = await readMembers(run, group, known);
  const toResume = processesToResume(mark, group, rows);
  const toStart = rows.filter((row) => isToBeStarted(row));
  for (const row of rows) if (!toStart.includes(row)) yield notStarted(row, place);
  let haveFailed = false;
  let isRequested = false;
  if (toStart.length > 0) {
    for await (const record of startRows(toStart, run)) {
      haveFailed ||= 'error' in record && !harmless.has(record.error.code);
      isRequested ||= 'state' in record && record.state === 'start requested';
      yield record;
    }
  }
  let current = await readGroup(run, group.name);
  rows = await readMembers(run, current, rows);
  const waiting = membersAtRisk(mark, current, rows);
  if (isRequested && !haveFailed && !run.wait) {
    const reason = 'its processes stay suspended until another run has seen its members well';
    yield groupAction(current, place, 'start requested', { run: run.run, reason });
    return;
  }
  if (haveFailed || waiting.length > 0) {
    yield groupFailed(current, place, notAllRun(waiting));
    return;
  }
  const unwell = (await waitForChecks(current, rows, mark, run)) ?? (await makeHealthy(current, rows, run));
  if (unwell !== undefined) {
    yield groupFailed(current, place, unwell);
    return;
  }
  // All that took minutes: another run may have restored the group by now, or stopped it anew.
  current = await readGroup(run, group.name);
  const other = overtaken(group, current, place);
  if (other !== undefined) {
    yield other;
    return;
  }
  current = await claim(current, mark, run);
  const faster = overtaken(group, current, place);
  if (faster !== undefined) {
    yield faster;
    return;
  }
  rows = await readMembers(run, current, rows);
  // A stop that had only written its tag when this began may have suspended them since.
  const suspended = suspendedProcesses(current);
  const ours = new Set([...toResume, ...processesToResume(mark, current, rows)]);
  const left = suspended.filter((process) => ours.has(process));
  const stoppedAgain = membersAtRisk(mark, current, rows);
  if (stoppedAgain.length > 0) {
    yield groupFailed(current, place, notAllRun(stoppedAgain));
    return;
  }
  if (!(await resumeAndSee(current, left, run))) {
    yield groupFailed(current, place, {
      code: 'unverified',
      message: 'its processes were not seen resumed in time',
      hint: 'the same command looks again',
    });
    return;
  }
  await removeGroupMark(run, group.name, current.tags.get(groupTag));
  const reason = whatIsLost(group, rows);
  yield groupAction(current, place, 'restored', { run: run.run, ...(reason === '' ? {} : { reason }) });
}

/**
 * Says in the tag that the suspension is about to end, and gives a stop that has seen it a moment ago the time to be seen
 * itself. The group as it is then.
 */
async function claim(group: GroupRow, mark: SuspendMark, run: PowerRun): Promise<GroupRow> {
  const value = formatSuspendMark({ ...mark, isResuming: true });
  if (group.tags.get(groupTag) !== value) await writeGroupMark(run, group.name, value);
  await run.pause(claimTime, run.signal);
  return readGroup(run, group.name);
}

/** Also what runs and still has its mark: a run was killed before the stop, or before it could remove it. */
function isToBeStarted(row: InstanceRow): boolean {
  if (isStoppedByUs(row)) return true;
  return (row.state === 'running' || row.state === 'pending') && row.tags.has(stoppedTag);
}

function whatIsLost(group: GroupRow, rows: readonly InstanceRow[]): string {
  const living = new Set(
    rows.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down').map(({ id }) => id),
  );
  const lost = group.members.filter(({ id, lifecycle }) => !living.has(id) && !lifecycle.startsWith('Warmed'));
  return lost.length === 0 ? '' : `${someIds(lost)} was terminated meanwhile: the group replaces it`;
}
