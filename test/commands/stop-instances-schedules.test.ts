import { afterEach, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import type { TwinRegion } from '../support/aws-twin/twin-region.ts';
import { changingCalls, runPower } from './run-power.ts';

let twin: Twin;
let region: TwinRegion;

afterEach(() => twin.stop());

/** A Friday is 2026-11-20; all in UTC. */
async function twinAt(start: string): Promise<void> {
  twin = await startTwin({ clock: { start: new Date(start) } });
  region = twin.region();
}

const weekend = ['--off', 'Fri 19:00 - Mon 07:00', '--tz', 'UTC'];
const stop = ['stop-instances', '--tag', 'env=dev', ...weekend, '--yes'];
const start = ['start-instances', ...weekend, '--yes'];
const dev = { tags: { env: 'dev' } };
const started = (time: string) => ({ ...dev, launchTime: new Date(time) });
const mark = (id: string) => region.instance(id).tags.get('devops:stopped');

test('in on time nothing is asked, said or changed', async () => {
  await twinAt('2026-11-20T18:59:00Z');
  region.addInstance(dev);
  const { code, stdout, stderr } = await runPower(twin, stop, { text: true });
  expect([code, stdout, stderr, twin.calls.length]).toEqual([0, '', '', 0]);
  const judged = await runPower(twin, [...stop, '-o', 'junit'], { text: true });
  expect(judged.code).toBe(0);
});

test('in off time what was on is stopped, in the name of the schedule, and a second run finds nothing to do', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  const id = region.addInstance(dev);
  const first = await runPower(twin, stop);
  expect(first.outcome).toEqual({ [id]: 'stopped' });
  expect(mark(id)).toMatch(/by=.*UTC$/);
  const calls = changingCalls(twin).length;
  const second = await runPower(twin, stop);
  expect(second.outcome).toEqual({ [id]: 'left alone: already-stopped' });
  expect([second.code, changingCalls(twin).length]).toEqual([0, calls]);
});

test('a run that comes three hours late catches up', async () => {
  await twinAt('2026-11-20T22:00:00Z');
  const id = region.addInstance(started('2026-11-20T08:00:00Z'));
  expect((await runPower(twin, stop)).outcome).toEqual({ [id]: 'stopped' });
});

test('what somebody has started in off time is left alone until the next switch, unless --enforce', async () => {
  await twinAt('2026-11-21T12:00:00Z');
  const id = region.addInstance(started('2026-11-21T10:00:00Z'));
  const { code, outcome, records } = await runPower(twin, stop);
  expect(outcome).toEqual({ [id]: 'left alone: started-since' });
  expect(records[0]?.reason).toContain('2026-11-21T10:00:00Z');
  expect(code).toBe(0);
  twin.clock.advance(7 * 86_400);
  expect((await runPower(twin, [...stop, '--dry-run'])).outcome).toEqual({ [id]: 'would stop' });
  expect((await runPower(twin, [...stop, '--enforce', '--dry-run'])).outcome).toEqual({ [id]: 'would stop' });
});

test('--enforce stops what was started since', async () => {
  await twinAt('2026-11-21T12:00:00Z');
  const id = region.addInstance(started('2026-11-21T10:00:00Z'));
  expect((await runPower(twin, [...stop, '--enforce'])).outcome).toEqual({ [id]: 'stopped' });
});

test('one that was marked and never stopped, as its run was killed, is stopped by the next one', async () => {
  await twinAt('2026-11-20T20:00:00Z');
  const id = region.addInstance({
    launchTime: new Date('2026-11-20T08:00:00Z'),
    tags: { env: 'dev', 'devops:stopped': 'v1 at=2026-11-20T19:00:00Z run=20261120T190000Z-aaaa by=x' },
  });
  expect((await runPower(twin, stop)).outcome).toEqual({ [id]: 'stopped' });
  expect(mark(id)).not.toContain('by=x');
});

test('a whole weekend: stopped, started again as it was, and nothing else', async () => {
  await twinAt('2026-11-20T19:05:00Z');
  const id = region.addInstance(dev);
  const off = region.addInstance({ ...dev, state: 'stopped' });
  await runPower(twin, stop);
  twin.clock.advance(2.5 * 86_400);
  const { code, outcome } = await runPower(twin, start);
  expect(outcome).toEqual({ [id]: 'started' });
  expect(code).toBe(0);
  expect([region.instance(id).state, mark(id), region.instance(off).state]).toEqual(['running', undefined, 'stopped']);
});

test('a retried event of Friday does not stop on Monday, and one of now does', async () => {
  await twinAt('2026-11-28T12:00:00Z');
  region.addInstance(started('2026-11-23T08:00:00Z'));
  const stale = await runPower(twin, [...stop, '--scheduled-at', '2026-11-20T19:00:00Z'], { text: true });
  expect(stale.stderr).toContain("the event of '2026-11-20T19:00:00Z' is stale: the schedule has switched since");
  expect([stale.code, twin.calls.length]).toEqual([2, 0]);
  const right = await runPower(twin, [...stop, '--scheduled-at', '2026-11-27T19:00:00Z']);
  expect(right.code).toBe(0);
  expect(right.records).toMatchObject([{ state: 'stopped' }]);
});

