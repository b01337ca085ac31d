import { DescribeInstancesCommand, EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTwin, type Twin, type TwinOptions } from '../support/aws-twin/aws-twin.ts';
import { ask } from './send-signed.ts';

async function twinOf(options: TwinOptions = {}) {
  const twin = await startTwin(options);
  onTestFinished(() => twin.stop());
  const id = twin.region().addInstance();
  return { twin, id, stop: () => ask(twin, 'ec2', 'StopInstances', { 'InstanceId.1': id }) };
}

function client(twin: Twin, maxAttempts = 1): EC2Client {
  const credentials = {
    accessKeyId: twin.env['AWS_ACCESS_KEY_ID']!,
    secretAccessKey: twin.env['AWS_SECRET_ACCESS_KEY']!,
  };
  const sdk = new EC2Client({ region: 'eu-central-1', endpoint: twin.url, credentials, maxAttempts });
  onTestFinished(() => sdk.destroy());
  return sdk;
}

describe('a scripted fault', () => {
  test.each([
    ['RequestLimitExceeded', 503, 'Request limit exceeded.'],
    ['OptInRequired', 403, 'You are not subscribed to this service.'],
    ['VcpuLimitExceeded', 400, 'You have requested more vCPU capacity'],
    ['Invented', 400, 'Invented as scripted'],
  ])('answers %s and does nothing, once', async (effect, status, text) => {
    const { twin, id, stop } = await twinOf();
    twin.fault({ operation: 'StopInstances', effect });
    expect(await stop()).toMatchObject({ status, code: effect, message: expect.stringContaining(text) });
    expect(twin.region().instance(id).state).toBe('running');
    expect(await stop()).toMatchObject({ status: 200 });
    expect(twin.calls.map(({ operation, outcome, carriedOut }) => [operation, outcome, carriedOut])).toEqual([
      ['StopInstances', effect, false],
      ['StopInstances', undefined, true],
    ]);
  });

  test('resets the connection before anything is done, or after', async () => {
    const { twin, id, stop } = await twinOf();
    twin.fault({ effect: 'reset' });
    await expect(stop()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(twin.region().instance(id).state).toBe('running');
    twin.fault({ effect: 'lost' });
    await expect(stop()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(twin.region().instance(id).state).toBe('stopping');
  });

  test('spoils the answer: half of it, with and without an honest length, or a page of a proxy', async () => {
    const { twin } = await twinOf();
    const whole = (await ask(twin, 'ec2', 'DescribeInstances')).text;
    twin.fault({ effect: 'truncate' });
    const half = (await ask(twin, 'ec2', 'DescribeInstances')).text;
    expect(half.length).toBe(Math.floor(whole.length / 2));
    twin.fault({ effect: 'cut' });
    await expect(ask(twin, 'ec2', 'DescribeInstances')).rejects.toThrow('aborted');
    twin.fault({ effect: 'html' });
    expect(await ask(twin, 'ec2', 'DescribeInstances')).toMatchObject({
      status: 502,
      text: expect.stringContaining('<html>'),
    });
  });

  test('hangs until the client has had enough', async () => {
    const { twin } = await twinOf();
    twin.fault({ effect: 'hang' });
    const controller = new AbortController();
    twin.onCall(() => void setTimeout(() => controller.abort(), 50));
    const reading = client(twin).send(new DescribeInstancesCommand({}), { abortSignal: controller.signal });
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('sends a page again and again, and the rest after it', async () => {
    const { twin } = await twinOf();
    for (let number = 1; number < 12; number += 1) twin.region().addInstance();
    twin.fault({ operation: 'DescribeInstances', times: 2, effect: 'duplicate-page' });
    const counts: number[] = [];
    const ids = new Set<string>();
    for await (const page of paginateDescribeInstances({ client: client(twin), pageSize: 5 }, {})) {
      const instances = page.Reservations!.flatMap(({ Instances }) => Instances!);
      counts.push(instances.length);
      for (const { InstanceId } of instances) ids.add(InstanceId!);
    }
    expect(counts).toEqual([5, 5, 5, 5, 2]);
    expect(ids.size).toBe(12);
  });

  test('hits what it is meant for: region, condition, after so many, so often', async () => {
    const { twin } = await twinOf();
    const read = (region: string) => ask(twin, 'ec2', 'DescribeInstances', {}, { region });
    twin.fault({ region: 'eu-west-1', skip: 1, times: 2, when: ({ number }) => number > 2, effect: 'InternalError' });
    const statuses: number[] = [];
    for (const region of [
      'eu-west-1',
      'eu-central-1',
      'eu-west-1',
      'eu-west-1',
      'eu-central-1',
      'eu-west-1',
      'eu-west-1',
    ]) {
      statuses.push((await read(region)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 500, 200, 500, 200]);
  });

  test('hits by chance, the same for the same seed', async () => {
    const hits = async () => {
      const { twin } = await twinOf({ seed: 3 });
      twin.fault({ probability: 0.3, effect: 'RequestLimitExceeded' });
      const statuses: number[] = [];
      for (let number = 0; number < 40; number += 1)
        statuses.push((await ask(twin, 'ec2', 'DescribeInstances')).status);
      return statuses;
    };
    const one = await hits();
    expect(one.filter((status) => status === 503).length).toBeGreaterThan(4);
    expect(await hits()).toEqual(one);
  });

  test('that is never met fails the test', async () => {
    const twin = await startTwin();
    twin.fault({ operation: 'StopInstances', effect: 'reset' });
    twin.fault({ operation: 'StartInstances', effect: 'reset', optional: true });
    await expect(twin.stop()).rejects.toThrow(
      'scripted faults were never met: reset of StopInstances: used 0 of 1 times',
    );
  });

  test('can look and act before and after the operation, as a hook on every call can', async () => {
    const { twin, id, stop } = await twinOf();
    const seen: string[] = [];
    const state = () => twin.region().instance(id).state;
    const forget = twin.onCall(({ operation }, moment) => void seen.push(`${moment} ${operation}: ${state()}`));
    twin.fault({ effect: { before: () => void seen.push(`fault: ${state()}`) } });
    await stop();
    twin.fault({ effect: { after: () => twin.region().forgetInstance(id) } });
    forget();
    await stop();
    expect(seen).toEqual(['before StopInstances: running', 'fault: running', 'after StopInstances: stopping']);
    expect(await stop()).toMatchObject({ code: 'InvalidInstanceID.NotFound' });
  });
});

describe('a token bucket', () => {
  test('throttles one operation in one region, and fills with the clock', async () => {
    const { twin } = await twinOf({ buckets: [{ operation: 'DescribeInstances', size: 3, refill: 0.5 }] });
    const read = (region = 'eu-central-1') => ask(twin, 'ec2', 'DescribeInstances', {}, { region });
    for (let number = 0; number < 3; number += 1) expect((await read()).status).toBe(200);
    expect(await read()).toMatchObject({ status: 503, code: 'RequestLimitExceeded' });
    expect((await read('eu-west-1')).status).toBe(200);
    expect((await ask(twin, 'ec2', 'DescribeRegions')).status).toBe(200);
    twin.clock.advance(2);
    expect((await read()).status).toBe(200);
    expect((await read()).status).toBe(503);
  });

  test('fills with real time times a factor for a client that waits really', async () => {
    const { twin } = await twinOf({ buckets: [{ operation: '*', size: 1, refill: 1, clock: { realTimes: 1000 } }] });
    const groups = () => ask(twin, 'autoscaling', 'DescribeAutoScalingGroups');
    await groups();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await groups()).status).toBe(200);
    twin.clock.advance(60);
  });

  test('throttles Auto Scaling in its own words', async () => {
    const { twin } = await twinOf({ buckets: [{ operation: '*', size: 0, refill: 0 }] });
    const answer = await ask(twin, 'autoscaling', 'DescribeAutoScalingGroups');
    expect(answer).toMatchObject({ status: 400, code: 'Throttling', message: 'Rate exceeded' });
  });
});

test('a client that learns the time from the Date header gets through with a wrong clock', async () => {
  const { twin } = await twinOf({ skewSeconds: 3600 });
  await expect(client(twin).send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: 'RequestExpired' });
  const patient = client(twin, 2);
  expect((await patient.send(new DescribeInstancesCommand({}))).Reservations).toHaveLength(1);
});

test('answers are written in pieces where that is asked for, and read whole', async () => {
  const { twin } = await twinOf({ pieceBytes: 7 });
  const answer = await client(twin).send(new DescribeInstancesCommand({}));
  expect(answer.Reservations).toHaveLength(1);
});
