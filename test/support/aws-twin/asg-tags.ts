import { ApiError } from './api-error.ts';
import { groupNamed } from './asg-describe.ts';
import type { Operation } from './operation.ts';
import type { Parameters } from './query.ts';
import type { TwinRegionState } from './region.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html */
const most = 50;

export const createOrUpdateTags: Operation = (input, { region }) => {
  const tags = readTags(input, region);
  const after = new Map<string, Set<string>>();
  for (const { group, key, value } of tags) {
    if (key.toLowerCase().startsWith('aws:')) {
      throw new ApiError('ValidationError', `Tag keys starting with aws: are reserved for internal use: ${key}`);
    }
    if ((value ?? '').length > 256) throw tooLong('value', 256);
    const keys = after.get(group.name) ?? new Set(group.tags.keys());
    after.set(group.name, keys.add(key));
  }
  for (const keys of after.values()) {
    if (keys.size > most) throw new ApiError('LimitExceeded', `You have reached the maximum number of tags: ${most}`);
  }
  for (const { group, key, value, propagate } of tags) {
    group.tags.set(key, { value: value ?? '', propagate: propagate ?? true });
  }
  return [];
};

/** A tag that is not there, or has another value than the one named, is left as it is. */
export const deleteTags: Operation = (input, { region }) => {
  for (const { group, key, value } of readTags(input, region)) {
    if (value === undefined || group.tags.get(key)?.value === value) group.tags.delete(key);
  }
  return [];
};

function readTags(input: Parameters, region: TwinRegionState) {
  const tags = input.structures('Tags').map((tag) => ({
    resource: tag.text('ResourceId'),
    type: tag.text('ResourceType'),
    key: tag.required('Key'),
    value: tag.text('Value'),
    propagate: tag.flag('PropagateAtLaunch'),
  }));
  input.finish();
  if (tags.length === 0) {
    throw new ApiError(
      'ValidationError',
      "1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null",
    );
  }
  return tags.map(({ resource, type, ...tag }) => {
    if (resource === undefined) throw new ApiError('ValidationError', 'Tag ResourceId must be specified');
    if (type !== 'auto-scaling-group')
      throw new ApiError('ValidationError', 'Tag ResourceType must be auto-scaling-group');
    if (tag.key.length > 128) throw tooLong('key', 128);
    return { ...tag, group: groupNamed(region, resource) };
  });
}

function tooLong(part: string, length: number): ApiError {
  return new ApiError(
    'ValidationError',
    `1 validation error detected: Value at 'tags.1.member.${part}' failed to satisfy constraint: Member must have length less than or equal to ${length}`,
  );
}
