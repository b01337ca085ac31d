import { ApiError } from './api-error.ts';
import { seen } from './instance-facts.ts';
import type { TwinInstance } from './instance.ts';
import type { TwinRegionState } from './region.ts';

/** The instances of these ids, or the refusal of all for one that is wrong: malformed before unknown. */
export function knownInstances(ids: readonly string[], region: TwinRegionState, staleSeconds = 0): TwinInstance[] {
  for (const id of ids) {
    if (/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) continue;
    const expected = id.startsWith('i-') ? '' : ' (expecting "i-...")';
    throw new ApiError('InvalidInstanceID.Malformed', `Invalid id: "${id}"${expected}`);
  }
  const unknown = [...new Set(ids)].filter((id) => {
    const instance = region.instances.get(id);
    return instance === undefined || seen(instance, region.clock, staleSeconds) === undefined;
  });
  if (unknown.length > 0) {
    throw new ApiError(
      'InvalidInstanceID.NotFound',
      unknown.length === 1
        ? `The instance ID '${unknown[0]}' does not exist`
        : `The instance IDs '${unknown.join(', ')}' do not exist`,
    );
  }
  return [...new Set(ids)].map((id) => region.instances.get(id)!);
}
