import { inPieces } from './pieces.ts';
import { askAll } from './ask-all.ts';
import type { Page } from './page.ts';
import type { AwsTarget } from '../target.ts';

/** The worse one of the system's and the instance's checks. `not-applicable`: it does not run. */
export type InstanceHealth = 'ok' | 'impaired' | 'initializing' | 'insufficient-data' | 'not-applicable';

const worstFirst: readonly InstanceHealth[] = ['impaired', 'insufficient-data', 'initializing', 'not-applicable', 'ok'];

const operation = 'DescribeInstanceStatus';

/** At most so many ids may be asked by name; there is no filter for them. */
const mostIds = 100;

function isGone(error: unknown): error is Error {
  return error instanceof Error && /^InvalidInstanceID\.(NotFound|Malformed)$/.test(error.name);
}

/** Those ids that the message of a failure does not name; all others must not fail for one that has just vanished. */
function withoutNamed(ids: readonly string[], message: string): readonly string[] {
  const named = new Set(message.match(/\bi-[0-9a-f]+/g));
  return ids.filter((id) => !named.has(id));
}

interface Health {
  id: string;
  health: InstanceHealth;
}

/**
 * Whether instances have passed their status checks. Those that there are not any more are absent. Throws as
 * describeInstances does.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
 */
export async function healthOf(
  target: AwsTarget,
  ids: readonly string[],
  options: { signal: AbortSignal },
): Promise<ReadonlyMap<string, InstanceHealth>> {
  const ask = async (
    piece: readonly string[],
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<Page<Health>> => {
    const { DescribeInstanceStatusCommand } = await import('@aws-sdk/client-ec2');
    const client = await target.ec2();
    let asked = piece;
    while (asked.length > 0) {
      const command = new DescribeInstanceStatusCommand({
        InstanceIds: [...asked],
        IncludeAllInstances: true,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      try {
        const { InstanceStatuses = [], NextToken } = await client.send(command, { abortSignal: signal });
        const rows = InstanceStatuses.map(({ InstanceId = '', InstanceStatus, SystemStatus }) => ({
          id: InstanceId,
          health: worse(InstanceStatus?.Status, SystemStatus?.Status),
        }));
        return NextToken === undefined || NextToken === '' ? { rows } : { rows, nextToken: NextToken };
      } catch (error) {
        if (!isGone(error)) throw error;
        const left = withoutNamed(asked, error.message);
        if (left.length === asked.length) throw error;
        asked = left;
      }
    }
    return { rows: [] };
  };
  const questions = inPieces([...new Set(ids)], mostIds);
  const health = new Map<string, InstanceHealth>();
  const pages = askAll({ target, operation, questions, key: ({ id }) => id, ask, signal: options.signal });
  for await (const rows of pages) for (const row of rows) health.set(row.id, row.health);
  return health;
}

/** A check that tells nothing has not been passed. */
function worse(one: string | undefined, other: string | undefined): InstanceHealth {
  const both = [one ?? 'insufficient-data', other ?? 'insufficient-data'];
  return worstFirst.find((health) => both.includes(health)) ?? 'insufficient-data';
}
