import type { AwsTarget } from '../target.ts';
import { stoppedTag } from './remember.ts';

// The four calls that change an instance: each names its ids, none of them terminates or modifies an attribute.

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html, at most 100 ids. */
export async function stopCall(
  target: AwsTarget,
  ids: readonly string[],
  { hibernate, force, signal }: { hibernate: boolean; force: boolean; signal: AbortSignal },
): Promise<void> {
  const [client, { StopInstancesCommand }] = await Promise.all([target.ec2(), import('@aws-sdk/client-ec2')]);
  const command = new StopInstancesCommand({
    InstanceIds: [...ids],
    ...(hibernate ? { Hibernate: true } : {}),
    ...(force ? { Force: true } : {}),
  });
  await client.send(command, { abortSignal: signal });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StartInstances.html, at most 100 ids. */
export async function startCall(target: AwsTarget, ids: readonly string[], signal: AbortSignal): Promise<void> {
  const [client, { StartInstancesCommand }] = await Promise.all([target.ec2(), import('@aws-sdk/client-ec2')]);
  await client.send(new StartInstancesCommand({ InstanceIds: [...ids] }), { abortSignal: signal });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html, at most 1,000 resources. */
export async function markCall(
  target: AwsTarget,
  ids: readonly string[],
  value: string,
  signal: AbortSignal,
): Promise<void> {
  const [client, { CreateTagsCommand }] = await Promise.all([target.ec2(), import('@aws-sdk/client-ec2')]);
  const command = new CreateTagsCommand({ Resources: [...ids], Tags: [{ Key: stoppedTag, Value: value }] });
  await client.send(command, { abortSignal: signal });
}

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html, at most 1,000 resources. With the value the
 * tag goes only where it still has it: a mark that another run has written since stays.
 */
export async function unmarkCall(
  target: AwsTarget,
  ids: readonly string[],
  value: string,
  signal: AbortSignal,
): Promise<void> {
  const [client, { DeleteTagsCommand }] = await Promise.all([target.ec2(), import('@aws-sdk/client-ec2')]);
  const command = new DeleteTagsCommand({ Resources: [...ids], Tags: [{ Key: stoppedTag, Value: value }] });
  await client.send(command, { abortSignal: signal });
}
