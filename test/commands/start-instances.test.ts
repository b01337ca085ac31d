import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import type { InstanceOptions } from '../support/aws-twin/instance.ts';
import type { TwinRegion } from '../support/aws-twin/twin-region.ts';
import { changingCalls, runPower } from './run-power.ts';

let twin: Twin;
let region: TwinRegion;

/** A Monday morning. */
beforeEach(async () => {
  twin = await startTwin({ clock: { start: new Date('2026-11-23T07:05:00Z') } });
  region = twin.region();
});
afterEach(() => twin.stop());

const weekend = ['--off', 'Fri 19:00 - Mon 07:00', '--tz', 'UTC'];
const start = ['start-instances', ...weekend, '--yes'];
const run = '20261120T190000Z-aaaa';
let schedule = '';

/** The name that the schedule has in marks, as a real run writes it. */
async function scheduleName(): Promise<string> {
  if (schedule !== '') return schedule;
  const other = await startTwin({ clock: { start: new Date('2026-11-20T19:00:00Z') } });
  const id = other.region().addInstance();
  await runPower(other, ['stop-instances', id, ...weekend, '--yes']);
  schedule = /by=(.*)$/.exec(other.region().instance(id).tags.get('devops:stopped')!)![1]!;
  await other.stop();
  return schedule;
}

async function stopped(options: InstanceOptions & { at?: string; by?: string; run?: string } = {}): Promise<string> {
  const { at = '2026-11-20T19:00:00Z', by = await scheduleName(), run: of = run, ...others } = options;
  return region.addInstance({
    state: 'stopped',
    launchTime: new Date('2026-11-20T08:00:00Z'),
    ...others,
    tags: { 'devops:stopped': `v1 at=${at} run=${of} by=${by}`, ...others.tags },
  });
}

const mark = (id: string) => region.instance(id).tags.get('devops:stopped');

describe('by schedule', () => {
  test('starts exactly what the same schedule has stopped, sees it run, and removes the mark', async () => {
    const mine = await stopped();
    const ids = {
      other: await stopped({ by: 'weekend UTC' }),
      byHand: await stopped({ by: 'manual' }),
      spent: await stopped({ launchTime: new Date('2026-11-21T10:00:00Z') }),
      malformed: await stopped({ tags: { 'devops:stopped': 'v1 at=yesterday run=x by=y' } }),
      newer: await stopped({ tags: { 'devops:stopped': 'v2 something' } }),
    };
    region.addInstance({ state: 'stopped' });
    const { code, outcome, records } = await runPower(twin, start);
    expect(outcome).toEqual({
      [mine]: 'started',
      [ids.other]: 'left alone: other-schedule',
      [ids.byHand]: 'left alone: stopped-by-hand',
      [ids.spent]: 'left alone: spent-mark',
      [ids.malformed]: 'error: malformed-mark',
      [ids.newer]: 'error: malformed-mark',
    });
    expect(records.find(({ id }) => id === ids.malformed)?.error?.message).toContain(
      "tag devops:stopped, column 7: 'yesterday' is no time",
    );
    for (const id of [ids.byHand, ids.other]) {
      expect(records.find((record) => record.id === id)?.reason).toContain(
        `: start it by its id, or with --run ${run}`,
      );
    }
    expect(code).toBe(2);
    expect(mark(mine)).toBeUndefined();
    expect(region.instance(mine).state).toBe('running');
    expect(mark(ids.spent)).toBeUndefined();
    expect([mark(ids.other), mark(ids.byHand), mark(ids.newer)].every((value) => value !== undefined)).toBe(true);
  });

  test('what another schedule should have brought back more than a day ago is a warning', async () => {
    const forgotten = await stopped({ by: 'nights UTC' });
    const inTime = await stopped({ by: 'weekend UTC' });
    const unreadable = await stopped({ by: 'whenever it rains UTC' });
    region.addGroup({
      name: 'web',
      min: 0,
      desired: 0,
      tags: { 'devops:asg': `v1 zero at=2026-11-20T19:00:00Z run=${run} by=nights UTC min=1 max=3 desired=2` },
    });
    const { code, outcome, records } = await runPower(twin, start);
    expect(outcome).toEqual({
      [forgotten]: 'left alone: orphaned',
      [inTime]: 'left alone: other-schedule',
      [unreadable]: 'left alone: other-schedule',
      web: 'left alone: orphaned',
    });
    expect(records.find(({ id }) => id === forgotten)?.reason).toBe(
      `was stopped by the schedule nights UTC and should be on since 2026-11-21T07:00Z: start it by its id, or with --run ${run}`,
    );
    expect([code, changingCalls(twin)]).toEqual([1, []]);
    const quiet = await runPower(twin, [...start, '-q'], { text: true });
    expect(quiet.stdout.split('\n').filter((line) => line.startsWith('warning: '))).toHaveLength(2);
  });

  test('in off time nothing is asked or said', async () => {
    await stopped();
    twin.clock.advance(4.6 * 86_400);
    const { code, stdout, stderr } = await runPower(twin, start, { text: true });
    expect([code, stdout, stderr, twin.calls.length]).toEqual([0, '', '', 0]);
  });

  test('nothing to bring back is fine, and silent', async () => {
    region.addInstance();
    const { code, stdout, stderr } = await runPower(twin, start, { text: true });
    expect([code, stdout, stderr]).toEqual([0, '', '']);
  });

  test('--tag narrows; one that fits nothing at all is told, one that fits what is on is fine', async () => {
    const dev = await stopped({ tags: { env: 'dev' } });
    await stopped({ tags: { env: 'prod' } });
    region.addInstance({ tags: { env: 'test' } });
    const { outcome } = await runPower(twin, [...start, '--tag', 'env=dev']);
    expect(outcome).toEqual({ [dev]: 'started' });
    expect((await runPower(twin, [...start, '--tag', 'env=test'])).code).toBe(0);
    const nothing = await runPower(twin, [...start, '--tag', 'env=prd'], { text: true });
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('--tag env=prd matches no instance')]);
  });

  test('the mark of what somebody has started in the meantime is removed, and it is left alone', async () => {
    const id = await stopped({ state: 'running', launchTime: new Date('2026-11-21T10:00:00Z') });
    const { code, outcome } = await runPower(twin, start);
    expect(outcome).toEqual({ [id]: 'left alone: already-running' });
    expect([code, mark(id), changingCalls(twin)]).toEqual([0, undefined, ['DeleteTags']]);
  });

  test('the mark of a stop that was cut off before it began goes, or a later stop by hand would be undone', async () => {
    const id = await stopped({ state: 'running' });
    await runPower(twin, start);
    expect(mark(id)).toBeUndefined();
  });

  test('without --yes not even a worthless mark is touched', async () => {
    const id = await stopped({ state: 'running', launchTime: new Date('2026-11-21T10:00:00Z') });
    const { code } = await runPower(twin, start.slice(0, -1));
    expect([code, mark(id) === undefined, changingCalls(twin)]).toEqual([0, false, []]);
  });

  test('a stop by hand between plan and start is respected', async () => {
    const id = await stopped();
    let reads = 0;
    twin.onCall((call, moment) => {
      if (call.operation !== 'DescribeInstances' || moment !== 'after' || ++reads !== 1) return;
      region.tagInstance(id, { 'devops:stopped': `v1 at=2026-11-23T07:04:00Z run=${run} by=manual` });
    });
    const { outcome } = await runPower(twin, start);
    expect(outcome).toEqual({ [id]: 'left alone: no-mark' });
    expect(region.instance(id).state).toBe('stopped');
  });
});

