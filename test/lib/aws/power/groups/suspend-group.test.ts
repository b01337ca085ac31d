import { afterEach, expect, test } from 'vitest';
import { groupName, setStage, summary, words, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.end());

const seven = [
  'AZRebalance',
  'AlarmNotification',
  'HealthCheck',
  'InstanceRefresh',
  'Launch',
  'ReplaceUnhealthy',
  'Terminate',
];
const members = () => stage.twin.region().group(groupName).members;
const processes = () => [...stage.twin.region().group(groupName).suspended.keys()].toSorted();
const mark = () => stage.twin.region().group(groupName).tags.get('devops:asg')?.value;

test('a group is suspended before its members stop, stays as it is for hours, and comes back exactly', async () => {
  stage = await setStage({ desired: 3 });
  const before = stage.look();
  const stopped = await stage.stop('suspend');
  expect(summary(stopped)).toEqual(['instance stopped', 'instance stopped', 'instance stopped', 'group suspended']);
  expect(stage.changes()).toEqual([
    'CreateOrUpdateTags v1 suspend',
    'SuspendProcesses',
    'CreateTags v1 at=2026-11-20T18:00:05Z',
    'StopInstances',
  ]);
  const group = stage.twin.region().group(groupName);
  expect(group.tags.get('devops:asg')).toEqual({
    value: 'v1 suspend at=2026-11-20T18:00:00Z run=20261120T180000Z-aaaa by=weekend Europe/Berlin had=',
    propagate: false,
  });
  expect(processes()).toEqual(seven);
  stage.twin.clock.advance(60 * 3600);
  expect(group.activities).toEqual([]);

  const restored = await stage.restore();
  expect(summary(restored)).toEqual(['instance started', 'instance started', 'instance started', 'group restored']);
  expect(stage.look()).toEqual(before);
  stage.twin.clock.advance(3600);
  expect(stage.look()).toEqual(before);
});

test('the group looks after its members again only when they have passed their status checks', async () => {
  stage = await setStage({ desired: 2 });
  await stage.stop('suspend');
  stage.twin.clock.advance(3600);
  await stage.restore();
  const at = (wanted: string) => stage.twin.calls.find(({ operation }) => operation === wanted)!.at.getTime() / 1000;
  expect(at('ResumeProcesses') - at('StartInstances')).toBeGreaterThan(120);
});

test('processes that were suspended before stay so, and those that are none of ours are never touched', async () => {
  stage = await setStage({ desired: 1, suspended: ['AZRebalance', 'AlarmNotification', 'ScheduledActions'] });
  const before = stage.look();
  await stage.stop('suspend');
  expect(mark()).toMatch(/ had=ZA$/);
  expect(processes()).toEqual([...seven, 'ScheduledActions'].toSorted());
  await stage.restore();
  expect(stage.look()).toEqual(before);
});

test('a process that somebody resumes while the group is off is resumed by the restore too', async () => {
  stage = await setStage({ desired: 2, suspended: ['AZRebalance', 'ScheduledActions'] });
  await stage.stop('suspend');
  const group = stage.twin.region().group(groupName);
  group.suspended.delete('AZRebalance');
  stage.twin.region().startInstance(members()[0]!.id);
  stage.twin.clock.advance(60);
  // A manual stop of what runs again goes on with the tag that is there.
  await stage.stop('suspend', {}, { by: 'manual', run: 'other' });
  expect(mark()).toMatch(/run=20261120T180000Z-aaaa by=weekend Europe\/Berlin had=$/);
  expect(processes()).toEqual([...seven, 'ScheduledActions'].toSorted());
  await stage.restore();
  expect(processes()).toEqual(['ScheduledActions']);
  expect(members().map(({ id }) => stage.twin.region().instance(id).state)).toEqual(['running', 'running']);
});

test('spot members run on beside those that are stopped', async () => {
  stage = await setStage((region) => ({
    members: [region.addInstance({ spotRequest: 'one-time' }), region.addInstance()],
  }));
  const before = stage.look();
  const records = await stage.stop('suspend');
  expect(summary(records)).toEqual(['instance left alone: spot-one-time', 'instance stopped', 'group suspended']);
  expect(words(records.at(-1))).toBe('1 of 2 members still run');
  expect(stage.twin.region().instance(members()[0]!.id).state).toBe('running');
  await stage.restore();
  expect(stage.look()).toEqual(before);
});

