import { afterEach, expect, test } from 'vitest';
import { groupName, setStage, summary, unixTime, words, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.end());

const group = () => stage.twin.region().group(groupName);
const states = () => group().members.map(({ id }) => stage.twin.region().instance(id).state);

test.each(['suspend', 'zero'] as const)(
  'two runs that %s the same group at once remember it as it was',
  async (mode) => {
    stage = await setStage({ min: 1, desired: 2, max: 5, suspended: ['AZRebalance'] });
    const { tags, sizes, suspended } = stage.look() as Record<string, unknown>;
    const since = unixTime(stage.twin, -60);
    await Promise.all([stage.stop(mode, { since }, { run: 'first' }), stage.stop(mode, { since }, { run: 'second' })]);
    stage.twin.clock.advance(600);
    expect(states()).toEqual(mode === 'zero' ? [] : ['stopped', 'stopped']);
    await stage.restore();
    stage.twin.clock.advance(600);
    expect(stage.look()).toMatchObject({
      tags: tags as object,
      sizes: sizes as object,
      suspended: suspended as string[],
    });
    expect(states()).toEqual(['running', 'running']);
  },
);

test.each(['suspend', 'zero'] as const)('two restores of a %s at once end with the group as it was', async (mode) => {
  stage = await setStage({ min: 1, desired: 2, max: 5 });
  const { tags, sizes, suspended } = stage.look() as Record<string, unknown>;
  await stage.stop(mode);
  const results = await Promise.all([stage.restore(), stage.restore()]);
  expect(results.flatMap(summary)).toContain('group restored');
  expect(results.flatMap(summary).join(' ')).not.toContain('group error');
  stage.twin.clock.advance(600);
  expect(stage.look()).toMatchObject({
    tags: tags as object,
    sizes: sizes as object,
    suspended: suspended as string[],
  });
  expect(states()).toEqual(['running', 'running']);
});

test('a stop whose suspension a restore lifts before the first member is stopped stops none', async () => {
  stage = await setStage({ desired: 2 });
  const before = stage.look();
  stage.twin.fault({
    operation: 'DescribeAutoScalingGroups',
    skip: 2,
    effect: {
      after() {
        group().suspended.clear();
        group().tags.delete('devops:asg');
      },
    },
  });
  const records = await stage.stop('suspend');
  expect(summary(records)).toEqual(['group error: changed-meanwhile']);
  expect(stage.look()).toEqual(before);
});

test('a suspension that is lifted while members are being stopped is put back before the group terminates them', async () => {
  stage = await setStage({ desired: 2 });
  const before = stage.look();
  stage.twin.fault({
    operation: 'DescribeInstances',
    when: () => group().members.every(({ id }) => stage.twin.region().instance(id).state === 'stopping'),
    effect: {
      after() {
        group().suspended.delete('Launch');
        group().suspended.delete('AZRebalance');
      },
    },
  });
  const records = await stage.stop('suspend');
  expect(summary(records).at(-1)).toBe('group error: changed-meanwhile');
  expect(words(records.at(-1))).toContain('suspended again');
  expect(group().suspended.size).toBe(7);
  await stage.restore();
  expect(stage.look()).toEqual(before);
});

test('a member that is stopped again while the restore waits keeps the group suspended', async () => {
  stage = await setStage({ desired: 2 });
  await stage.stop('suspend');
  const { id } = group().members[0]!;
  stage.twin.fault({
    operation: 'DescribeInstanceStatus',
    effect: { after: () => stage.twin.region().stopInstance(id) },
  });
  expect(summary(await stage.restore()).at(-1)).toMatch(/^group error: /);
  expect(group().suspended.size).toBe(7);
  stage.twin.clock.advance(3600);
  expect(group().activities).toEqual([]);
});

test('a restore says in the tag that it is about to resume, and gives way to a stop that begins then', async () => {
  stage = await setStage({ desired: 2, suspended: ['AZRebalance'] });
  await stage.stop('suspend');
  const values: (string | undefined)[] = [];
  stage.twin.fault({
    operation: 'CreateOrUpdateTags',
    effect: {
      after() {
        const { tags } = group();
        values.push(tags.get('devops:asg')?.value);
        const value = 'v1 suspend at=2026-11-21T00:00:00Z run=other by=other had=Z';
        tags.set('devops:asg', { value, propagate: false });
      },
    },
  });
  expect(summary(await stage.restore()).at(-1)).toBe('group error: changed-meanwhile');
  expect(values).toEqual([expect.stringMatching(/ had=Zr$/)]);
  expect(group().suspended.size).toBe(7);
  expect(group().tags.get('devops:asg')?.value).toContain('run=other');
});

test('processes that a dying stop suspends after the restore has begun are resumed too', async () => {
  const value = 'v1 suspend at=2026-11-20T17:59:59Z run=dying by=manual had=Z';
  stage = await setStage({ desired: 2, suspended: ['AZRebalance'], tags: { 'devops:asg': value } });
  stage.twin.fault({
    operation: 'CreateOrUpdateTags',
    effect: {
      after() {
        for (const process of ['Launch', 'Terminate', 'HealthCheck', 'ReplaceUnhealthy', 'AlarmNotification']) {
          group().suspended.set(process, { reason: 'User suspended at 2026-11-20T18:00:00Z', effectiveAt: 0 });
        }
      },
    },
  });
  expect(summary(await stage.restore()).at(-1)).toBe('group restored');
  expect([...group().suspended.keys()]).toEqual(['AZRebalance']);
  expect(group().tags.size).toBe(0);
});

test('a stop whose suspension a restore has claimed stops no member', async () => {
  stage = await setStage({ desired: 2 });
  stage.twin.fault({
    operation: 'DescribeAutoScalingGroups',
    skip: 2,
    effect: {
      after() {
        const { value } = group().tags.get('devops:asg')!;
        group().tags.set('devops:asg', { value: `${value}r`, propagate: false });
      },
    },
  });
  const records = await stage.stop('suspend');
  expect(summary(records)).toEqual(['group error: changed-meanwhile']);
  await stage.restore();
  expect(group().suspended.size).toBe(0);
});

test('a restore that somebody else has completed meanwhile is no error', async () => {
  stage = await setStage({ desired: 1 });
  await stage.stop('suspend');
  stage.twin.fault({
    operation: 'DescribeInstanceStatus',
    effect: {
      after() {
        group().suspended.clear();
        group().tags.delete('devops:asg');
      },
    },
  });
  expect(summary(await stage.restore()).at(-1)).toBe('group left alone: no-mark');
});

test('a stop that a restore overtakes suspends the whole group, not only what was missing, and remembers it', async () => {
  stage = await setStage({ desired: 2, suspended: ['Terminate'] });
  await stage.stop('suspend');
  for (const { id } of group().members) stage.twin.region().startInstance(id);
  stage.twin.clock.advance(60);
  // Somebody has resumed what was suspended before, and so a second stop has only that to suspend.
  group().suspended.delete('Terminate');
  stage.twin.fault({
    operation: 'SuspendProcesses',
    effect: {
      before() {
        group().suspended.clear();
        group().tags.delete('devops:asg');
      },
    },
  });
  const records = await stage.stop('suspend', {}, { run: 'second' });
  expect(summary(records).at(-1)).toBe('group suspended');
  expect(group().suspended.size).toBe(7);
  await stage.restore();
  expect([...group().suspended.keys()]).toEqual([]);
});
