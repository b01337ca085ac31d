import type { GroupRow } from '../../group-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { PowerAction } from '../power-action.ts';
import type { PowerRun } from '../power-run.ts';
import { groupTag } from '../remember.ts';
import { removeGroupMark, resumeProcesses } from './group-calls.ts';
import { suspendedProcesses, type GroupProcess } from './group-processes.ts';
import { watchGroup } from './group-reads.ts';
import { groupFailed, groupLeftAlone } from './group-record.ts';
import type { SuspendMark } from './group-state.ts';

/** Resumes processes and sees that they are; false when that was not seen in time. */
export async function resumeAndSee(
  group: GroupRow,
  processes: readonly GroupProcess[],
  run: PowerRun,
): Promise<boolean> {
  if (processes.length === 0) return true;
  await resumeProcesses(run, group.name, processes);
  const seen = await watchGroup(
    run,
    group.name,
    (now) => (suspendedProcesses(now).some((process) => processes.includes(process)) ? undefined : true),
    { soon: true },
  );
  return seen === true;
}

/** No member could be stopped: the group works on as it did before, and remembers nothing. */
export async function undoSuspension(
  group: GroupRow,
  { had }: SuspendMark,
  run: PowerRun,
): Promise<PowerAction | FailedAction> {
  const ours = suspendedProcesses(group).filter((process) => !had.includes(process));
  if (!(await resumeAndSee(group, ours, run))) {
    return groupFailed(group, run.target, {
      code: 'unverified',
      message: 'no member could be stopped, and its processes were not seen resumed in time',
      hint: 'devops start-instances --asg takes the suspension back',
    });
  }
  await removeGroupMark(run, group.name, group.tags.get(groupTag));
  return groupLeftAlone(group, run.target, {
    code: 'no-stoppable-member',
    reason: 'no member could be stopped: its processes are as they were',
  });
}