test('a group of spot members alone is not even suspended', async () => {
  stage = await setStage({ desired: 2, mixed: { types: ['t3.micro', 't3.small'], spot: true } });
  const before = stage.look();
  const records = await stage.stop('suspend');
  expect(summary(records)).toEqual(['group left alone: no-stoppable-member']);
  expect(words(records[0])).toContain('2 members: is a spot instance');
  expect(stage.look()).toEqual(before);
  expect(stage.changes()).toEqual([]);
});

test('when AWS refuses to stop every member, the suspension is undone exactly', async () => {
  stage = await setStage({ desired: 2, suspended: ['AZRebalance'] });
  for (const { id } of members()) stage.twin.region().instance(id).disableApiStop = true;
  const before = stage.look();
  const records = await stage.stop('suspend');
  expect(summary(records)).toEqual([
    'instance left alone: protected',
    'instance left alone: protected',
    'group left alone: no-stoppable-member',
  ]);
  expect(stage.look()).toEqual(before);
  expect(stage.changes()).toContain('ResumeProcesses');
});

test('members that are refused run on, and the others are stopped', async () => {
  stage = await setStage({ desired: 2 });
  stage.twin.region().instance(members()[0]!.id).disableApiStop = true;
  const before = stage.look();
  const records = await stage.stop('suspend');
  expect(summary(records)).toEqual(['instance left alone: protected', 'instance stopped', 'group suspended']);
  await stage.restore();
  expect(stage.look()).toEqual(before);
});

test.each([
  ['tag of its own', { 'devops:protect': 'yes' }, {}, 'protected'],
  ['status of deletion', {}, { status: 'Delete in progress' }, 'being-deleted'],
])('a group with a %s is left alone', async (_, tags, more, code) => {
  stage = await setStage({ desired: 1, tags, ...more });
  expect(summary(await stage.stop('suspend'))).toEqual([`group left alone: ${code}`]);
  expect(summary(await stage.stop('zero'))).toEqual([`group left alone: ${code}`]);
  expect(stage.changes()).toEqual([]);
});

test('a group without members is left alone', async () => {
  stage = await setStage({ desired: 0, min: 0 });
  expect(summary(await stage.stop('suspend'))).toEqual(['group left alone: already-stopped']);
  expect(summary(await stage.stop('zero'))).toEqual(['group left alone: already-stopped']);
  expect(summary(await stage.restore())).toEqual(['group left alone: no-mark']);
  expect(stage.changes()).toEqual([]);
});

test('members in Standby, protected ones and the instance this runs on are left alone', async () => {
  stage = await setStage({ desired: 4 });
  const [standby, kept, own] = members();
  standby!.lifecycle = 'Standby';
  stage.twin.region().group(groupName).desired = 3;
  stage.twin.region().tagInstance(kept!.id, { 'devops:protect': '' });
  const before = stage.look();
  const records = await stage.stop('suspend', { ownInstanceId: own!.id });
  expect(summary(records)).toEqual([
    'instance left alone: standby',
    'instance left alone: protected',
    'instance left alone: itself',
    'instance stopped',
    'group suspended',
  ]);
  await stage.restore();
  expect(stage.look()).toEqual(before);
});

test('the warm pool is left as it is, and told of', async () => {
  stage = await setStage((region) => ({
    desired: 1,
    warmPool: { instances: [region.addInstance({ state: 'stopped' })], minSize: 1 },
  }));
  const before = stage.look();
  const records = await stage.stop('suspend');
  expect(words(records.at(-1))).toBe('its warm pool is left as it is');
  await stage.restore();
  expect(stage.look()).toEqual(before);
  const pool = stage.twin.region().group(groupName).warmPool!.instances;
  expect(pool.map(({ id }) => stage.twin.region().instance(id).state)).toEqual(['stopped']);
});

test('a member that a late health check finds stopped is told of, and made healthy before the group looks again', async () => {
  stage = await setStage({ desired: 2 });
  const before = stage.look();
  stage.twin.fault({
    operation: 'StopInstances',
    effect: { after: () => void (members()[0]!.health = 'Unhealthy') },
  });
  const records = await stage.stop('suspend');
  expect(words(records.at(-1))).toContain(`${members()[0]!.id} counts as unhealthy`);
  await stage.restore();
  expect(stage.changes().slice(-4)).toEqual([
    'SetInstanceHealth',
    'CreateOrUpdateTags v1 suspend',
    'ResumeProcesses',
    'DeleteTags v1 suspend',
  ]);
  stage.twin.clock.advance(3600);
  expect(stage.look()).toEqual(before);
});