describe('by name', () => {
  test('an id is started whoever stopped it, marked or not', async () => {
    const [plain, byHand, on] = [
      region.addInstance({ state: 'stopped' }),
      await stopped({ by: 'manual' }),
      region.addInstance(),
    ];
    const { code, outcome } = await runPower(twin, `start-instances ${plain} ${byHand} ${on} --yes`);
    expect(outcome).toEqual({ [plain]: 'started', [byHand]: 'started', [on]: 'left alone: already-running' });
    expect([code, mark(byHand)]).toEqual([0, undefined]);
  });

  test('--run brings back what one run has stopped, by hand too', async () => {
    const mine = await stopped({ by: 'manual' });
    const other = await stopped({ by: 'manual', run: '20261121T080000Z-bbbb' });
    const { outcome } = await runPower(twin, `start-instances --run ${run} --yes`);
    expect(outcome).toEqual({ [mine]: 'started' });
    const named = await runPower(twin, `start-instances ${other} --run ${run} --yes`);
    expect(named.outcome).toEqual({ [other]: 'left alone: other-run' });
  });

  test('a run that stopped nothing is told, whatever others have stopped', async () => {
    await stopped({ run: '20261121T080000Z-bbbb' });
    const { code, stderr } = await runPower(twin, `start-instances --run ${run} --yes`, { text: true });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`run ${run}: nothing is stopped by it in eu-central-1`),
    ]);
  });

  test('the run that stop-instances prints is the one that --run takes', async () => {
    const id = region.addInstance();
    const { records } = await runPower(twin, `stop-instances ${id} --yes`);
    const { outcome } = await runPower(twin, `start-instances --run ${records[0]?.run} --yes`);
    expect(outcome).toEqual({ [id]: 'started' });
  });

  test('what is still stopping is waited for, and left alone with --no-wait', async () => {
    const options: InstanceOptions = { state: 'running', stoppingSeconds: 50 };
    const [one, other] = [region.addInstance(options), region.addInstance(options)];
    region.stopInstance(one);
    region.stopInstance(other);
    const asked = await runPower(twin, `start-instances ${other} --yes --no-wait`);
    expect(asked.outcome).toEqual({ [other]: 'left alone: stopping' });
    expect((await runPower(twin, `start-instances ${one} --yes`)).outcome).toEqual({ [one]: 'started' });
  });

  test.each([
    ['', 'there is nothing that says which instances to start'],
    ['--tag env=dev', '--tag env=dev alone does not say which of the stopped instances to start'],
    ['--all', '--all alone does not say which of the stopped instances to start'],
    ['--run x --off nights', '--run brings back what one run has stopped'],
    ['--run a/b', "'a/b' is not the name of a run"],
  ])('%s: a usage error', async (words, message) => {
    const { code, stderr } = await runPower(twin, `start-instances ${words} --yes`, { text: true });
    expect(stderr).toContain(message);
    expect([code, twin.calls.length]).toEqual([2, 0]);
  });
});

