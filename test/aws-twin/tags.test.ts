import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import { ask } from './send-signed.ts';

let twin: Twin;
beforeAll(async () => void (twin = await startTwin()));
afterAll(() => twin.stop());

const absent = 'i-0123456789abcdef0';

describe('tags', () => {
  const tag = (id: string, key: string, value: string) =>
    ask(twin, 'ec2', 'CreateTags', { 'ResourceId.1': id, 'Tag.1.Key': key, 'Tag.1.Value': value });

  test('are limited to 50, those of AWS not counted', async () => {
    const region = twin.region();
    const tags = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`k${index}`, 'v']));
    const id = region.addInstance({ tags: { ...tags, 'aws:autoscaling:groupName': 'web' } });
    expect(await tag(id, 'fiftieth', 'v')).toMatchObject({ status: 200 });
    expect(await tag(id, 'fiftieth', 'again')).toMatchObject({ status: 200 });
    expect(await tag(id, 'one too many', 'v')).toMatchObject({ code: 'TagLimitExceeded' });
  });

  test('have values of at most 256 characters and no keys of AWS', async () => {
    const id = twin.region().addInstance();
    expect(await tag(id, 'k', 'v'.repeat(256))).toMatchObject({ status: 200 });
    expect(await tag(id, 'k', 'v'.repeat(257))).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await tag(id, 'aws:mine', 'v')).toMatchObject({ code: 'InvalidParameterValue' });
    expect(twin.region().instance(id).tags.get('k')).toHaveLength(256);
  });

  test('are deleted when the value that is named is theirs, or none is named', async () => {
    const region = twin.region();
    const id = region.addInstance({ tags: { k: 'v', l: 'w' } });
    const remove = (more: Record<string, string>) =>
      ask(twin, 'ec2', 'DeleteTags', { 'ResourceId.1': id, 'Tag.1.Key': 'k', ...more });
    await remove({ 'Tag.1.Value': 'other' });
    expect(region.instance(id).tags.get('k')).toBe('v');
    await remove({});
    expect([...region.instance(id).tags.keys()]).toEqual(['l']);
  });

  test('of a vanished instance refuse the batch', async () => {
    const region = twin.region();
    const id = region.addInstance();
    const sent = { 'ResourceId.1': id, 'ResourceId.2': absent, 'Tag.1.Key': 'k', 'Tag.1.Value': 'v' };
    expect(await ask(twin, 'ec2', 'CreateTags', sent)).toMatchObject({ code: 'InvalidInstanceID.NotFound' });
    expect(region.instance(id).tags.size).toBe(0);
  });
});