test('a member that the group has begun to terminate before the suspension is told of', async () => {
  stage = await setStage({ desired: 2 });
  const lost = members()[0]!;
  stage.twin.fault({
    operation: 'SuspendProcesses',
    effect: {
      after() {
        lost.lifecycle = 'Terminating';
        stage.twin.region().terminateInstance(lost.id);
      },
    },
  });
  const records = await stage.stop('suspend');
  expect(summary(records)).toEqual(['instance left alone: terminated', 'instance stopped', 'group suspended']);
  expect(words(records.at(-1))).toContain(`terminating ${lost.id} already`);
});

test('a member that is terminated meanwhile is replaced by its group after the restore', async () => {
  stage = await setStage({ desired: 3 });
  await stage.stop('suspend');
  const dead = members()[1]!.id;
  stage.twin.region().terminateInstance(dead);
  stage.twin.clock.advance(300);
  const records = await stage.restore();
  expect(summary(records)).toEqual([
    'instance left alone: terminated',
    'instance started',
    'instance started',
    'group restored',
  ]);
  expect(words(records.at(-1))).toBe(`${dead} was terminated meanwhile: the group replaces it`);
  expect(processes()).toEqual([]);
  expect(mark()).toBeUndefined();
  stage.twin.clock.advance(600);
  const running = members().filter(({ id }) => stage.twin.region().instance(id).state === 'running');
  expect(running).toHaveLength(3);
  expect(members().map(({ id }) => id)).not.toContain(dead);
});

test('a member that falls back to stopped keeps the group suspended until a run has started it', async () => {
  stage = await setStage({ desired: 2 });
  const before = stage.look();
  await stage.stop('suspend');
  const locked = stage.twin.region().instance(members()[0]!.id);
  locked.withoutKeyGrant = true;
  const failed = await stage.restore();
  expect(summary(failed).toSorted()).toEqual([
    'group error: members-failed',
    'instance error: fell-back',
    'instance started',
  ]);
  expect(words(failed.at(-1))).toContain(locked.id);
  expect(processes()).toEqual(seven);
  expect(mark()).toContain('suspend');
  stage.twin.clock.advance(900);
  locked.withoutKeyGrant = false;
  expect(summary(await stage.restore()).at(-1)).toBe('group restored');
  expect(stage.look()).toEqual(before);
});

test('without room for a member the group stays suspended, and the next run goes on', async () => {
  stage = await setStage({ desired: 2 });
  const before = stage.look();
  await stage.stop('suspend');
  stage.twin.region().setCapacity('*', 1);
  expect(summary(await stage.restore()).at(-1)).toBe('group error: members-failed');
  expect(processes()).toEqual(seven);
  stage.twin.region().setCapacity('*', undefined);
  await stage.restore();
  expect(stage.look()).toEqual(before);
});

test('a member that somebody else has stopped is never handed to the group to be terminated', async () => {
  stage = await setStage({ desired: 2 });
  await stage.stop('suspend');
  const { id } = members()[0]!;
  stage.twin.region().tagInstance(id, { 'devops:stopped': undefined });
  const records = await stage.restore();
  expect(summary(records)).toEqual(['instance left alone: no-mark', 'instance started', 'group error: stopped-member']);
  expect(words(records.at(-1))).toContain(`devops start-instances ${id}`);
  expect(processes()).toEqual(seven);
  stage.twin.region().startInstance(id);
  stage.twin.clock.advance(60);
  expect(summary(await stage.restore()).at(-1)).toBe('group restored');
  stage.twin.clock.advance(3600);
  expect(members().map((member) => member.id)).toContain(id);
});

test('a stopped member that the group would not replace is no reason to wait', async () => {
  stage = await setStage({ desired: 2, suspended: ['ReplaceUnhealthy'] });
  const { id } = members()[0]!;
  stage.twin.region().stopInstance(id);
  stage.twin.clock.advance(60);
  const before = stage.look();
  await stage.stop('suspend');
  const records = await stage.restore();
  expect(summary(records)).toEqual(['instance left alone: no-mark', 'instance started', 'group restored']);
  expect(stage.look()).toEqual(before);
});

test('with --no-wait the processes stay suspended until another run has seen the members run', async () => {
  stage = await setStage({ desired: 2 });
  const before = stage.look();
  await stage.stop('suspend', {}, { wait: false });
  expect(processes()).toEqual(seven);
  stage.twin.clock.advance(120);
  const records = await stage.restore({}, { wait: false });
  expect(summary(records)).toEqual(['instance start requested', 'instance start requested', 'group start requested']);
  expect(processes()).toEqual(seven);
  stage.twin.clock.advance(300);
  await stage.restore();
  expect(stage.look()).toEqual(before);
});
