import { afterEach, expect, test } from 'vitest';
import { groupName, setStage, summary, unixTime, words, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.end());

const group = () => stage.twin.region().group(groupName);
const sizes = () => ({ min: group().min, max: group().max, desired: group().desired });
const mark = () => group().tags.get('devops:asg')?.value;

test('a group is scaled to zero until no member is left, and gets its sizes and members back', async () => {
  stage = await setStage({ min: 1, desired: 3, max: 7 });
  const old = group().members.map(({ id }) => id);
  const stopped = await stage.stop('zero');
  expect(summary(stopped)).toEqual(['group zeroed']);
  expect(sizes()).toEqual({ min: 0, max: 7, desired: 0 });
  expect(old.map((id) => stage.twin.region().instance(id).state)).toEqual(['terminated', 'terminated', 'terminated']);
  expect(group().tags.get('devops:asg')).toEqual({
    value: 'v1 zero at=2026-11-20T18:00:00Z run=20261120T180000Z-aaaa by=weekend Europe/Berlin min=1 max=7 desired=3',
    propagate: false,
  });
  stage.twin.clock.advance(60 * 3600);
  const restored = await stage.restore();
  expect(summary(restored)).toEqual(['group restored']);
  expect(sizes()).toEqual({ min: 1, max: 7, desired: 3 });
  expect(group().members.map(({ lifecycle }) => lifecycle)).toEqual(['InService', 'InService', 'InService']);
  expect(mark()).toBeUndefined();
  expect(stage.changes()).toEqual([
    'CreateOrUpdateTags v1 zero',
    'UpdateAutoScalingGroup',
    'UpdateAutoScalingGroup',
    'DeleteTags v1 zero',
  ]);
});

test('a saved state is never overwritten by zeros', async () => {
  stage = await setStage({ desired: 2 });
  await stage.stop('zero');
  const saved = mark();
  stage.twin.clock.advance(3600);
  for (const request of [{}, { since: unixTime(stage.twin) }, { enforce: true }]) {
    expect(summary(await stage.stop('zero', request, { run: 'later' }))).toEqual(['group left alone: already-stopped']);
  }
  expect(mark()).toBe(saved);
});

test.each([
  ['desired', { desired: 1 }],
  ['maximum', { max: 9 }],
  ['minimum', { min: 1, desired: 1 }],
])('a %s that somebody has set while it was at zero is not overwritten', async (_, change) => {
  stage = await setStage({ min: 0, desired: 2, max: 4 });
  await stage.stop('zero');
  Object.assign(group(), change);
  const changed = sizes();
  const saved = mark();
  const records = await stage.restore();
  expect(summary(records)).toEqual(['group error: changed-meanwhile']);
  expect(words(records[0])).toContain('min=0 max=4 desired=2');
  expect(sizes()).toEqual(changed);
  expect(mark()).toBe(saved);
});

test('sizes that a scaling policy has moved on after a killed restore are those of a restored group', async () => {
  stage = await setStage({ min: 1, desired: 2, max: 4 });
  await stage.stop('zero');
  Object.assign(group(), { min: 1, desired: 3 });
  expect(summary(await stage.restore())).toEqual(['group restored']);
  expect(sizes()).toEqual({ min: 1, desired: 3, max: 4 });
  expect(mark()).toBeUndefined();
});

test('a group that somebody has scaled up is left alone until the schedule switches again', async () => {
  stage = await setStage({ min: 0, desired: 2, max: 4 });
  const since = unixTime(stage.twin, -60);
  await stage.stop('zero', { since });
  stage.twin.clock.advance(600);
  group().desired = 1;
  stage.twin.clock.advance(600);
  // Nothing wakes the loop of the twin but a change of an instance.
  stage.twin.region().addInstance();
  expect(summary(await stage.stop('zero', { since }))).toEqual(['group left alone: started-since']);
  expect(summary(await stage.stop('zero', { since, enforce: true }))).toEqual(['group zeroed']);
  expect(mark()).toMatch(/ min=0 max=4 desired=1$/);
});

