import { afterEach, expect, test } from 'vitest';
import { describeGroups } from '../../../../src/lib/aws/describe-groups.ts';
import type { GroupRow } from '../../../../src/lib/aws/group-row.ts';
import type { GroupQuestion } from '../../../../src/lib/aws/question.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

let standIn: StandIn | undefined;
afterEach(async () => {
  await standIn?.stop();
  standIn = undefined;
});

const group = (name: string, more = ''): string =>
  `<member><AutoScalingGroupName>${name}</AutoScalingGroupName><AutoScalingGroupARN>arn:${name}</AutoScalingGroupARN>` +
  `<MinSize>1</MinSize><MaxSize>4</MaxSize><DesiredCapacity>2</DesiredCapacity>${more}</member>`;

function answerOf(groups: readonly string[], token = ''): string {
  return (
    '<DescribeAutoScalingGroupsResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><DescribeAutoScalingGroupsResult>' +
    `<AutoScalingGroups>${groups.join('')}</AutoScalingGroups>${token === '' ? '' : `<NextToken>${token}</NextToken>`}` +
    '</DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>'
  );
}

async function ask(answer: Parameters<typeof startStandIn>[0], question: GroupQuestion = {}): Promise<GroupRow[]> {
  standIn = await startStandIn(answer);
  const rows: GroupRow[] = [];
  const { signal } = new AbortController();
  for await (const page of describeGroups(standIn.target, question, { signal })) rows.push(...page);
  return rows;
}

test('a group is told with its members, suspensions, tags and what makes it special', async () => {
  const inside =
    '<Instances><member><InstanceId>i-1</InstanceId><AvailabilityZone>eu-central-1a</AvailabilityZone>' +
    '<LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus>' +
    '<ProtectedFromScaleIn>true</ProtectedFromScaleIn></member><member><InstanceId>i-2</InstanceId>' +
    '<ProtectedFromScaleIn>false</ProtectedFromScaleIn></member></Instances>' +
    '<SuspendedProcesses><member><ProcessName>Launch</ProcessName><SuspensionReason>by hand &amp; on purpose</SuspensionReason>' +
    '</member></SuspendedProcesses><Tags><member><Key>env</Key><Value>prod</Value></member></Tags>' +
    '<WarmPoolConfiguration><MinSize>9</MinSize></WarmPoolConfiguration>' +
    '<MixedInstancesPolicy><LaunchTemplate><Overrides/></LaunchTemplate></MixedInstancesPolicy><Status>Delete in progress</Status>';
  const rows = await ask((_question, response) => response.end(answerOf([group('web', inside), group('api')])));
  expect(rows).toEqual([
    {
      name: 'web',
      arn: 'arn:web',
      min: 1,
      max: 4,
      desired: 2,
      members: [
        { id: 'i-1', zone: 'eu-central-1a', lifecycle: 'InService', health: 'Healthy', protectedFromScaleIn: true },
        { id: 'i-2', zone: '', lifecycle: '', health: '' },
      ],
      suspended: [{ process: 'Launch', reason: 'by hand & on purpose' }],
      tags: new Map([['env', 'prod']]),
      status: 'Delete in progress',
      hasWarmPool: true,
      isMixed: true,
    },
    {
      name: 'api',
      arn: 'arn:api',
      min: 1,
      max: 4,
      desired: 2,
      members: [],
      suspended: [],
      tags: new Map(),
      hasWarmPool: false,
      isMixed: false,
    },
  ]);
});

test('names are asked in pieces of a hundred, and each group is told once over all pages', async () => {
  const names = Array.from({ length: 250 }, (_, number) => `group-${number}`);
  const rows = await ask(
    (question, response) => {
      const asked = [...question].filter(([name]) => name.startsWith('AutoScalingGroupNames.')).map(([, name]) => name);
      // An emulator with small pages: half of them, and the last of these again.
      const half = Math.ceil(asked.length / 2);
      if (question.has('NextToken')) response.end(answerOf(asked.slice(half - 1).map((name) => group(name))));
      else
        response.end(
          answerOf(
            asked.slice(0, half).map((name) => group(name)),
            'more',
          ),
        );
    },
    { names: [...names, 'group-0'] },
  );
  expect(rows.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  expect(standIn?.questions).toHaveLength(6);
  expect(standIn?.questions.every((question) => question.get('MaxRecords') === '100')).toBe(true);
});

test('filters are passed on, and no name asks nothing', async () => {
  await ask((_question, response) => response.end(answerOf([])), {
    filters: [{ name: 'tag:env', values: ['prod', 'dev'] }],
  });
  expect(standIn?.questions[0]?.get('Filters.member.1.Name')).toBe('tag:env');
  expect(standIn?.questions[0]?.get('Filters.member.1.Values.member.2')).toBe('dev');
  await standIn?.stop();
  expect(await ask((_question, response) => response.end(answerOf([group('all')])), { names: [] })).toEqual([]);
  expect(standIn?.questions).toHaveLength(0);
});

test.each([
  ['a group without a size', answerOf([group('web').replace('<MinSize>1</MinSize>', '')]), /tells no MinSize of web$/],
  ['a group without a name', answerOf([group('')]), /an autoscaling group without a name$/],
  ['the result of something else', '<ErrorPage/>', /begins with <ErrorPage>$/],
  [
    'an error with status 200',
    '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User is not authorized</Message></Error></ErrorResponse>',
    /not authorized/,
  ],
  ['half an answer', answerOf([group('web')]).slice(0, -20), /ends in the middle, after \d+ bytes$/],
])('%s is a failure', async (_what, body, message) => {
  await expect(ask((_question, response) => response.end(body))).rejects.toThrow(message);
});
