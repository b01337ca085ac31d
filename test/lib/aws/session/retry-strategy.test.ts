import { expect, test } from 'vitest';
import { openTargets } from '../../../../src/lib/aws/open-targets.ts';
import type { Logger } from '../../../../src/lib/log/logger.ts';
import { answering, silent, staticKeys, targetRequest } from './answering.ts';

const refused =
  '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors></Response>';
const stopped = '<StopInstancesResponse><instancesSet/></StopInstancesResponse>';

/** Stops one instance for each of `count` callers under a server that throttles the first `throttled` requests. */
async function stop(throttled: number, count: number, env: Record<string, string> = {}, log: Logger = silent) {
  let left = throttled;
  let now = 1000;
  const waits: number[] = [];
  await using server = await answering((_, response) => {
    left -= 1;
    if (left >= 0) response.writeHead(503).end(refused);
    else response.end(stopped);
  });
  const [target] = await openTargets(
    targetRequest(
      { ...staticKeys, ...env, AWS_ENDPOINT_URL: server.url },
      {
        regions: ['eu-west-1'],
        log,
        pause: (seconds) => {
          waits.push(seconds);
          now += seconds;
          return Promise.resolve();
        },
        monotonic: () => now,
      },
    ),
  );
  const { StopInstancesCommand } = await import('@aws-sdk/client-ec2');
  const client = await target!.ec2();
  const settled = await Promise.allSettled(
    Array.from({ length: count }, () => client.send(new StopInstancesCommand({ InstanceIds: ['i-1'] }))),
  );
  target!.close();
  return { settled, waits, requests: server.asked.length, elapsed: now - 1000 };
}

test('what was throttled is sent again up to ten times, on the clock that was given', async () => {
  const began = performance.now();
  const lines: string[] = [];
  const { settled, waits, requests, elapsed } = await stop(9, 1, {}, { ...silent, debug: (line) => lines.push(line) });
  expect(settled[0]!.status).toBe('fulfilled');
  expect(requests).toBe(10);
  expect(waits).toHaveLength(9);
  waits.forEach((seconds, index) => expect(seconds).toBeLessThanOrEqual(Math.min(20, 2 ** index)));
  expect(elapsed).toBeGreaterThan(0.1);
  expect(performance.now() - began).toBeLessThan(2000);
  expect(lines).toHaveLength(9);
  expect(lines[0]).toMatch(/^sent again in \d+\.\d\d s$/);
});

test('after the tenth try it is given up, and AWS_MAX_ATTEMPTS changes how many there are', async () => {
  const { settled, requests } = await stop(100, 1);
  expect(settled[0]).toMatchObject({
    status: 'rejected',
    reason: { name: 'RequestLimitExceeded', $metadata: { attempts: 10 } },
  });
  expect(requests).toBe(10);
  expect((await stop(100, 1, { AWS_MAX_ATTEMPTS: '2' })).requests).toBe(2);
  expect((await stop(100, 1, { AWS_MAX_ATTEMPTS: '1', AWS_RETRY_MODE: 'standard' })).waits).toEqual([]);
  await expect(stop(0, 1, { AWS_MAX_ATTEMPTS: 'many' })).rejects.toThrow('no number of tries: many');
});

/** The times at which one stop was sent to a server that answers it with `script`, one after the other. */
async function scripted(script: readonly ('throttle' | 'reset' | 'no room' | 'trouble')[]) {
  const waits: number[] = [];
  const left = [...script];
  await using server = await answering((_, response) => {
    const next = left.shift();
    const fail = (status: number, code: string) =>
      response.writeHead(status).end(refused.replace('RequestLimitExceeded', code));
    if (next === 'reset') response.destroy();
    else if (next === 'throttle') fail(503, 'RequestLimitExceeded');
    else if (next === 'no room') fail(500, 'InsufficientInstanceCapacity');
    else if (next === 'trouble') fail(500, 'InternalError');
    else response.end(stopped);
  });
  const env = { ...staticKeys, AWS_ENDPOINT_URL: server.url };
  const pause = (seconds: number) => Promise.resolve(void waits.push(seconds));
  const [target] = await openTargets(targetRequest(env, { regions: ['eu-west-1'], pause, monotonic: () => 0 }));
  const { StopInstancesCommand } = await import('@aws-sdk/client-ec2');
  const client = await target!.ec2();
  const [settled] = await Promise.allSettled([client.send(new StopInstancesCommand({ InstanceIds: ['i-1'] }))]);
  target!.close();
  return { status: settled.status, requests: server.asked.length, waits };
}