test('the next switch of the schedule remembers the sizes of then', async () => {
  stage = await setStage({ min: 0, desired: 2, max: 4 });
  await stage.stop('zero', { since: unixTime(stage.twin, -60) });
  await stage.restore();
  Object.assign(group(), { max: 6 });
  stage.twin.clock.advance(86_400);
  const since = unixTime(stage.twin, -60);
  expect(summary(await stage.stop('zero', { since }))).toEqual(['group zeroed']);
  expect(mark()).toMatch(/^v1 zero at=2026-11-21.* max=6 desired=2$/);
});

test('a group that was restored by hand while the schedule is off is left alone', async () => {
  stage = await setStage({ desired: 2 });
  const since = unixTime(stage.twin, -60);
  await stage.stop('zero', { since });
  stage.twin.clock.advance(600);
  await stage.restore();
  expect(summary(await stage.stop('zero', { since }))).toEqual(['group left alone: started-since']);
});

test('sizes that change between the look and the call are remembered as they became', async () => {
  stage = await setStage({ desired: 2, max: 8 });
  stage.twin.fault({
    operation: 'CreateOrUpdateTags',
    effect: { after: () => void Object.assign(group(), { desired: 5 }) },
  });
  await stage.stop('zero');
  expect(mark()).toMatch(/ desired=5$/);
  await stage.restore();
  expect(sizes().desired).toBe(5);
});

test('a group whose sizes never come to rest is left alone, without a tag', async () => {
  stage = await setStage({ desired: 2, max: 50 });
  stage.twin.fault({
    operation: 'CreateOrUpdateTags',
    times: 3,
    effect: { after: () => void (group().desired += 1) },
  });
  expect(summary(await stage.stop('zero'))).toEqual(['group error: changed-meanwhile']);
  expect(mark()).toBeUndefined();
  expect(sizes().desired).toBe(5);
});

test('a restore that removes the new tag with the old one does not make the group forget its sizes', async () => {
  stage = await setStage({ min: 1, desired: 2, max: 8 });
  stage.twin.fault({
    operation: 'UpdateAutoScalingGroup',
    effect: { after: () => void group().tags.delete('devops:asg') },
  });
  expect(summary(await stage.stop('zero'))).toEqual(['group zeroed']);
  expect(mark()).toMatch(/ min=1 max=8 desired=2$/);
});

test('a group that somebody scales up while it empties is told of at once', async () => {
  stage = await setStage({ desired: 2, max: 8 });
  const before = stage.twin.clock.monotonic();
  stage.twin.fault({
    operation: 'DescribeAutoScalingGroups',
    skip: 3,
    effect: { after: () => void (group().desired = 3) },
  });
  expect(summary(await stage.stop('zero'))).toEqual(['group error: changed-meanwhile']);
  expect(stage.twin.clock.monotonic() - before).toBeLessThan(60);
});

test('another run that was faster is not overwritten', async () => {
  stage = await setStage({ desired: 2, max: 8 });
  stage.twin.fault({
    operation: 'CreateOrUpdateTags',
    effect: { after: () => void Object.assign(group(), { min: 0, desired: 0 }) },
  });
  expect(summary(await stage.stop('zero'))).toEqual(['group zeroed']);
  expect(mark()).toMatch(/ min=1 max=8 desired=2$/);
  expect(stage.changes()).toEqual(['CreateOrUpdateTags v1 zero']);
});

test('a group with a member that is tagged as protected is left alone', async () => {
  stage = await setStage({ desired: 2 });
  stage.twin.region().tagInstance(idOf(stage), { 'devops:protect': 'yes' });
  const records = await stage.stop('zero');
  expect(summary(records)).toEqual(['group left alone: protected']);
  expect(words(records[0])).toContain(idOf(stage));
  expect(stage.changes()).toEqual([]);
});

test('zero is refused for a member protected from scale-in', async () => {
  stage = await setStage({ desired: 2, protectedFromScaleIn: true });
  const records = await stage.stop('zero');
  expect(summary(records)).toEqual(['group left alone: protected']);
  expect(words(records[0])).toContain('is protected from scale-in');
  expect(stage.changes()).toEqual([]);
});

function idOf({ twin }: Stage): string {
  return twin.region().group(groupName).members[0]!.id;
}

