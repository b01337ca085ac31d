import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { callFailure } from '../../failure/call-failure.ts';
import { errorCode } from '../../failure/error-code.ts';
import type { PowerRun } from '../power-run.ts';
import { groupTag } from '../remember.ts';
import type { GroupProcess } from './group-processes.ts';

// The calls that change a group, and no other: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/. All throw a
// UserError that names the cause, or the signal's reason.

type Library = typeof import('@aws-sdk/client-auto-scaling');

const firstPause = 2;
const longestPause = 15;
/** Seconds: an activity of the group is over sooner or later, and another run of ours is soon done. */
const longestWait = 120;

/**
 * AWS refuses to change a group while it is at work on it: then it is asked again. The names of the codes with and
 * without Fault are those of the SDK and of the wire.
 */
async function change(
  run: PowerRun,
  operation: string,
  send: (client: AutoScalingClient, library: Library, options: { abortSignal: AbortSignal }) => Promise<unknown>,
): Promise<void> {
  const [client, library] = await Promise.all([run.target.autoScaling(), import('@aws-sdk/client-auto-scaling')]);
  const end = Math.min(run.deadline, run.monotonic() + longestWait);
  for (let wait = firstPause; ; wait = Math.min(longestPause, wait * 2)) {
    try {
      await send(client, library, { abortSignal: run.signal });
      return;
    } catch (error) {
      run.signal.throwIfAborted();
      const isBusy = /^(?:ScalingActivityInProgress|ResourceContention)(?:Fault)?$/.test(errorCode(error));
      if (!isBusy || run.monotonic() + wait > end) throw callFailure(error, run.target, operation);
      run.log.debug(`${run.target.label}: ${operation}: the group is busy, asked again in ${wait} s`);
    }
    await run.pause(wait, run.signal);
  }
}

/** Tags of groups go to their new members unless they are told not to. */
export function writeGroupMark(run: PowerRun, group: string, value: string): Promise<void> {
  return change(run, 'CreateOrUpdateTags', (client, { CreateOrUpdateTagsCommand }, options) =>
    client.send(
      new CreateOrUpdateTagsCommand({ Tags: [{ ...tagOf(group), Value: value, PropagateAtLaunch: false }] }),
      options,
    ),
  );
}

/** With its value, so that a mark which another run has written a moment ago stays. */
export function removeGroupMark(run: PowerRun, group: string, value: string | undefined): Promise<void> {
  if (value === undefined) return Promise.resolve();
  return change(run, 'DeleteTags', (client, { DeleteTagsCommand }, options) =>
    client.send(new DeleteTagsCommand({ Tags: [{ ...tagOf(group), Value: value }] }), options),
  );
}

function tagOf(group: string) {
  return { ResourceId: group, ResourceType: 'auto-scaling-group', Key: groupTag };
}

export function suspendProcesses(run: PowerRun, group: string, processes: readonly GroupProcess[]): Promise<void> {
  return change(run, 'SuspendProcesses', (client, { SuspendProcessesCommand }, options) =>
    client.send(
      new SuspendProcessesCommand({ AutoScalingGroupName: group, ScalingProcesses: [...processes] }),
      options,
    ),
  );
}

export function resumeProcesses(run: PowerRun, group: string, processes: readonly GroupProcess[]): Promise<void> {
  return change(run, 'ResumeProcesses', (client, { ResumeProcessesCommand }, options) =>
    client.send(new ResumeProcessesCommand({ AutoScalingGroupName: group, ScalingProcesses: [...processes] }), options),
  );
}

/** The maximum stays as it is. */
export function setSizes(run: PowerRun, group: string, sizes: { min: number; desired: number }): Promise<void> {
  return change(run, 'UpdateAutoScalingGroup', (client, { UpdateAutoScalingGroupCommand }, options) =>
    client.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: group,
        MinSize: sizes.min,
        DesiredCapacity: sizes.desired,
      }),
      options,
    ),
  );
}

export function setHealthy(run: PowerRun, instanceId: string): Promise<void> {
  return change(run, 'SetInstanceHealth', (client, { SetInstanceHealthCommand }, options) =>
    client.send(
      new SetInstanceHealthCommand({
        InstanceId: instanceId,
        HealthStatus: 'Healthy',
        ShouldRespectGracePeriod: false,
      }),
      options,
    ),
  );
}
