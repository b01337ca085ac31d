import { ApiError, usualText } from './api-error.ts';
import { knownInstances } from './ec2-ids.ts';
import { remember } from './instance-life.ts';
import type { Operation } from './operation.ts';
import { element } from './xml.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html: tags of a resource, those of AWS not counted. */
const most = 50;

export const createTags: Operation = (input, { region }) => {
  const ids = input.texts('ResourceId');
  const tags = input.structures('Tag').map((tag) => ({ key: tag.required('Key'), value: tag.text('Value') ?? '' }));
  const dryRun = input.flag('DryRun') ?? false;
  input.finish();
  requireSome(ids, 'ResourceId');
  requireSome(tags, 'Tag');
  const instances = knownInstances(ids, region);
  for (const { key, value } of tags) {
    checkKey(key);
    if (value.length > 256) {
      const text = `Tag value exceeds the maximum length of 256 characters`;
      throw new ApiError('InvalidParameterValue', text);
    }
  }
  if (new Set(tags.map(({ key }) => key)).size < tags.length) {
    throw new ApiError('InvalidParameterValue', 'Duplicate tag key specified.');
  }
  for (const { tags: present } of instances) {
    const after = new Set([...present.keys(), ...tags.map(({ key }) => key)].filter((key) => !key.startsWith('aws:')));
    if (after.size > most) throw new ApiError('TagLimitExceeded', usualText('TagLimitExceeded'));
  }
  if (dryRun) throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
  for (const instance of instances) {
    for (const { key, value } of tags) instance.tags.set(key, value);
    remember(instance, region.world);
  }
  return [element('return', true)];
};

/** A tag is taken off when its value is the one named, or none is named; a tag that is not there is no error. */
export const deleteTags: Operation = (input, { region }) => {
  const ids = input.texts('ResourceId');
  const tags = input.structures('Tag').map((tag) => ({ key: tag.required('Key'), value: tag.text('Value') }));
  const dryRun = input.flag('DryRun') ?? false;
  input.finish();
  requireSome(ids, 'ResourceId');
  const instances = knownInstances(ids, region);
  for (const { key } of tags) checkKey(key);
  if (dryRun) throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
  for (const instance of instances) {
    const doomed =
      tags.length === 0
        ? [...instance.tags.keys()].filter((key) => !key.startsWith('aws:'))
        : tags
            .filter(({ key, value }) => value === undefined || instance.tags.get(key) === value)
            .map(({ key }) => key);
    for (const key of doomed) instance.tags.delete(key);
    remember(instance, region.world);
  }
  return [element('return', true)];
};

function checkKey(key: string): void {
  if (key.toLowerCase().startsWith('aws:')) {
    const text = `Tag keys starting with 'aws:' are reserved for internal use`;
    throw new ApiError('InvalidParameterValue', text);
  }
  if (key.length > 127) {
    throw new ApiError('InvalidParameterValue', 'Tag key exceeds the maximum length of 127 characters');
  }
}

function requireSome(entries: readonly unknown[], name: string): void {
  if (entries.length === 0) throw new ApiError('MissingParameter', `The request must contain the parameter ${name}`);
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html: up to 1000 resources.
  if (entries.length > 1000) {
    throw new ApiError('InvalidParameterValue', `The maximum number of values for parameter ${name} is 1000`);
  }
}
