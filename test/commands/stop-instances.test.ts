import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import type { TwinRegion } from '../support/aws-twin/twin-region.ts';
import { changingCalls, runPower } from './run-power.ts';

let twin: Twin;
let region: TwinRegion;

beforeEach(async () => {
  twin = await startTwin();
  region = twin.region();
});
afterEach(() => twin.stop());

const mark = (id: string) => region.instance(id).tags.get('devops:stopped');

test('stops what was named, sees it stopped, and leaves a mark of who asked', async () => {
  const id = region.addInstance({ name: 'web-1' });
  const { code, records, stderr } = await runPower(twin, `stop-instances ${id} --yes`);
  expect(stderr).toBe('');
  expect(records).toMatchObject([
    { kind: 'instance', id, name: 'web-1', state: 'stopped', region: 'eu-central-1', account: '111122223333' },
  ]);
  expect(code).toBe(0);
  expect(region.instance(id).state).toBe('stopped');
  expect(mark(id)).toMatch(/^v1 at=2026-11-20T18:00:\d\dZ run=20261120T180000Z-\w{4} by=manual$/);
  expect(changingCalls(twin)).toEqual(['CreateTags', 'StopInstances']);
});

test('the mark is there before the instance is asked to stop', async () => {
  const id = region.addInstance();
  let before: string | undefined;
  twin.onCall((call, moment) => {
    if (call.operation === 'StopInstances' && moment === 'before') before = mark(id);
  });
  await runPower(twin, `stop-instances ${id} --yes`);
  expect(before).toMatch(/^v1 at=/);
});

test('what cannot be stopped is left alone with its reason, before any call', async () => {
  const options = { tags: { env: 'dev' } };
  const ids = {
    stopped: region.addInstance({ ...options, state: 'stopped' }),
    stopping: region.addInstance({ ...options, state: 'stopping' }),
    pending: region.addInstance({ ...options, state: 'pending' }),
    terminated: region.addInstance({ ...options, state: 'terminated' }),
    store: region.addInstance({ ...options, rootDeviceType: 'instance-store' }),
    protected: region.addInstance({ tags: { env: 'dev', 'devops:protect': '' } }),
    unprotected: region.addInstance({ tags: { env: 'dev', 'devops:protect': 'False' } }),
    member: region.addInstance({ tags: { env: 'dev', 'aws:autoscaling:groupName': 'web' } }),
    once: region.addInstance({ ...options, spotRequest: 'one-time' }),
    again: region.addInstance({ ...options, spotRequest: 'persistent' }),
  };
  const { code, outcome, records } = await runPower(twin, 'stop-instances --tag env=dev --yes');
  expect(code).toBe(0);
  expect(outcome).toEqual({
    [ids.stopped]: 'left alone: already-stopped',
    [ids.stopping]: 'left alone: already-stopped',
    [ids.pending]: 'left alone: not-running',
    [ids.terminated]: 'left alone: terminated',
    [ids.store]: 'left alone: instance-store',
    [ids.protected]: 'left alone: protected',
    [ids.unprotected]: 'stopped',
    [ids.member]: 'left alone: group-member',
    [ids.once]: 'left alone: spot-one-time',
    [ids.again]: 'stopped',
  });
  expect(records.find(({ id }) => id === ids.pending)?.reason).toBe('is pending: it has never reached running');
  expect(changingCalls(twin)).toEqual(['CreateTags', 'StopInstances']);
  const others = records.filter(({ state }) => state === 'left alone');
  expect(others.every(({ id }) => mark(id!) === undefined)).toBe(true);
});

test('never stops the instance that it runs on', async () => {
  const id = region.addInstance({ tags: { env: 'dev' } });
  const metadata = await twin.serveMetadata(id);
  const env = { ...twin.env, ...metadata.env };
  const { code, outcome } = await runPower(twin, 'stop-instances --tag env=dev --yes', { env });
  expect(outcome).toEqual({ [id]: 'left alone: itself' });
  expect(code).toBe(0);
});

test('what AWS refuses to stop is left alone and loses its mark, and holds up no other', async () => {
  const good = Array.from({ length: 97 }, () => region.addInstance({ tags: { env: 'dev' } }));
  const once = region.addInstance({ tags: { env: 'dev' }, spotRequest: 'one-time' });
  const held = region.addInstance({ tags: { env: 'dev' }, disableApiStop: true });
  const again = region.addInstance({ tags: { env: 'dev' }, spotRequest: 'persistent' });
  // Whoever may not ask what kind of request it is learns it from the refusal.
  twin.fault({ operation: 'DescribeSpotInstanceRequests', effect: { code: 'UnauthorizedOperation', status: 403 } });
  const { code, outcome, records } = await runPower(twin, 'stop-instances --tag env=dev --yes --max 100');
  expect(outcome[once]).toBe('left alone: spot-one-time');
  expect(outcome[held]).toBe('left alone: protected');
  expect(records.find(({ id }) => id === held)?.reason).toContain("'disableApiStop'");
  expect([...good, again].every((id) => outcome[id] === 'stopped' && mark(id) !== undefined)).toBe(true);
  expect([mark(once), mark(held)]).toEqual([undefined, undefined]);
  expect(code).toBe(0);
  expect(changingCalls(twin)).toEqual(['CreateTags', 'StopInstances', 'StopInstances', 'StopInstances', 'DeleteTags']);
});

