import { describe, expect, onTestFinished, test } from 'vitest';
import { startTwin, type TwinOptions } from '../support/aws-twin/aws-twin.ts';
import { ask } from './send-signed.ts';

async function twinOf(options: TwinOptions = {}) {
  const twin = await startTwin(options);
  onTestFinished(() => twin.stop());
  const region = twin.region();
  const power = (
    operation: 'StopInstances' | 'StartInstances',
    ids: readonly string[],
    more: Record<string, string> = {},
  ) =>
    ask(twin, 'ec2', operation, {
      ...Object.fromEntries(ids.map((id, index) => [`InstanceId.${index + 1}`, id])),
      ...more,
    });
  return { twin, region, power };
}

describe('an instance', () => {
  test('stops in its time, and starts in its time with a new launch time and public address', async () => {
    const { twin, region, power } = await twinOf();
    const id = region.addInstance({ stoppingSeconds: 30, pendingSeconds: 20 });
    const before = { ...region.instance(id) };
    expect((await power('StopInstances', [id])).text).toMatch(
      /<currentState><code>64<\/code><name>stopping<\/name><\/currentState><previousState><code>16<\/code><name>running<\/name>/,
    );
    twin.clock.advance(29);
    expect(region.instance(id).state).toBe('stopping');
    twin.clock.advance(1);
    expect(region.instance(id)).toMatchObject({
      state: 'stopped',
      publicIp: undefined,
      privateIp: before.privateIp,
      transitionReason: 'User initiated (2026-11-20 18:00:00 GMT)',
      stateReason: { code: 'Client.UserInitiatedShutdown' },
    });
    await power('StartInstances', [id]);
    expect(region.instance(id).state).toBe('pending');
    twin.clock.advance(20);
    expect(region.instance(id)).toMatchObject({ state: 'running', transitionReason: '', stateReason: undefined });
    expect(region.instance(id).launchedAt).toBe(Date.parse('2026-11-20T18:00:30Z') / 1000);
    expect(region.instance(id).publicIp).toBeDefined();
    expect(region.instance(id).publicIp).not.toBe(before.publicIp);
  });

  test('draws its times from 10-60 and 10-40 seconds, the same for the same seed', async () => {
    const times = async (seed: number) => {
      const { twin, region, power } = await twinOf({ seed });
      const ids = Array.from({ length: 20 }, () => region.addInstance());
      await power('StopInstances', ids);
      twin.clock.advance(9.9);
      expect(ids.every((id) => region.instance(id).state === 'stopping')).toBe(true);
      twin.clock.advance(50.1);
      expect(ids.every((id) => region.instance(id).state === 'stopped')).toBe(true);
      return ids.map((id) => region.instance(id).faces.at(-1)!.at);
    };
    const [one, again, other] = [await times(7), await times(7), await times(8)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('that is stopped already is no error, and is not stopped once more', async () => {
    const { region, power } = await twinOf();
    const id = region.addInstance({ state: 'stopped' });
    expect((await power('StopInstances', [id])).status).toBe(200);
    expect(region.instance(id).changes).toEqual([]);
  });

  test('with an encrypted volume and no grant starts with 200, and falls back to stopped', async () => {
    const { twin, region, power } = await twinOf();
    const id = region.addInstance({ state: 'stopped', withoutKeyGrant: true });
    expect((await power('StartInstances', [id])).status).toBe(200);
    twin.clock.advance(60);
    const { text } = await ask(twin, 'ec2', 'DescribeInstances', { 'InstanceId.1': id });
    expect(text).toContain('<instanceState><code>80</code><name>stopped</name></instanceState>');
    expect(text).toContain(
      '<stateReason><code>Client.InternalError</code><message>Client.InternalError: Client error on launch</message></stateReason>',
    );
  });

  test('hibernates when it was made for it', async () => {
    const { region, power } = await twinOf();
    const id = region.addInstance({ hibernationConfigured: true });
    expect((await power('StopInstances', [id], { Hibernate: 'true' })).status).toBe(200);
    expect(region.instance(id)).toMatchObject({
      hibernated: true,
      stateReason: { code: 'Client.UserInitiatedHibernate' },
    });
  });

  test('that somebody starts while it stops is what it became last', async () => {
    const { twin, region } = await twinOf();
    const id = region.addInstance({ stoppingSeconds: 30 });
    region.stopInstance(id);
    region.startInstance(id);
    twin.clock.advance(100);
    expect(region.instance(id).state).toBe('running');
    expect(region.instance(id).changes.map(({ what, by }) => `${what} by ${by}`)).toEqual([
      'stop by somebody else',
      'start by somebody else',
    ]);
  });

  test('lives by itself on a clock that runs', async () => {
    const { region, power } = await twinOf({ clock: { speed: 100 }, stoppingSeconds: 30 });
    const id = region.addInstance();
    const began = performance.now();
    await power('StopInstances', [id]);
    expect(region.instance(id).state).toBe('stopping');
    await expect.poll(() => region.instance(id).state, { interval: 5 }).toBe('stopped');
    expect(performance.now() - began).toBeGreaterThan(290);
  });

  test('is read late where reads are stale', async () => {
    const { twin, region, power } = await twinOf({ staleSeconds: 5 });
    const id = region.addInstance({ name: 'old' });
    await power('StopInstances', [id]);
    region.tagInstance(id, { Name: 'new' });
    const read = async () => (await ask(twin, 'ec2', 'DescribeInstances')).text;
    expect(await read()).toMatch(/<name>running<\/name>.*<value>old<\/value>/s);
    twin.clock.advance(5);
    expect(await read()).toMatch(/<name>stopping<\/name>.*<value>new<\/value>/s);
  });

  test('is listed for an hour after its end, and then unknown', async () => {
    const { twin, region } = await twinOf();
    const id = region.addInstance({ stoppingSeconds: 10 });
    region.terminateInstance(id);
    twin.clock.advance(10);
    const read = () => ask(twin, 'ec2', 'DescribeInstances', { 'InstanceId.1': id });
    expect((await read()).text).toContain('<name>terminated</name>');
    twin.clock.advance(3601);
    expect(await read()).toMatchObject({ code: 'InvalidInstanceID.NotFound' });
  });

  test('has checks that pass two minutes after its start', async () => {
    const { twin, region, power } = await twinOf();
    const id = region.addInstance({ state: 'stopped', pendingSeconds: 10 });
    await power('StartInstances', [id]);
    twin.clock.advance(11);
    const read = async () => (await ask(twin, 'ec2', 'DescribeInstanceStatus')).text;
    expect(await read()).toContain('<status>initializing</status>');
    twin.clock.advance(120);
    expect(await read()).toContain('<status>ok</status>');
  });

  test('of the spot market tells in its request whether it can be stopped', async () => {
    const { twin, region } = await twinOf();
    const ids = (['one-time', 'persistent'] as const).map((spotRequest) => region.addInstance({ spotRequest }));
    const { id } = region.instance(ids[1]!).spotRequest!;
    const { text } = await ask(twin, 'ec2', 'DescribeSpotInstanceRequests', { 'SpotInstanceRequestId.1': id });
    expect(text).toContain('<type>persistent</type>');
    expect(text).not.toContain('<type>one-time</type>');
  });
});

describe('filters', () => {
  test.each([
    ['tag:env', ['pr*'], ['prod', 'proto']],
    ['tag:env', ['pro?'], ['prod']],
    ['tag:env', ['Prod'], []],
    ['tag:env', ['a\\*b', 'proto'], ['proto', 'a*b']],
    ['tag:env', ['a.b'], []],
    ['tag-key', ['e?v'], ['prod', 'proto', 'a*b']],
    ['instance-state-name', ['stop*'], ['proto']],
    ['instance-type', ['t3.micro', 'm5.large'], ['prod', 'proto', 'a*b']],
    ['private-ip-address', ['10.0.0.1'], ['prod']],
  ])('%s %j finds %j', async (name, values, found) => {
    const { twin, region } = await twinOf();
    region.addInstance({ tags: { env: 'prod' }, privateIp: '10.0.0.1' });
    region.addInstance({ tags: { env: 'proto' }, state: 'stopped', privateIp: '10.0.0.10' });
    region.addInstance({ tags: { env: 'a*b' }, type: 'm5.large', privateIp: '10.0.0.11' });
    const list = Object.fromEntries(values.map((value, index) => [`Filter.1.Value.${index + 1}`, value]));
    const { text } = await ask(twin, 'ec2', 'DescribeInstances', { 'Filter.1.Name': name, ...list });
    expect([...text.matchAll(/<key>env<\/key><value>(.*?)<\/value>/g)].map(([, value]) => value)).toEqual(found);
  });
});

test('pages count instances, and survive what comes and goes between them', async () => {
  const { twin, region } = await twinOf();
  const ids = Array.from({ length: 12 }, () => region.addInstance({ reservation: 'r-0123456789abcdef0' }));
  const running = { 'Filter.1.Name': 'instance-state-name', 'Filter.1.Value.1': 'running', MaxResults: '5' };
  const seen: string[] = [];
  let token: string | undefined;
  do {
    const more = token === undefined ? {} : { NextToken: token };
    const { text } = await ask(twin, 'ec2', 'DescribeInstances', { ...running, ...more });
    const found = [...text.matchAll(/<instanceId>(.*?)<\/instanceId>/g)].map(([, id]) => id!);
    expect(found.length).toBeLessThanOrEqual(5);
    seen.push(...found);
    token = /<nextToken>(.*?)<\/nextToken>/.exec(text)?.[1];
    // The last one shown leaves the answer: nothing behind it may be left out.
    if (seen.length === 5) region.stopInstance(ids[4]!);
  } while (token !== undefined);
  expect(seen).toEqual(ids);
});
