import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, expect, test } from 'vitest';
import type { GroupRow } from '../../../../../src/lib/aws/group-row.ts';
import type { InstanceRow } from '../../../../../src/lib/aws/instance-row.ts';
import { waitForChecks } from '../../../../../src/lib/aws/power/groups/wait-for-checks.ts';
import type { PowerRun } from '../../../../../src/lib/aws/power/power-run.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A server that answers with one text after the other, the last one for ever, and a run of 300 s that asks it. */
async function answering(...texts: string[]) {
  let asked = 0;
  let now = 0;
  const server = createServer((request, response) => {
    request.resume();
    const text = texts[Math.min(asked, texts.length - 1)];
    asked += 1;
    response.writeHead(200, { 'content-type': 'text/xml', connection: 'close' }).end(text);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const client = new EC2Client({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  ends.push(
    () => client.destroy(),
    () => new Promise((resolve) => void server.close(() => resolve())),
  );
  const run = {
    target: { region: 'eu-central-1', label: 'eu-central-1', ec2: () => Promise.resolve(client) },
    signal: new AbortController().signal,
    deadline: 300,
    monotonic: () => now,
    pause: (seconds: number) => {
      now += seconds;
      return Promise.resolve();
    },
  } as unknown as PowerRun;
  return { run, waited: () => now, asked: () => asked };
}

const status = (id: string, system: string, own: string) =>
  `<item><instanceId>${id}</instanceId><systemStatus><status>${system}</status></systemStatus>
   <instanceStatus><status>${own}</status></instanceStatus></item>`;
const answer = (...items: string[]) =>
  `<DescribeInstanceStatusResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
   <instanceStatusSet>${items.join('')}</instanceStatusSet></DescribeInstanceStatusResponse>`;

const group = {
  members: [
    { id: 'i-1', lifecycle: 'InService' },
    { id: 'i-2', lifecycle: 'Standby' },
    { id: 'i-3', lifecycle: 'InService' },
  ],
} as unknown as GroupRow;
const rows = [
  { id: 'i-1', state: 'running', launchedAt: 2000 },
  { id: 'i-2', state: 'running', launchedAt: 2000 },
  { id: 'i-3', state: 'running', launchedAt: 500 },
] as unknown as InstanceRow[];
const mark = { mode: 'suspend', at: 1000, run: 'a', by: 'b', had: [], isResuming: false } as const;

test('both checks of what was started since are waited for, and of nothing else', async () => {
  const { run, asked } = await answering(
    answer(status('i-1', 'initializing', 'initializing')),
    answer(status('i-1', 'ok', 'initializing')),
    answer(status('i-1', 'ok', 'ok')),
  );
  expect(await waitForChecks(group, rows, mark, run)).toBeUndefined();
  expect(asked()).toBe(3);
});

test('a member that fails its checks is told of when the time is over', async () => {
  const { run, waited } = await answering(answer(status('i-1', 'ok', 'impaired')));
  const error = await waitForChecks(group, rows, mark, run);
  expect(error).toMatchObject({ code: 'impaired', message: expect.stringContaining('i-1') as string });
  expect(waited()).toBeGreaterThan(280);
  expect(waited()).toBeLessThanOrEqual(300);
});

test('a member that is gone meanwhile is waited for no longer', async () => {
  const { run, asked } = await answering(answer());
  expect(await waitForChecks(group, rows, mark, run)).toBeUndefined();
  expect(asked()).toBe(1);
});

test('answers that are none are asked for again, and told of at the end', async () => {
  const { run } = await answering('<html>proxy</html>', answer(status('i-1', 'ok', 'ok')));
  expect(await waitForChecks(group, rows, mark, run)).toBeUndefined();
});
