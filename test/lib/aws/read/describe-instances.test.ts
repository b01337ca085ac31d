import { afterEach, expect, test } from 'vitest';
import { describeInstances } from '../../../../src/lib/aws/describe-instances.ts';
import type { InstanceRow } from '../../../../src/lib/aws/instance-row.ts';
import type { InstanceQuestion } from '../../../../src/lib/aws/question.ts';
import type { UserError } from '../../../../src/lib/errors/user-error.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

let standIn: StandIn | undefined;
afterEach(async () => {
  await standIn?.stop();
  standIn = undefined;
});

type Answer = Parameters<typeof startStandIn>[0];

const id = (number: number): string => `i-${number.toString(16).padStart(17, '0')}`;

const instance = (number: number, more = ''): string =>
  `<item><instanceId>${id(number)}</instanceId><instanceState><name>running</name></instanceState>` +
  `<launchTime>2026-11-20T08:00:00.000Z</launchTime>${more}</item>`;

function answerOf(numbers: readonly number[], token = ''): string {
  return (
    '<DescribeInstancesResponse><reservationSet><item><ownerId>123456789012</ownerId><instancesSet>' +
    numbers.map((number) => instance(number)).join('\n') +
    `</instancesSet></item></reservationSet>${token === '' ? '' : `<nextToken>${token}</nextToken>`}</DescribeInstancesResponse>`
  );
}

async function ask(
  answer: Answer,
  question: InstanceQuestion = {},
  signal = new AbortController().signal,
): Promise<readonly InstanceRow[]> {
  standIn = await startStandIn(answer);
  const rows: InstanceRow[] = [];
  for await (const page of describeInstances(standIn.target, question, { signal })) rows.push(...page);
  return rows;
}

async function failureOf(answer: Answer, question: InstanceQuestion = {}): Promise<UserError> {
  return ask(answer, question).then(
    (rows) => expect.fail(`there were ${rows.length} rows`),
    (error: UserError) => error,
  );
}

test('pages are followed to the last, a thousand at a time, and an instance that moved to the next is told once', async () => {
  const rows = await ask((question, response) => {
    const token = question.get('NextToken');
    if (token === null) response.end(answerOf([1, 2], 'two&amp;"&lt;'));
    else if (token === 'two&"<') response.end(answerOf([], 'three'));
    else if (token === 'three') response.end(answerOf([2, 3]));
  });
  expect(rows.map((row) => row.id)).toEqual([id(1), id(2), id(3)]);
  expect(standIn?.questions.map((question) => question.get('MaxResults'))).toEqual(['1000', '1000', '1000']);
});

test('ids are asked as filters in pieces of two hundred, at most four at once, together with the other filters', async () => {
  const ids = Array.from({ length: 1201 }, (_, number) => id(number));
  let atOnce = 0;
  let most = 0;
  const rows = await ask(
    (question, response) => {
      most = Math.max(most, ++atOnce);
      const numbers = [...question].filter(([name]) => name.startsWith('Filter.1.Value.'));
      setTimeout(() => {
        atOnce--;
        response.end(answerOf(numbers.map(([, value]) => Number.parseInt(value.slice(2), 16))));
      }, 20);
    },
    { ids: [...ids, ...ids], filters: [{ name: 'instance-state-name', values: ['running', 'stopped'] }] },
  );
  expect(rows.map((row) => row.id).toSorted()).toEqual(ids);
  expect(most).toBe(4);
  expect(standIn?.questions).toHaveLength(7);
  for (const question of standIn?.questions ?? []) {
    expect(question.get('Filter.1.Name')).toBe('instance-id');
    expect(question.get('Filter.2.Value.2')).toBe('stopped');
    expect(question.has('InstanceId.1')).toBe(false);
  }
});

test.each([{ ids: [] }, { filters: [{ name: 'tag:env', values: [] }] }])(
  'nothing is asked where nothing can be meant: %j',
  async (question) => {
    expect(await ask((_question, response) => response.end(answerOf([1])), question)).toEqual([]);
    expect(standIn?.questions).toHaveLength(0);
  },
);

test('a page that breaks in its middle is asked again as a whole, without double rows', async () => {
  const rows = await ask((question, response, count) => {
    const text = answerOf([1, 2, 3], question.has('NextToken') ? '' : 'two');
    if (count === 2) {
      response.setHeader('content-length', text.length);
      response.write(text.slice(0, 400), () => response.destroy());
    } else response.end(question.has('NextToken') ? answerOf([4, 5, 6]) : text);
  });
  expect(rows.map((row) => row.id)).toEqual([1, 2, 3, 4, 5, 6].map(id));
  expect(standIn?.questions).toHaveLength(3);
});

test('a body that ends properly but too early is asked again, and then a failure', async () => {
  const whole = answerOf([1, 2, 3]);
  const rows = await ask((_question, response, count) => response.end(count < 3 ? whole.slice(0, -1) : whole));
  expect(rows).toHaveLength(3);
  await standIn?.stop();
  const { message, code } = await failureOf((_question, response) => response.end(whole.slice(0, 300)));
  expect(message).toBe('DescribeInstances in eu-central-1: the answer ends in the middle, after 300 bytes');
  expect(code).toBe('network');
  expect(standIn?.questions).toHaveLength(3);
});

test('rows of the pages before a failure are given, those of its own page are not', async () => {
  standIn = await startStandIn((question, response) =>
    response.end(question.has('NextToken') ? answerOf([3, 4]).slice(0, -10) : answerOf([1, 2], 'two')),
  );
  const pages = describeInstances(standIn.target, {}, { signal: new AbortController().signal });
  expect((await pages.next()).value).toHaveLength(2);
  await expect(pages.next()).rejects.toThrow(/ends in the middle/);
});