test('a stale event is silent where nothing would be done anyway', async () => {
  await twinAt('2026-11-23T09:00:00Z');
  const { code, stdout, stderr } = await runPower(twin, [...stop, '--scheduled-at', '2026-11-20T19:00:00Z'], {
    text: true,
  });
  expect([code, stdout, stderr]).toEqual([0, '', '']);
});

test('an event of the future, and an old one without a schedule, change nothing', async () => {
  await twinAt('2026-11-20T20:00:00Z');
  const id = region.addInstance();
  const future = await runPower(twin, `stop-instances ${id} -y --scheduled-at 2026-11-20T20:06:00Z`, { text: true });
  expect([future.code, future.stderr]).toEqual([2, expect.stringContaining('is in the future')]);
  const old = await runPower(twin, `stop-instances ${id} -y --scheduled-at 2026-11-20T18:59:00Z`, { text: true });
  expect([old.code, old.stderr]).toEqual([2, expect.stringContaining('is stale: it was due more than an hour ago')]);
  const soon = await runPower(twin, `stop-instances ${id} -y --scheduled-at 2026-11-20T20:04:00Z`);
  expect(soon.code).toBe(0);
});

test('the same event twice at once stops once, and what it stopped comes back', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  const ids = Array.from({ length: 30 }, () => region.addInstance(dev));
  const runs = await Promise.all([runPower(twin, stop), runPower(twin, stop)]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  expect(ids.every((id) => region.instance(id).state === 'stopped' && mark(id) !== undefined)).toBe(true);
  twin.clock.advance(2.5 * 86_400);
  const back = await Promise.all([runPower(twin, start), runPower(twin, start)]);
  expect(back.map(({ code }) => code)).toEqual([0, 0]);
  expect(ids.every((id) => region.instance(id).state === 'running' && mark(id) === undefined)).toBe(true);
});

test('Ctrl-C in the middle leaves no mark on what runs, and the next run does the rest', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  const ids = Array.from({ length: 150 }, () => region.addInstance(dev));
  let interrupt: (() => void) | undefined;
  let stops = 0;
  twin.onCall((call, moment) => {
    if (call.operation === 'CreateTags' && moment === 'after' && ++stops === 1) interrupt?.();
  });
  const line = [...stop, '--max', '200'];
  const { code, stderr } = await runPower(twin, line, {
    text: true,
    onStart: (running) => void (interrupt = () => running.interrupt('SIGINT')),
  });
  expect(code).toBe(130);
  expect(stderr).toContain('stopped: what became of 150 of 150 instances is not known');
  expect(ids.filter((id) => region.instance(id).state === 'running' && mark(id) !== undefined)).toEqual([]);
  expect((await runPower(twin, line)).code).toBe(0);
  expect(ids.every((id) => region.instance(id).state === 'stopped' && mark(id) !== undefined)).toBe(true);
});

test('each by its own tag: off, on, opted out, malformed with its column, and without', async () => {
  await twinAt('2026-11-20T20:00:00Z');
  const own = (value: string) => region.addInstance({ tags: { maid_offhours: value } });
  const off = own('off=(M-F,19);on=(M-F,7);tz=utc');
  const on = own('off=(M-F,22);on=(M-F,7);tz=utc');
  const out = own('off');
  const bad = own('off=(M-F,77);on=(M-F,7)');
  region.addInstance();
  const line = ['stop-instances', '--schedule-tag', 'maid_offhours', '--tz', 'UTC', '--yes'];
  const { code, outcome, records } = await runPower(twin, line);
  expect(outcome).toEqual({ [off]: 'stopped', [out]: 'left alone: opted-out', [bad]: 'error: malformed-schedule' });
  expect(records.find(({ id }) => id === bad)?.error?.message).toMatch(/maid_offhours.*column \d+/);
  expect(region.instance(on).state).toBe('running');
  expect(mark(off)).toContain('by=tag:maid_offhours');
  expect(code).toBe(2);
  twin.clock.advance(2.6 * 86_400);
  const back = await runPower(twin, ['start-instances', '--schedule-tag', 'maid_offhours', '--tz', 'UTC', '--yes']);
  expect(back.outcome).toEqual({ [off]: 'started' });
});

test('the name of a schedule is the same with --off and --on, so either brings back', async () => {
  await twinAt('2026-11-20T19:00:00Z');
  const id = region.addInstance(dev);
  await runPower(twin, ['stop-instances', id, '--on', 'office-hours', '--tz', 'UTC', '--yes']);
  twin.clock.advance(2.7 * 86_400);
  const { outcome } = await runPower(twin, ['start-instances', '--on', 'office-hours', '--tz', 'UTC', '--yes']);
  expect(outcome).toEqual({ [id]: 'started' });
});
