import { afterEach, expect, test } from 'vitest';
import { groupName, schedule, setStage, summary, unixTime, words, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.end());

const members = () => stage.twin.region().group(groupName).members;
const mark = () => stage.twin.region().group(groupName).tags.get('devops:asg')?.value;
const start = (index: number) => {
  stage.twin.region().startInstance(members()[index]!.id);
  stage.twin.clock.advance(60);
};

test('a suspended group stays as it is, however often its schedule is run', async () => {
  stage = await setStage({ desired: 2 });
  const since = unixTime(stage.twin, -60);
  await stage.stop('suspend', { since });
  const saved = mark();
  const records = await stage.stop('suspend', { since }, { run: 'later' });
  expect(summary(records)).toEqual(['group left alone: already-stopped']);
  expect(words(records[0])).toBe('was suspended by run 20261120T180000Z-aaaa');
  expect(mark()).toBe(saved);
});

test('a member that somebody starts runs on until the schedule switches again', async () => {
  stage = await setStage({ desired: 2 });
  const before = stage.look();
  const since = unixTime(stage.twin, -60);
  await stage.stop('suspend', { since });
  start(0);
  expect(summary(await stage.stop('suspend', { since }))).toEqual(['group left alone: started-since']);
  stage.twin.clock.advance(3600);
  const next = await stage.stop('suspend', { since: unixTime(stage.twin) });
  expect(summary(next)).toEqual(
    ['instance stopped', 'instance left alone: already-stopped', 'group suspended'].toSorted(
      (a, b) => rank(a) - rank(b),
    ),
  );
  await stage.restore();
  expect(stage.look()).toEqual(before);
});

function rank(text: string): number {
  return ['instance left alone: already-stopped', 'instance stopped', 'group suspended'].indexOf(text);
}

test('--enforce stops also what somebody has started since', async () => {
  stage = await setStage({ desired: 2 });
  const since = unixTime(stage.twin, -60);
  await stage.stop('suspend', { since });
  start(1);
  const records = await stage.stop('suspend', { since, enforce: true });
  expect(summary(records).at(-1)).toBe('group suspended');
  expect(stage.twin.region().instance(members()[1]!.id).state).toBe('stopped');
});

test('a group that was restored by hand is left alone until the schedule switches again', async () => {
  stage = await setStage({ desired: 2 });
  const since = unixTime(stage.twin, -60);
  await stage.stop('suspend', { since });
  await stage.restore();
  stage.twin.clock.advance(900);
  const records = await stage.stop('suspend', { since });
  expect(summary(records)).toEqual(['group left alone: started-since']);
  expect(words(records[0])).toContain('--enforce');
  const next = await stage.stop('suspend', { since: unixTime(stage.twin) });
  expect(summary(next).at(-1)).toBe('group suspended');
});

test('a group that has scaled out since the switch is stopped as a whole by a late run', async () => {
  stage = await setStage({ desired: 1, max: 4 });
  const since = unixTime(stage.twin);
  stage.twin.clock.advance(600);
  stage.twin.region().group(groupName).desired = 2;
  stage.twin.region().tagInstance(members()[0]!.id, { any: 'change' });
  stage.twin.clock.advance(600);
  expect(members()).toHaveLength(2);
  const records = await stage.stop('suspend', { since });
  expect(summary(records)).toEqual(['instance stopped', 'instance stopped', 'group suspended']);
});

test('what one schedule has stopped, another one does not restore, nor the run of another', async () => {
  stage = await setStage({ desired: 1 });
  await stage.stop('suspend');
  const others = await stage.restore({ by: 'nights Europe/Berlin' });
  expect(summary(others)).toEqual(['group left alone: other-schedule']);
  expect(words(others[0])).toContain(schedule);
  expect(summary(await stage.restore({ run: 'another' }))).toEqual(['group left alone: other-run']);
  expect(summary(await stage.restore({ run: '20261120T180000Z-aaaa', by: schedule })).at(-1)).toBe('group restored');
});

test('what was stopped by hand is not restored by a schedule', async () => {
  stage = await setStage({ desired: 1 });
  await stage.stop('zero', {}, { by: 'manual' });
  expect(summary(await stage.restore({ by: schedule }))).toEqual(['group left alone: stopped-by-hand']);
  expect(summary(await stage.restore())).toEqual(['group restored']);
});

test('after a restore that was killed before it removed the tag, what somebody suspends stays suspended', async () => {
  stage = await setStage({ desired: 2 });
  await stage.stop('suspend', { since: unixTime(stage.twin, -60) });
  stage.twin.region().deny('DeleteTags');
  // The members lose their marks by EC2, the group its tag by Auto Scaling: both are denied here.
  expect(summary(await stage.restore()).at(-1)).toBe('group error: permission');
  stage.twin.region().allow('DeleteTags');
  const group = stage.twin.region().group(groupName);
  expect([...group.suspended]).toEqual([]);
  group.suspended.set('AZRebalance', { reason: 'User suspended at 2026-11-20T20:00:00Z', effectiveAt: 0 });
  stage.twin.clock.advance(86_400);
  await stage.stop('suspend', { since: unixTime(stage.twin, -60) });
  expect(mark()).toMatch(/^v1 suspend at=2026-11-21.* had=Z$/);
  await stage.restore();
  expect([...group.suspended.keys()]).toEqual(['AZRebalance']);
});

test('a member that the group launched before a killed run had suspended it is stopped by the next run', async () => {
  stage = await setStage({ desired: 1, max: 4 });
  const since = unixTime(stage.twin, -60);
  const group = stage.twin.region().group(groupName);
  const controller = new AbortController();
  stage.twin.fault({
    operation: 'SuspendProcesses',
    effect: {
      before() {
        group.desired = 2;
        stage.twin.region().tagInstance(members()[0]!.id, { any: 'change' });
        stage.twin.clock.advance(30);
      },
    },
  });
  stage.twin.fault({
    operation: 'DescribeAutoScalingGroups',
    when: () => group.suspended.size === 7,
    effect: { after: () => controller.abort(new Error('killed')) },
  });
  await expect(stage.stop('suspend', { since }, { signal: controller.signal })).rejects.toThrow('killed');
  stage.twin.clock.advance(900);
  const records = await stage.stop('suspend', { since });
  expect(summary(records)).toEqual(['instance stopped', 'instance stopped', 'group suspended']);
});
