import { callFailure } from '../../failure/call-failure.ts';
import type { PowerRun } from '../power-run.ts';

/** Enough for a group that tries again every few minutes. */
const activities = 20;
const longestMessage = 300;

/**
 * Why the group could not launch what it wanted to, in AWS's words; undefined when it has not failed since. Throws a
 * UserError, also where reading activities is not allowed: whoever asks goes on without.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
 */
export async function readFailedActivity(run: PowerRun, group: string, since: Date): Promise<string | undefined> {
  const [client, { DescribeScalingActivitiesCommand }] = await Promise.all([
    run.target.autoScaling(),
    import('@aws-sdk/client-auto-scaling'),
  ]);
  try {
    const command = new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: activities });
    const { Activities = [] } = await client.send(command, { abortSignal: run.signal });
    const failed = Activities.find(
      ({ StatusCode, StartTime }) => StatusCode === 'Failed' && (StartTime === undefined || StartTime >= since),
    );
    return failed?.StatusMessage?.slice(0, longestMessage);
  } catch (error) {
    run.signal.throwIfAborted();
    throw callFailure(error, run.target, 'DescribeScalingActivities');
  }
}
