import { afterEach, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import type { TwinRegion } from '../support/aws-twin/twin-region.ts';
import { changingCalls, runPower } from './run-power.ts';

// Each of these was found by the random runs of test/lib/aws/power/faults.

let twin: Twin;
let region: TwinRegion;

afterEach(() => twin.stop());

async function twinAt(start: string): Promise<void> {
  twin = await startTwin({ clock: { start: new Date(start) }, pendingSeconds: 10, stoppingSeconds: 10 });
  region = twin.region();
}

const weekend = ['--off', 'Fri 19:00 - Mon 07:00', '--tz', 'UTC', '--yes'];
const stop = ['stop-instances', '--tag', 'env=dev', ...weekend];
const start = ['start-instances', ...weekend];
const dev = { tags: { env: 'dev' }, launchTime: new Date('2026-11-20T08:00:00Z') };
const mark = (id: string) => region.instance(id).tags.get('devops:stopped');
const until = (moment: string) => {
  twin.clock.advance(Math.max(0, Date.parse(moment) - twin.clock.now().getTime()) / 1000);
};
const untilMonday = () => until('2026-11-23T07:00:00Z');

test('a start that fell back, of a run that was killed before it saw that, is made again by the next run', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  const id = region.addInstance({ ...dev, withoutKeyGrant: true });
  await runPower(twin, stop);
  untilMonday();
  // What the killed run did: the start, and nothing after it.
  region.startInstance(id, 'arn:aws:iam::111122223333:user/tester');
  twin.clock.advance(60);
  expect(region.instance(id).state).toBe('stopped');
  region.instance(id).withoutKeyGrant = false;
  expect((await runPower(twin, start)).outcome).toEqual({ [id]: 'started' });
  expect(mark(id)).toBeUndefined();
});

test('the mark of what is still pending stays, for it may yet fall back', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  const id = region.addInstance({ ...dev, withoutKeyGrant: true });
  await runPower(twin, stop);
  untilMonday();
  region.startInstance(id, 'arn:aws:iam::111122223333:user/tester');
  twin.clock.advance(5);
  expect((await runPower(twin, start)).outcome).toEqual({ [id]: 'left alone: already-running' });
  twin.clock.advance(60);
  region.instance(id).withoutKeyGrant = false;
  expect((await runPower(twin, start)).outcome).toEqual({ [id]: 'started' });
});

test('what somebody stops while it is being started stays stopped, and is not taken for a start that fell back', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  const id = region.addInstance(dev);
  await runPower(twin, stop);
  untilMonday();
  twin.fault({
    operation: 'DescribeInstances',
    skip: 2,
    effect: {
      before() {
        twin.clock.advance(12);
        region.stopInstance(id);
      },
    },
  });
  const first = await runPower(twin, start);
  expect(first.outcome).toEqual({ [id]: 'error: stopped-meanwhile' });
  twin.clock.advance(60);
  expect((await runPower(twin, start)).outcome).toEqual({ [id]: 'left alone: spent-mark' });
  expect([region.instance(id).state, mark(id)]).toEqual(['stopped', undefined]);
});

test('what somebody starts and stops between the plan of a start and its call stays stopped', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  const id = region.addInstance(dev);
  await runPower(twin, stop);
  untilMonday();
  twin.fault({
    operation: 'DescribeInstances',
    skip: 1,
    effect: {
      before() {
        region.startInstance(id);
        twin.clock.advance(60);
        region.stopInstance(id);
        twin.clock.advance(60);
      },
    },
  });
  expect((await runPower(twin, start)).outcome).toEqual({ [id]: 'left alone: spent-mark' });
  expect(region.instance(id).state).toBe('stopped');
});

test('a start right behind the switch leaves the young mark of a stop that is at work, and the next one removes it', async () => {
  await twinAt('2026-11-23T06:59:58Z');
  const id = region.addInstance(dev);
  twin.fault({ operation: 'StopInstances', effect: { code: 'UnauthorizedOperation' } });
  twin.fault({ operation: 'DeleteTags', effect: { code: 'UnauthorizedOperation' } });
  await runPower(twin, stop);
  const written = mark(id);
  expect(written).toContain('2026-11-23T06:59:58Z');
  untilMonday();
  await runPower(twin, start);
  expect(mark(id)).toBe(written);
  twin.clock.advance(900);
  await runPower(twin, start);
  expect(mark(id)).toBeUndefined();
});

test('a mark that is lost between its writing and the stop is written again, or nothing would bring it back', async () => {
  await twinAt('2026-11-23T06:59:58Z');
  const id = region.addInstance(dev);
  twin.fault({
    operation: 'StopInstances',
    effect: { before: () => region.tagInstance(id, { 'devops:stopped': undefined }) },
  });
  expect((await runPower(twin, stop)).outcome).toEqual({ [id]: 'stopped' });
  untilMonday();
  expect((await runPower(twin, start)).outcome).toEqual({ [id]: 'started' });
});

test('where the lost mark cannot be written again, the record says so', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  const id = region.addInstance(dev);
  twin.fault({
    operation: 'StopInstances',
    effect: { before: () => region.tagInstance(id, { 'devops:stopped': undefined }) },
  });
  twin.fault({ operation: 'CreateTags', skip: 1, effect: { code: 'UnauthorizedOperation' } });
  const { code, outcome, records } = await runPower(twin, stop);
  expect(outcome).toEqual({ [id]: 'error: mark-failed' });
  expect(records[0]?.error?.message).toContain('it is stopped');
  expect(code).toBe(2);
});

test('the same filter that has stopped a group brings it back, when it has no members and when one has no mark', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  const filters = ['--filters', 'Name=tag:env,Values=dev'];
  region.addGroup({ name: 'web', min: 1, desired: 3, max: 4, tags: { env: 'dev' } });
  region.addGroup({ name: 'other', desired: 1, tags: { env: 'prod' } });
  for (const [mode, monday] of [
    ['zero', '2026-11-23T07:00:00Z'],
    ['suspend', '2026-11-30T07:00:00Z'],
  ] as const) {
    const group = ['--group-members', mode];
    await runPower(twin, ['stop-instances', ...filters, ...weekend, ...group]);
    const [member] = region.group('web').members;
    if (member !== undefined) region.startInstance(member.id);
    until(monday);
    const back = await runPower(twin, ['start-instances', ...filters, ...weekend, ...group]);
    expect([mode, back.code, back.outcome['web']]).toEqual([mode, 0, 'restored']);
    until('2026-11-27T19:00:00Z');
  }
});

test('a group whose members were all terminated is restored by the filter that has stopped it, and no other is', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  region.addGroup({ name: 'web', desired: 1, tags: { env: 'dev' } });
  const words = [...weekend, '--group-members', 'suspend'];
  await runPower(twin, ['stop-instances', '--filters', 'Name=tag:env,Values=dev', ...words]);
  region.terminateInstance(region.group('web').members[0]!.id);
  untilMonday();
  await runPower(twin, ['start-instances', '--filters', 'Name=tag:env,Values=prod', ...words]);
  expect(region.group('web').tags.has('devops:asg')).toBe(true);
  const calls = changingCalls(twin).length;
  const { outcome } = await runPower(twin, ['start-instances', '--filters', 'Name=tag:env,Values=dev', ...words]);
  expect(outcome['web']).toBe('restored');
  expect(changingCalls(twin).length).toBeGreaterThan(calls);
});
