import { afterEach, expect, test } from 'vitest';
import { groupName, setStage, summary, unixTime, words, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.end());

const group = () => stage.twin.region().group(groupName);
const mark = () => group().tags.get('devops:asg')?.value;

test.each([
  ['suspend', 'CreateOrUpdateTags'],
  ['suspend', 'SuspendProcesses'],
  ['zero', 'CreateOrUpdateTags'],
  ['zero', 'UpdateAutoScalingGroup'],
] as const)('a %s that lacks the right to %s changes nothing and remembers nothing', async (mode, operation) => {
  stage = await setStage({ desired: 2, suspended: ['AZRebalance'] });
  const before = stage.look();
  stage.twin.region().deny(operation);
  const records = await stage.stop(mode);
  expect(summary(records)).toEqual(['group error: permission']);
  expect(words(records[0])).toContain(operation);
  expect(stage.look()).toEqual(before);
});

test.each(['CreateTags', 'StopInstances'])('without the right to %s the suspension is undone', async (operation) => {
  stage = await setStage({ desired: 2, suspended: ['AZRebalance'] });
  const before = stage.look();
  stage.twin.region().deny(operation);
  const records = await stage.stop('suspend');
  expect(
    summary(records)
      .slice(0, 2)
      .every((line) => line.startsWith('instance error: ')),
  ).toBe(true);
  expect(summary(records).at(-1)).toBe('group left alone: no-stoppable-member');
  expect(stage.look()).toEqual(before);
});

test.each(['SetInstanceHealth', 'ResumeProcesses', 'DescribeInstanceStatus', 'StartInstances'])(
  'a restore that lacks the right to %s keeps the group suspended for the next run',
  async (operation) => {
    stage = await setStage({ desired: 2 });
    const before = stage.look();
    await stage.stop('suspend');
    group().members[0]!.health = 'Unhealthy';
    stage.twin.region().deny(operation);
    expect(summary(await stage.restore()).at(-1)).toMatch(/^group error: (?:permission|members-failed)$/);
    expect(group().suspended.size).toBe(7);
    expect(mark()).toContain('v1 suspend');
    stage.twin.region().allow(operation);
    expect(summary(await stage.restore()).at(-1)).toBe('group restored');
    expect(stage.look()).toEqual(before);
  },
);

test.each([
  ['ScalingActivityInProgress', 'SuspendProcesses', 'suspend'],
  ['ResourceContention', 'CreateOrUpdateTags', 'suspend'],
  ['ScalingActivityInProgress', 'UpdateAutoScalingGroup', 'zero'],
] as const)('%s is waited for by %s', async (code, operation, mode) => {
  stage = await setStage({ desired: 1 });
  const before = stage.twin.clock.monotonic();
  stage.twin.fault({ operation, effect: { code, status: 400 }, times: 3 });
  expect(summary(await stage.stop(mode)).at(-1)).toMatch(/^group (?:suspended|zeroed)$/);
  expect(stage.twin.clock.monotonic() - before).toBeGreaterThan(2 + 4 + 8);
});

test('a group that stays busy is told of in time', async () => {
  stage = await setStage({ desired: 1 });
  stage.twin.fault({ operation: 'UpdateAutoScalingGroup', effect: 'ScalingActivityInProgress', times: Infinity });
  const before = stage.twin.clock.monotonic();
  const records = await stage.stop('zero');
  expect(summary(records)).toEqual([expect.stringMatching(/^group error: /)]);
  expect(stage.twin.clock.monotonic() - before).toBeLessThan(150);
  expect(mark()).toBeUndefined();
});

test('throttles and lost answers change nothing about the end', async () => {
  stage = await setStage({ desired: 2 });
  const before = stage.look();
  const operations = ['SuspendProcesses', 'ResumeProcesses', 'CreateOrUpdateTags', 'DescribeAutoScalingGroups'];
  for (const operation of operations) {
    stage.twin.fault({ operation, effect: 'Throttling' });
    stage.twin.fault({ operation, effect: 'lost' });
  }
  expect(summary(await stage.stop('suspend')).at(-1)).toBe('group suspended');
  expect(summary(await stage.restore()).at(-1)).toBe('group restored');
  expect(stage.look()).toEqual(before);
});