test('a refusal that names no instance is found by halving', async () => {
  const ids = Array.from({ length: 40 }, () => region.addInstance({ tags: { env: 'dev' } }));
  const bad = ids[23]!;
  twin.fault({
    operation: 'StopInstances',
    times: Infinity,
    when: ({ parameters }) => Object.values(parameters).includes(bad),
    effect: { code: 'UnsupportedOperation', message: 'The operation is not supported' },
  });
  const { code, outcome } = await runPower(twin, 'stop-instances --tag env=dev --yes');
  expect(outcome[bad]).toBe('left alone: unsupported');
  expect(ids.filter((id) => outcome[id] === 'stopped')).toHaveLength(39);
  expect(mark(bad)).toBeUndefined();
  expect(code).toBe(0);
  expect(changingCalls(twin).filter((name) => name === 'StopInstances').length).toBeLessThanOrEqual(13);
});

test('a refusal of everything is not tried for each one', async () => {
  for (let count = 0; count < 50; count++) region.addInstance();
  twin.fault({ operation: 'StopInstances', times: Infinity, effect: { code: 'InvalidParameterValue', message: 'No' } });
  const { code, records } = await runPower(twin, 'stop-instances --all --yes');
  expect(code).toBe(2);
  expect(records).toHaveLength(50);
  expect(records.every(({ error }) => error?.code === 'refused')).toBe(true);
  expect(changingCalls(twin).length).toBeLessThan(40);
});

test('a throttle is waited for and never halved', async () => {
  for (let count = 0; count < 30; count++) region.addInstance();
  twin.fault({ operation: 'StopInstances', times: 3, effect: 'RequestLimitExceeded' });
  const { code, records } = await runPower(twin, 'stop-instances --all --yes');
  expect(code).toBe(0);
  expect(records.every(({ state }) => state === 'stopped')).toBe(true);
  expect(changingCalls(twin).filter((name) => name === 'StopInstances')).toHaveLength(4);
});

test('missing permission is an error of each, costs one call, and leaves no mark', async () => {
  const ids = Array.from({ length: 30 }, () => region.addInstance());
  twin.fault({
    operation: 'StopInstances',
    effect: {
      code: 'UnauthorizedOperation',
      message: 'You are not authorized to perform this operation.',
      status: 403,
    },
  });
  const { code, records } = await runPower(twin, 'stop-instances --all --yes');
  expect(code).toBe(2);
  expect(records).toHaveLength(30);
  expect(records.every(({ error }) => error?.code === 'refused')).toBe(true);
  expect(ids.every((id) => region.instance(id).state === 'running' && mark(id) === undefined)).toBe(true);
  expect(changingCalls(twin)).toEqual(['CreateTags', 'StopInstances', 'DeleteTags']);
});

test('a tag that cannot be written keeps its instance running', async () => {
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`key-${at}`, 'value']));
  const full = region.addInstance({ tags });
  const others = Array.from({ length: 20 }, () => region.addInstance());
  const { code, outcome, records } = await runPower(twin, 'stop-instances --all --yes');
  expect(outcome[full]).toBe('error: mark-failed');
  expect(records.find(({ id }) => id === full)?.error?.hint).toContain('50 tags');
  expect(region.instance(full).state).toBe('running');
  expect(others.every((id) => outcome[id] === 'stopped')).toBe(true);
  expect(code).toBe(2);
});

test('an instance that vanishes between two calls is an error of its own', async () => {
  const [gone, stays] = [region.addInstance(), region.addInstance()];
  twin.fault({ operation: 'CreateTags', effect: { before: () => region.forgetInstance(gone) } });
  const { code, outcome } = await runPower(twin, 'stop-instances --all --yes');
  expect(outcome).toEqual({ [gone]: 'error: vanished', [stays]: 'stopped' });
  expect(code).toBe(2);
});