test('the group of the instance that this runs on is left alone', async () => {
  stage = await setStage({ desired: 2 });
  expect(summary(await stage.stop('zero', { ownInstanceId: idOf(stage) }))).toEqual(['group left alone: itself']);
  expect(stage.changes()).toEqual([]);
});

test('a group whose process Terminate is suspended would never be empty, and is left alone', async () => {
  stage = await setStage({ desired: 2, suspended: ['Terminate'] });
  expect(summary(await stage.stop('zero'))).toEqual(['group left alone: terminate-suspended']);
  expect(stage.changes()).toEqual([]);
});

test('a group whose process Launch is suspended would never have its members again, and is left alone', async () => {
  stage = await setStage({ desired: 2, suspended: ['Launch'] });
  expect(summary(await stage.stop('zero'))).toEqual(['group left alone: launch-suspended']);
  expect(stage.changes()).toEqual([]);
});

test('a group that is suspended by devops is not scaled to zero, nor the other way round', async () => {
  stage = await setStage({ desired: 2 });
  await stage.stop('suspend');
  expect(summary(await stage.stop('zero'))).toEqual(['group left alone: already-stopped']);
  stage.twin.region().startInstance(idOf(stage));
  stage.twin.clock.advance(60);
  expect(summary(await stage.stop('zero'))).toEqual(['group left alone: suspended']);
  await stage.restore();
  await stage.stop('zero');
  expect(summary(await stage.stop('suspend'))).toEqual(['group left alone: already-stopped']);
});

test('a member in Standby stays, and the rest counts as gone', async () => {
  stage = await setStage({ min: 0, desired: 3 });
  group().members[0]!.lifecycle = 'Standby';
  group().desired = 2;
  expect(summary(await stage.stop('zero'))).toEqual(['group zeroed']);
  expect(group().members.map(({ lifecycle }) => lifecycle)).toEqual(['Standby']);
  expect(summary(await stage.restore())).toEqual(['group restored']);
});

test('spot members come and go with the sizes', async () => {
  stage = await setStage({ desired: 2, mixed: { types: ['t3.micro', 't3.small'], spot: true } });
  expect(summary(await stage.stop('zero'))).toEqual(['group zeroed']);
  expect(summary(await stage.restore())).toEqual(['group restored']);
});

test('a group that is not empty in time is told of, and so is one that cannot launch', async () => {
  stage = await setStage({ desired: 2 });
  for (const { id } of group().members) stage.twin.region().instance(id).stoppingSeconds = 5000;
  const late = await stage.stop('zero');
  expect(summary(late)).toEqual(['group error: unverified']);
  expect(words(late[0])).toContain(idOf(stage));
  stage.twin.clock.advance(6000);
  stage.twin.region().setCapacity('*', 0);
  const lacking = await stage.restore();
  expect(summary(lacking)).toEqual(['group error: unverified']);
  expect(words(lacking[0])).toContain('only 0 of its 2 members are in service');
  expect(mark()).toContain('v1 zero');
  stage.twin.region().setCapacity('*', undefined);
  expect(summary(await stage.restore())).toEqual(['group restored']);
});

test('a restore does not wait for launches that somebody has suspended', async () => {
  stage = await setStage({ desired: 2 });
  await stage.stop('zero');
  group().suspended.set('Launch', { reason: 'User suspended at 2026-11-20T19:00:00Z', effectiveAt: -Infinity });
  const before = stage.twin.clock.monotonic();
  const records = await stage.restore();
  expect(words(records[0])).toContain('its process Launch is suspended');
  expect(stage.twin.clock.monotonic() - before).toBeLessThan(60);
  expect(sizes().desired).toBe(2);
});

test('with --no-wait the tag stays until another run has seen the members', async () => {
  stage = await setStage({ desired: 2 });
  expect(summary(await stage.stop('zero', {}, { wait: false }))).toEqual(['group stop requested']);
  stage.twin.clock.advance(600);
  expect(summary(await stage.restore({}, { wait: false }))).toEqual(['group start requested']);
  expect(mark()).toContain('v1 zero');
  stage.twin.clock.advance(600);
  expect(summary(await stage.restore())).toEqual(['group restored']);
  expect(mark()).toBeUndefined();
});