test.each([
  ['v2 suspend whatever', 'newer devops'],
  ['v1 suspend at=2026-11-20T18:00:00Z run=a by=b had=Q', 'had=Q'],
  ['v1 zero at=2026-11-20T18:00:00Z run=a by=b min=1 max=2', 'desired='],
  ['', 'v1 is missing'],
])('the tag %j is left as it is by both commands', async (value, told) => {
  stage = await setStage({ desired: 1, tags: { 'devops:asg': value } });
  const before = stage.look();
  for (const records of [await stage.stop('suspend'), await stage.stop('zero'), await stage.restore()]) {
    expect(summary(records)).toEqual(['group error: malformed-mark']);
    expect(words(records[0])).toContain(told);
  }
  expect(stage.look()).toEqual(before);
  expect(stage.changes()).toEqual([]);
});

test('a group with the most tags there may be is not stopped, since it could not be remembered', async () => {
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`tag-${index}`, '']));
  stage = await setStage({ desired: 1, tags });
  const before = stage.look();
  for (const mode of ['suspend', 'zero'] as const) {
    expect(summary(await stage.stop(mode))).toEqual([expect.stringMatching(/^group error: /)]);
  }
  expect(stage.look()).toEqual(before);
});

test('a group that vanishes is an error of its own record', async () => {
  stage = await setStage({ desired: 1 });
  const gone = () => void (stage.twin.region().groups as Map<string, unknown>).delete(groupName);
  stage.twin.fault({ operation: 'DescribeAutoScalingGroups', effect: { after: gone } });
  const records = await stage.stop('suspend');
  expect(summary(records)).toEqual(['group error: not-found']);
  expect(stage.changes()).toEqual([]);
});

test('an answer that is a page of a proxy changes nothing', async () => {
  stage = await setStage({ desired: 1 });
  const before = stage.look();
  stage.twin.fault({ operation: 'SuspendProcesses', effect: 'html', times: Infinity });
  expect(summary(await stage.stop('suspend'))).toEqual([expect.stringMatching(/^group error: /)]);
  expect(stage.look()).toEqual(before);
});

test('an interrupted run ends with the reason, and the next one goes on', async () => {
  stage = await setStage({ desired: 2 });
  const before = stage.look();
  const controller = new AbortController();
  const reason = new Error('interrupted');
  stage.twin.fault({ operation: 'SuspendProcesses', effect: { after: () => controller.abort(reason) } });
  await expect(stage.stop('suspend', {}, { signal: controller.signal })).rejects.toBe(reason);
  expect(summary(await stage.stop('suspend')).at(-1)).toBe('group suspended');
  await stage.restore();
  expect(stage.look()).toEqual(before);
});

test('no wait is longer than the deadline by much', async () => {
  stage = await setStage({ desired: 1 });
  await stage.stop('suspend');
  stage.twin.region().instance(group().members[0]!.id).pendingSeconds = 100_000;
  const before = stage.twin.clock.monotonic();
  const records = await stage.restore({}, { deadline: before + 300 });
  expect(summary(records)).toEqual(['instance error: unverified', 'group error: members-failed']);
  expect(stage.twin.clock.monotonic() - before).toBeLessThan(320);
  expect(group().suspended.size).toBe(7);
});

test('a group is not suspended for members that cannot hibernate', async () => {
  stage = await setStage({ desired: 2 });
  const records = await stage.stop('suspend', {}, { hibernate: true });
  expect(summary(records)).toEqual([
    'instance error: hibernation-not-configured',
    'instance error: hibernation-not-configured',
    'group left alone: no-stoppable-member',
  ]);
  expect(stage.changes()).toEqual([]);
});

test('members that the group was launching are stopped with the others', async () => {
  stage = await setStage({ desired: 1, max: 3 });
  const since = unixTime(stage.twin);
  group().desired = 2;
  stage.twin.region().tagInstance(group().members[0]!.id, { any: 'change' });
  stage.twin.clock.advance(25);
  expect(group().members.map(({ lifecycle }) => lifecycle)).toEqual(['InService', 'Pending']);
  const records = await stage.stop('suspend', { since });
  expect(summary(records)).toEqual(['instance stopped', 'instance stopped', 'group suspended']);
});

test('a member that could not be started keeps the tag of a group that would not replace it, either', async () => {
  stage = await setStage({ desired: 2, suspended: ['Terminate'] });
  const before = stage.look();
  await stage.stop('suspend');
  const locked = stage.twin.region().instance(group().members[0]!.id);
  locked.withoutKeyGrant = true;
  expect(summary(await stage.restore()).at(-1)).toBe('group error: members-failed');
  expect(group().suspended.has('HealthCheck')).toBe(true);
  expect(mark()).toContain('had=T');
  locked.withoutKeyGrant = false;
  stage.twin.clock.advance(900);
  expect(summary(await stage.restore()).at(-1)).toBe('group restored');
  expect(stage.look()).toEqual(before);
});