test.each([
  ['a page for people', '<!DOCTYPE html><html><body>Sign in</body></html>', /is not XML of AWS$/],
  ['a page without a type', '<html><body>Sign in</body></html>', /begins with <html>$/],
  ['JSON', '{"reservations":[]}', /is not XML$/],
  [
    'the answer to something else',
    '<DescribeVpcsResponse></DescribeVpcsResponse>',
    /begins with <DescribeVpcsResponse>$/,
  ],
  [
    'tags that do not match',
    answerOf([1]).replace('</instanceId>', '</instanceIds>'),
    /has a <\/instanceIds> out of place$/,
  ],
  ['something after the end', `${answerOf([1])}${answerOf([2])}`, /goes on after its end$/],
  [
    'an instance without an id',
    answerOf([1]).replace(/<instanceId>.*?<\/instanceId>/, ''),
    /an instance without an id$/,
  ],
  ['an instance without a state', answerOf([1]).replace('<name>running</name>', ''), /tells no state of i-0+1$/],
  [
    'an instance without a launch',
    answerOf([1]).replace(/<launchTime>.*?<\/launchTime>/, ''),
    /no time of launch of i-/,
  ],
])('%s is a failure at the first attempt, never an empty answer', async (_what, body, message) => {
  const failure = await failureOf((_question, response) => response.end(body));
  expect(failure.name).toBe('UserError');
  expect(failure.message).toMatch(message);
  expect(standIn?.questions).toHaveLength(1);
});

test('nothing at all is a failure', async () => {
  const failure = await failureOf((_question, response) => response.end());
  expect(failure.message).toBe('DescribeInstances in eu-central-1: the answer is empty');
});

test('a throttle is asked again by the SDK, also where it comes with status 200', async () => {
  const throttle =
    '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Slow</Message></Error></Errors></Response>';
  const rows = await ask((_question, response, count) => {
    if (count === 1) response.statusCode = 503;
    response.end(count < 3 ? throttle : answerOf([1]));
  });
  expect(rows).toHaveLength(1);
  expect(standIn?.questions).toHaveLength(3);
});

test.each([200, 403])('an error of the service is a failure that has its words, with status %d', async (status) => {
  const failure = await failureOf((_question, response) => {
    response.statusCode = status;
    response.end(
      '<?xml version="1.0"?><Response><Errors><Error><Code>UnauthorizedOperation</Code>' +
        '<Message>You are not authorized to perform this operation.</Message></Error></Errors></Response>',
    );
  });
  expect(failure.name).toBe('UserError');
  expect(failure.message).toMatch(/not authorized/i);
  expect((failure.cause as Error).name).toBe('UnauthorizedOperation');
  expect(standIn?.questions).toHaveLength(1);
});

test('pages that refer to each other in a circle are a failure', async () => {
  const failure = await failureOf((question, response) =>
    response.end(answerOf([], question.get('NextToken') === 'a' ? 'b' : 'a')),
  );
  expect(failure.message).toMatch(/same next page again/);
  expect(standIn?.questions).toHaveLength(3);
});

test('an instance of more than 4 MiB is refused while it comes', async () => {
  let isDone = false;
  const failure = await failureOf((_question, response) => {
    const [head] = answerOf([1]).split('</instanceId>');
    response.write(`${head}</instanceId><tagSet>`);
    const more = (): void => {
      if (isDone) return;
      response.write('<item><key>k</key><value>v</value></item>'.repeat(2000));
      setImmediate(more);
    };
    more();
  }).finally(() => (isDone = true));
  expect(failure.message).toMatch(/has an item of more than 4194304 bytes$/);
});

test('a text without an end is refused', async () => {
  const failure = await failureOf((_question, response) =>
    response.end(answerOf([1]).replace('running', 'x'.repeat(70_000))),
  );
  expect(failure.message).toMatch(/has a text of more than 65536 bytes$/);
});

test('elements without an end to their depth are refused', async () => {
  const failure = await failureOf((_question, response) =>
    response.end(answerOf([1]).replace('<reservationSet>', '<a>'.repeat(70))),
  );
  expect(failure.message).toMatch(/more than 64 levels deep$/);
});

test('an end from outside is told as it was given, in the middle of a body too', async () => {
  const stop = new AbortController();
  const reason = new Error('interrupted');
  const asked = ask(
    (_question, response) => response.write(answerOf([1]).slice(0, 300), () => stop.abort(reason)),
    {},
    stop.signal,
  );
  await expect(asked).rejects.toBe(reason);
});

test('whoever stops reading asks for no further page', async () => {
  standIn = await startStandIn((_question, response, count) => response.end(answerOf([count], `page ${count}`)));
  for await (const page of describeInstances(standIn.target, {}, { signal: new AbortController().signal })) {
    expect(page).toHaveLength(1);
    break;
  }
  expect(standIn.questions).toHaveLength(1);
});

test('only the tags that were asked for are kept', async () => {
  const tags =
    '<tagSet><item><key>Name</key><value>web</value></item><item><key>env</key><value>prod</value></item></tagSet>';
  standIn = await startStandIn((_question, response) =>
    response.end(answerOf([1]).replace('</launchTime>', `</launchTime>${tags}`)),
  );
  const read = async (wanted?: 'none' | readonly string[]): Promise<unknown> => {
    const { signal } = new AbortController();
    const options = wanted === undefined ? { signal } : { signal, tags: wanted };
    const page = await describeInstances(standIn!.target, {}, options).next();
    return [...((page.value as InstanceRow[])[0]?.tags ?? [])];
  };
  expect(await read()).toEqual([
    ['Name', 'web'],
    ['env', 'prod'],
  ]);
  expect(await read(['env'])).toEqual([['env', 'prod']]);
  expect(await read('none')).toEqual([]);
});