test('a lack of room is told at once, though its status is one of a server in trouble', async () => {
  expect(await scripted(['no room'])).toMatchObject({ status: 'rejected', requests: 1 });
  expect(await scripted(['trouble'])).toMatchObject({ status: 'fulfilled', requests: 2 });
});

test('what was throttled does not count as what nobody answered', async () => {
  expect(await scripted(['throttle', 'throttle', 'reset', 'throttle', 'reset'])).toMatchObject({
    status: 'fulfilled',
    requests: 6,
  });
  expect(await scripted(['reset', 'throttle', 'reset', 'reset'])).toMatchObject({ status: 'rejected', requests: 4 });
});

test('throttles do not make the pause after a lost connection longer', async () => {
  const { waits } = await scripted(['throttle', 'throttle', 'throttle', 'throttle', 'throttle', 'reset']);
  expect(waits.at(-1)).toBeLessThanOrEqual(0.05);
});

test('no quota ends the tries of many callers', async () => {
  const { settled } = await stop(400, 60);
  expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
});

test('adaptive: who is throttled makes later callers wait too; standard: each waits for itself', async () => {
  const asked = async (mode: string): Promise<number[]> => {
    let now = 0;
    let isThrottling = true;
    const sent: number[] = [];
    await using server = await answering((_, response) => {
      sent.push(now);
      if (isThrottling) response.writeHead(503, { 'retry-after': '15' }).end(refused);
      else response.end(stopped);
      isThrottling = false;
    });
    const waiting: { until: number; resolve: () => void }[] = [];
    const pause = (seconds: number): Promise<void> =>
      new Promise((resolve) => waiting.push({ until: now + seconds, resolve }));
    const env = { ...staticKeys, AWS_ENDPOINT_URL: server.url, AWS_RETRY_MODE: mode };
    const [target] = await openTargets(targetRequest(env, { regions: ['eu-west-1'], pause, monotonic: () => now }));
    const { StopInstancesCommand } = await import('@aws-sdk/client-ec2');
    const client = await target!.ec2();
    const first = client.send(new StopInstancesCommand({ InstanceIds: ['i-1'] }));
    await expect.poll(() => waiting.length, { interval: 2 }).toBe(1);
    now = 1;
    const second = client.send(new StopInstancesCommand({ InstanceIds: ['i-2'] }));
    await expect.poll(() => waiting.length + sent.length, { interval: 2 }).toBe(3);
    now = 100;
    for (const { resolve } of waiting) resolve();
    await Promise.all([first, second]);
    target!.close();
    return sent;
  };
  expect(await asked('adaptive')).toEqual([0, 100, 100]);
  expect(await asked('standard')).toEqual([0, 1, 100]);
});

test('an interruption ends a wait at once', async () => {
  await using server = await answering((_, response) => response.writeHead(503, { 'retry-after': '15' }).end(refused));
  const controller = new AbortController();
  const env = { ...staticKeys, AWS_ENDPOINT_URL: server.url };
  const { pause: _, ...request } = targetRequest(env, { regions: ['eu-west-1'], signal: controller.signal });
  const [target] = await openTargets(request);
  const { StopInstancesCommand } = await import('@aws-sdk/client-ec2');
  const client = await target!.ec2();
  const began = performance.now();
  const asking = client.send(new StopInstancesCommand({ InstanceIds: ['i-1'] }), { abortSignal: controller.signal });
  await expect.poll(() => server.asked.length, { interval: 5 }).toBe(1);
  controller.abort();
  await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  expect(performance.now() - began).toBeLessThan(3000);
  target!.close();
});
