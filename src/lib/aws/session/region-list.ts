import { callFailure } from '../failure/call-failure.ts';
import type { SessionSettings } from './session.ts';
import type { AwsTarget } from '../target.ts';

/**
 * Names of the regions that are enabled for the account, sorted. Throws the UserError of callFailure.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
 */
export async function enabledRegions(target: AwsTarget, { signal }: SessionSettings): Promise<readonly string[]> {
  try {
    const [client, { DescribeRegionsCommand }] = await Promise.all([target.ec2(), import('@aws-sdk/client-ec2')]);
    // Without AllRegions the answer has the enabled ones only.
    const { Regions = [] } = await client.send(new DescribeRegionsCommand({}), { abortSignal: signal });
    const names = Regions.flatMap(({ RegionName }) => RegionName ?? []);
    if (names.length === 0) throw new Error('the answer has no region');
    return names.toSorted();
  } catch (error) {
    signal.throwIfAborted();
    throw callFailure(error, target, 'DescribeRegions');
  }
}
