import { callFailure } from '../call-failure.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { PowerRun } from './power-run.ts';
import { chunks } from './chunks.ts';

/** Values of one filter. */
const idsOfCall = 200;

/**
 * Ids of the spot requests that are made once only, whose instances cannot be stopped: no field of the instance tells
 * it. Whoever may not ask learns it from the refusal of the stop, so a failure is none. Asks for nothing without spot.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotInstanceRequests.html
 */
export async function oneTimeRequests(
  rows: readonly InstanceRow[],
  { target, signal, log }: Pick<PowerRun, 'target' | 'signal' | 'log'>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const ids = rows
    .filter(({ lifecycle, state }) => lifecycle === 'spot' && state === 'running')
    .flatMap(({ spotRequestId }) => spotRequestId ?? []);
  if (ids.length === 0) return found;
  try {
    const { DescribeSpotInstanceRequestsCommand } = await import('@aws-sdk/client-ec2');
    const client = await target.ec2();
    for (const part of chunks([...new Set(ids)], idsOfCall)) {
      const command = new DescribeSpotInstanceRequestsCommand({
        Filters: [
          { Name: 'spot-instance-request-id', Values: [...part] },
          { Name: 'type', Values: ['one-time'] },
        ],
      });
      const { SpotInstanceRequests = [] } = await client.send(command, { abortSignal: signal });
      for (const { SpotInstanceRequestId: id } of SpotInstanceRequests) if (id !== undefined) found.add(id);
    }
  } catch (error) {
    signal.throwIfAborted();
    log.debug(callFailure(error, target, 'DescribeSpotInstanceRequests').message);
  }
  return found;
}
