import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { afterEach, expect, test } from 'vitest';
import { readFailedActivity } from '../../../../../src/lib/aws/power/groups/failed-activity.ts';
import type { PowerRun } from '../../../../../src/lib/aws/power/power-run.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A server that answers every question with the same text, and a run that asks it. */
async function answering(text: string, status = 200): Promise<PowerRun> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'text/xml', connection: 'close' }).end(text);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const client = new AutoScalingClient({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  ends.push(
    () => client.destroy(),
    () => new Promise((resolve) => void server.close(() => resolve())),
  );
  const target = { region: 'eu-central-1', label: 'eu-central-1', autoScaling: () => Promise.resolve(client) };
  return { target, signal: new AbortController().signal } as unknown as PowerRun;
}

const activity = (status: string, at: string, message: string) =>
  `<member><ActivityId>a</ActivityId><AutoScalingGroupName>web</AutoScalingGroupName><Cause>c</Cause>
   <StartTime>${at}</StartTime><StatusCode>${status}</StatusCode><StatusMessage>${message}</StatusMessage></member>`;

const answer = (...activities: string[]) =>
  `<DescribeScalingActivitiesResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">
   <DescribeScalingActivitiesResult><Activities>${activities.join('')}</Activities></DescribeScalingActivitiesResult>
   </DescribeScalingActivitiesResponse>`;

const since = new Date('2026-11-23T06:00:00Z');

test('the newest launch that has failed since the restore began says why', async () => {
  const run = await answering(
    answer(
      activity('InProgress', '2026-11-23T06:03:00Z', ''),
      activity('Failed', '2026-11-23T06:02:00Z', 'We currently do not have sufficient t3.micro capacity'),
      activity('Failed', '2026-11-23T06:01:00Z', 'older'),
    ),
  );
  expect(await readFailedActivity(run, 'web', since)).toBe('We currently do not have sufficient t3.micro capacity');
});

test('a failure from before the restore is none of its own', async () => {
  const run = await answering(answer(activity('Failed', '2026-11-20T06:00:00Z', 'last week')));
  expect(await readFailedActivity(run, 'web', since)).toBeUndefined();
});

test('a long message is cut', async () => {
  const run = await answering(answer(activity('Failed', '2026-11-23T06:02:00Z', 'x'.repeat(5000))));
  expect(await readFailedActivity(run, 'web', since)).toHaveLength(300);
});

test('a refusal names the operation', async () => {
  const denied = '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>';
  const run = await answering(denied, 403);
  await expect(readFailedActivity(run, 'web', since)).rejects.toThrow('DescribeScalingActivities');
});