test('one that is terminated while it stops is an error', async () => {
  const [gone, stays] = [region.addInstance({ stoppingSeconds: 100 }), region.addInstance()];
  twin.fault({ operation: 'StopInstances', effect: { after: () => region.terminateInstance(gone) } });
  const { code, outcome } = await runPower(twin, 'stop-instances --all --yes');
  expect(outcome).toEqual({ [gone]: 'error: terminated', [stays]: 'stopped' });
  expect(code).toBe(2);
});

test('an answer that is lost is no failure when the instance is seen to stop', async () => {
  const id = region.addInstance();
  twin.fault({ operation: 'StopInstances', times: Infinity, effect: 'lost' });
  const { code, outcome } = await runPower(twin, `stop-instances ${id} --yes`);
  expect(outcome).toEqual({ [id]: 'stopped' });
  expect(mark(id)).toMatch(/^v1/);
  expect(code).toBe(0);
});

test('a call that never gets through is an error, and its mark is removed', async () => {
  const id = region.addInstance();
  twin.fault({ operation: 'StopInstances', times: Infinity, effect: 'reset' });
  const { code, records } = await runPower(twin, `stop-instances ${id} --yes`);
  expect(records).toMatchObject([{ id, error: { code: 'refused' } }]);
  expect(mark(id)).toBeUndefined();
  expect(code).toBe(2);
});

test('what was stopped by somebody else since the plan is not ours', async () => {
  const id = region.addInstance();
  let reads = 0;
  twin.onCall((call, moment) => {
    if (call.operation === 'DescribeInstances' && moment === 'after' && ++reads === 1) region.stopInstance(id);
  });
  const { outcome } = await runPower(twin, `stop-instances ${id} --yes`);
  expect(outcome).toEqual({ [id]: 'left alone: already-stopped' });
  expect(mark(id)).toBeUndefined();
});

test('one that does not stop in time is unverified, with the state that it was seen in', async () => {
  const [slow, quick] = [region.addInstance({ stoppingSeconds: 4000 }), region.addInstance({ stoppingSeconds: 5 })];
  const { code, outcome, records } = await runPower(twin, 'stop-instances --all --yes --wait-timeout 2m');
  expect(outcome).toEqual({ [slow]: 'error: unverified', [quick]: 'stopped' });
  expect(records.find(({ id }) => id === slow)?.error?.message).toContain('still stopping');
  expect(twin.clock.monotonic()).toBeGreaterThanOrEqual(120);
  expect(twin.clock.monotonic()).toBeLessThan(140);
  expect(code).toBe(2);
});

test('--no-wait asks and does not look', async () => {
  const id = region.addInstance();
  const { code, records } = await runPower(twin, `stop-instances ${id} --yes --no-wait`);
  expect(records).toMatchObject([{ id, state: 'stop requested' }]);
  expect(twin.calls.at(-1)?.operation).toBe('StopInstances');
  expect(code).toBe(0);
});

test('--hibernate stops only what can hibernate, --force is handed on', async () => {
  const [can, cannot] = [region.addInstance({ hibernationConfigured: true }), region.addInstance()];
  const { code, outcome } = await runPower(twin, 'stop-instances --all --yes --hibernate --force');
  expect(outcome).toEqual({ [can]: 'stopped', [cannot]: 'error: hibernation-not-configured' });
  expect(region.instance(can).hibernated).toBe(true);
  expect(region.instance(cannot).state).toBe('running');
  expect(twin.calls.find(({ operation }) => operation === 'StopInstances')?.parameters).toMatchObject({
    Force: 'true',
  });
  expect(code).toBe(2);
});

test('ids that do not exist are errors beside those that do', async () => {
  const id = region.addInstance();
  const { code, outcome } = await runPower(twin, `stop-instances ${id} i-00000000000000000 --yes`);
  expect(outcome).toEqual({ [id]: 'stopped', 'i-00000000000000000': 'error: not-found' });
  expect(code).toBe(2);
});

test('5,000 under a bucket of 50 calls, 5 a second: all are stopped with at most 60 calls that change something', async () => {
  await twin.stop();
  const operations = ['StopInstances', 'CreateTags', 'DescribeInstances'];
  twin = await startTwin({ buckets: operations.map((operation) => ({ operation, size: 50, refill: 5 })) });
  region = twin.region();
  for (let count = 0; count < 5000; count++) region.addInstance({ tags: { env: 'dev' }, stoppingSeconds: 4 });
  const { code, records } = await runPower(twin, 'stop-instances --tag env=dev --yes --max 5000');
  expect(code).toBe(0);
  expect(records).toHaveLength(5000);
  expect(records.every(({ state }) => state === 'stopped')).toBe(true);
  expect(
    [...region.instances.values()].every(({ state, tags }) => state === 'stopped' && tags.has('devops:stopped')),
  ).toBe(true);
  expect(changingCalls(twin).length).toBeLessThanOrEqual(60);
}, 30_000);
