import { afterEach, expect, test } from 'vitest';
import { spotRequestTypes } from '../../../../src/lib/aws/read/describe-spot-requests.ts';
import { healthOf } from '../../../../src/lib/aws/read/instance-health.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

let standIn: StandIn | undefined;
afterEach(async () => {
  await standIn?.stop();
  standIn = undefined;
});

const { signal } = new AbortController();
const values = (question: URLSearchParams, prefix: string): string[] =>
  [...question].filter(([name]) => name.startsWith(prefix)).map(([, value]) => value);

function status(id: string, instance: string, system?: string): string {
  const check = (name: string, word: string): string => `<${name}><status>${word}</status></${name}>`;
  return (
    `<item><instanceId>${id}</instanceId>${check('instanceStatus', instance)}` +
    `${system === undefined ? '' : check('systemStatus', system)}</item>`
  );
}

test('the health of an instance is the worse one of its two checks, and a missing one is not passed', async () => {
  standIn = await startStandIn((_question, response) =>
    response.end(
      `<DescribeInstanceStatusResponse><instanceStatusSet>${status('i-1', 'ok', 'ok')}${status('i-2', 'ok', 'impaired')}` +
        `${status('i-3', 'initializing', 'ok')}${status('i-4', 'not-applicable', 'not-applicable')}${status('i-5', 'ok')}` +
        '</instanceStatusSet></DescribeInstanceStatusResponse>',
    ),
  );
  expect([...(await healthOf(standIn.target, ['i-1', 'i-2', 'i-3', 'i-4', 'i-5', 'i-6'], { signal }))]).toEqual([
    ['i-1', 'ok'],
    ['i-2', 'impaired'],
    ['i-3', 'initializing'],
    ['i-4', 'not-applicable'],
    ['i-5', 'insufficient-data'],
  ]);
  expect(standIn.questions[0]?.get('IncludeAllInstances')).toBe('true');
  expect(standIn.questions[0]?.has('MaxResults')).toBe(false);
});

test('ids that have vanished are dropped, and the health of all others is told', async () => {
  const gone = new Set(['i-00', 'i-0a', 'i-0b']);
  const ids = Array.from({ length: 150 }, (_, number) => `i-${number.toString(16).padStart(2, '0')}`);
  standIn = await startStandIn((question, response) => {
    const asked = values(question, 'InstanceId.');
    const missing = asked.filter((id) => gone.has(id)).slice(0, 2);
    if (missing.length === 0) {
      const all = asked.map((id) => status(id, 'ok', 'ok')).join('');
      response.end(
        `<DescribeInstanceStatusResponse><instanceStatusSet>${all}</instanceStatusSet></DescribeInstanceStatusResponse>`,
      );
      return;
    }
    response.statusCode = 400;
    response.end(
      `<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>The instance IDs '${missing.join(', ')}' do not exist</Message></Error></Errors></Response>`,
    );
  });
  const health = await healthOf(standIn.target, ids, { signal });
  expect([...health.keys()].toSorted()).toEqual(ids.filter((id) => !gone.has(id)));
  expect(standIn.questions.map((question) => values(question, 'InstanceId.').length).toSorted((a, b) => a - b)).toEqual(
    [50, 97, 98, 100],
  );
});

test('a failure that names no id that was asked for is a failure', async () => {
  standIn = await startStandIn((_question, response) => {
    response.statusCode = 400;
    response.end(
      '<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>gone</Message></Error></Errors></Response>',
    );
  });
  await expect(healthOf(standIn.target, ['i-1'], { signal })).rejects.toMatchObject({ name: 'UserError' });
});

test('spot requests are asked as filters over all pages; those that are gone are absent', async () => {
  const request = (id: string, type: string): string =>
    `<item><spotInstanceRequestId>${id}</spotInstanceRequestId><type>${type}</type></item>`;
  standIn = await startStandIn((question, response) => {
    const isSecond = question.has('NextToken');
    response.end(
      `<DescribeSpotInstanceRequestsResponse><spotInstanceRequestSet>${isSecond ? request('sir-2', 'persistent') : request('sir-1', 'one-time')}` +
        `</spotInstanceRequestSet>${isSecond ? '' : '<nextToken>n</nextToken>'}</DescribeSpotInstanceRequestsResponse>`,
    );
  });
  const types = await spotRequestTypes(standIn.target, ['sir-1', 'sir-2', 'sir-3', 'sir-1'], { signal });
  expect([...types]).toEqual([
    ['sir-1', 'one-time'],
    ['sir-2', 'persistent'],
  ]);
  expect(values(standIn.questions[0] ?? new URLSearchParams(), 'Filter.1.Value.')).toEqual(['sir-1', 'sir-2', 'sir-3']);
});
