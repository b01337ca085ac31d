import { callFailure } from '../failure/call-failure.ts';
import type { InstanceRow } from '../instance-row.ts';
import { spotRequestTypes } from '../read/describe-spot-requests.ts';
import type { PowerRun } from './power-run.ts';

/**
 * Ids of the spot requests that are made once only, whose instances cannot be stopped: no field of the instance tells
 * it. Whoever may not ask learns it from the refusal of the stop, so a failure is none. Asks for nothing without spot.
 */
export async function oneTimeRequests(
  rows: readonly InstanceRow[],
  { target, signal, log }: Pick<PowerRun, 'target' | 'signal' | 'log'>,
): Promise<ReadonlySet<string>> {
  const ids = rows
    .filter(({ lifecycle, state }) => lifecycle === 'spot' && state === 'running')
    .flatMap(({ spotRequestId }) => spotRequestId ?? []);
  if (ids.length === 0) return new Set();
  try {
    const types = await spotRequestTypes(target, ids, { signal });
    return new Set([...types].filter(([, type]) => type === 'one-time').map(([id]) => id));
  } catch (error) {
    signal.throwIfAborted();
    log.debug(callFailure(error, target, 'DescribeSpotInstanceRequests').message);
    return new Set();
  }
}
