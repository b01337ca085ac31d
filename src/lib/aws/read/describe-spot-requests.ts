import { askAll } from './ask-all.ts';
import type { Page } from './page.ts';
import { inPieces, mostFilterValues } from './pieces.ts';
import type { AwsTarget } from '../target.ts';

/** Only instances of a persistent request can be stopped. */
export type SpotRequestType = 'one-time' | 'persistent';

const operation = 'DescribeSpotInstanceRequests';

interface SpotRequest {
  id: string;
  type: SpotRequestType;
}

/**
 * The types of spot requests (`sir-...`). Those that there are not any more are absent. Throws as describeInstances does.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotInstanceRequests.html
 */
export async function spotRequestTypes(
  target: AwsTarget,
  ids: readonly string[],
  options: { signal: AbortSignal },
): Promise<ReadonlyMap<string, SpotRequestType>> {
  const ask = async (
    piece: readonly string[],
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<Page<SpotRequest>> => {
    const { DescribeSpotInstanceRequestsCommand } = await import('@aws-sdk/client-ec2');
    const client = await target.ec2();
    const command = new DescribeSpotInstanceRequestsCommand({
      // As a filter: one that has just vanished must not fail all others.
      Filters: [{ Name: 'spot-instance-request-id', Values: [...piece] }],
      MaxResults: 1000,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const { SpotInstanceRequests = [], NextToken } = await client.send(command, { abortSignal: signal });
    const rows = SpotInstanceRequests.flatMap(({ SpotInstanceRequestId: id, Type: type }) =>
      id !== undefined && (type === 'one-time' || type === 'persistent') ? [{ id, type }] : [],
    );
    return NextToken === undefined || NextToken === '' ? { rows } : { rows, nextToken: NextToken };
  };
  const questions = inPieces([...new Set(ids)], mostFilterValues);
  const types = new Map<string, SpotRequestType>();
  const pages = askAll({ target, operation, questions, key: ({ id }) => id, ask, signal: options.signal });
  for await (const rows of pages) for (const { id, type } of rows) types.set(id, type);
  return types;
}