describe('what goes wrong', () => {
  test('one that falls back is an error with the reason of AWS and the key, and the next run tries again', async () => {
    const id = await stopped({ withoutKeyGrant: true });
    const { code, records } = await runPower(twin, start);
    expect(records).toMatchObject([{ id, error: { code: 'fell-back' } }]);
    expect(records[0]?.error?.message).toContain('Client.InternalError');
    expect(records[0]?.error?.hint).toContain('kms:CreateGrant');
    expect(code).toBe(2);
    region.instance(id).withoutKeyGrant = false;
    expect((await runPower(twin, start)).outcome).toEqual({ [id]: 'started' });
  });

  test('started means seen running twice: one that runs for a moment only is no success', async () => {
    const id = await stopped({ pendingSeconds: 1, stoppingSeconds: 1 });
    let sightings = 0;
    twin.onCall((call, moment) => {
      const isRunning = region.instance(id).state === 'running' && call.operation === 'DescribeInstances';
      if (isRunning && moment === 'after' && ++sightings === 1) region.stopInstance(id);
    });
    const { code, outcome } = await runPower(twin, start);
    expect(outcome).toEqual({ [id]: 'error: stopped-meanwhile' });
    expect(code).toBe(2);
  });

  test('without room in one zone the others start, and what there is room for is started', async () => {
    const here = await Promise.all(Array.from({ length: 12 }, () => stopped({ zone: 'eu-central-1a' })));
    const there = await Promise.all(Array.from({ length: 5 }, () => stopped({ zone: 'eu-central-1b' })));
    region.setCapacity('t3.micro eu-central-1a', 7);
    const { code, outcome, records } = await runPower(twin, start);
    expect(there.every((id) => outcome[id] === 'started')).toBe(true);
    expect(here.filter((id) => outcome[id] === 'started')).toHaveLength(7);
    expect(here.filter((id) => outcome[id] === 'error: no-capacity' && mark(id) !== undefined)).toHaveLength(5);
    expect(records).toHaveLength(17);
    expect(code).toBe(2);
    // The client may send one call several times: a lack of room is a server error.
    const asked = twin.calls.filter(({ operation }) => operation === 'StartInstances');
    expect(new Set(asked.map(({ parameters }) => JSON.stringify(parameters))).size).toBeLessThan(16);
  });

  test('room that comes while it is waited for is used', async () => {
    const id = await stopped();
    region.setCapacity('*', 0);
    twin.clock.after(12, () => region.setCapacity('*', 1));
    expect((await runPower(twin, start)).outcome).toEqual({ [id]: 'started' });
  });

  test('a mark that cannot be removed is an error, and the next run removes it', async () => {
    const id = await stopped();
    twin.fault({
      operation: 'DeleteTags',
      effect: {
        code: 'UnauthorizedOperation',
        message: 'You are not authorized to perform this operation.',
        status: 403,
      },
    });
    const { code, outcome } = await runPower(twin, start);
    expect([code, outcome]).toEqual([2, { [id]: 'error: mark-not-removed' }]);
    expect(region.instance(id).state).toBe('running');
    expect((await runPower(twin, start)).code).toBe(0);
    expect(mark(id)).toBeUndefined();
  });

  test('one that cannot be started holds up no other', async () => {
    const good = await Promise.all(Array.from({ length: 20 }, () => stopped()));
    const bad = await stopped({ spotRequest: 'persistent' });
    region.interruptSpot(bad, 'stop');
    twin.clock.advance(120);
    const { code, outcome } = await runPower(twin, start);
    expect(good.every((id) => outcome[id] === 'started')).toBe(true);
    expect(outcome[bad]).toBe('error: refused');
    expect(mark(bad)).toBeDefined();
    expect(code).toBe(2);
  });

  test('stale reads are no failure', async () => {
    const id = await stopped();
    region.staleSeconds = 4;
    expect((await runPower(twin, start)).outcome).toEqual({ [id]: 'started' });
  });

  test('--no-wait asks, and the mark stays until a later run has seen it', async () => {
    const id = await stopped();
    const { code, outcome } = await runPower(twin, [...start, '--no-wait']);
    expect([code, outcome]).toEqual([0, { [id]: 'start requested' }]);
    expect(mark(id)).toBeDefined();
    twin.clock.advance(60);
    await runPower(twin, start);
    expect(mark(id)).toBeUndefined();
  });
});
