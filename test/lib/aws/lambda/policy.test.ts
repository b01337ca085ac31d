import { expect, test } from 'vitest';
import { powerStatements, type PolicyRequest } from '../../../../src/lib/aws/lambda/policy.ts';
import { parseSelection, type SelectionWords } from '../../../../src/lib/aws/power/parse-selection.ts';

function statements(words: Partial<SelectionWords>, more: Partial<PolicyRequest> = {}) {
  const selection = parseSelection({ ids: [], tag: [], filters: [], asg: [], ...words });
  const all = powerStatements({ selection, groupMembers: 'skip', regions: [], kmsKeys: [], ...more });
  return Object.fromEntries(all.map(({ Sid, ...rest }) => [Sid, rest]));
}
const conditionOf = (words: Partial<SelectionWords>, more: Partial<PolicyRequest> = {}) =>
  statements(words, more)['StopAndStart']!.Condition;

test('what is not asked for is not allowed', () => {
  const { Look, ...others } = statements({ tag: ['env=dev'] });
  expect(Look!.Action).toEqual(['ec2:DescribeInstances', 'ec2:DescribeSpotInstanceRequests']);
  expect(Object.keys(others)).toEqual(['StopAndStart', 'Remember']);
});

test.each([
  { words: { tag: ['env=dev'] }, expected: { StringEquals: { 'aws:ResourceTag/env': ['dev'] } } },
  { words: { tag: ['env=dev,test'] }, expected: { StringEquals: { 'aws:ResourceTag/env': ['dev', 'test'] } } },
  { words: { tag: ['env=de*,test'] }, expected: { StringLike: { 'aws:ResourceTag/env': ['de*', 'test'] } } },
  { words: { tag: ['env'] }, expected: { Null: { 'aws:ResourceTag/env': 'false' } } },
  { words: { tag: ['env='] }, expected: { StringEquals: { 'aws:ResourceTag/env': [''] } } },
  {
    words: { tag: ['a=1', 'b'], filters: ['Name=tag:c,Values=3?'] },
    expected: {
      StringEquals: { 'aws:ResourceTag/a': ['1'] },
      StringLike: { 'aws:ResourceTag/c': ['3?'] },
      Null: { 'aws:ResourceTag/b': 'false' },
    },
  },
  { words: { filters: ['Name=tag-key,Values=env'] }, expected: { Null: { 'aws:ResourceTag/env': 'false' } } },
  { words: { filters: ['Name=tag-key,Values=env,stage'] }, expected: undefined },
  { words: { filters: ['Name=instance-type,Values=t3.micro'] }, expected: undefined },
  { words: { all: true }, expected: undefined },
  {
    words: { asg: ['web', 'api-*'] },
    expected: { StringLike: { 'aws:ResourceTag/aws:autoscaling:groupName': ['web', 'api-*'] } },
  },
])('$words narrows the condition to the same instances', ({ words, expected }) => {
  expect(conditionOf(words)).toEqual(expected);
});

test('the tag of the schedule has to be there', () => {
  expect(conditionOf({}, { scheduleTag: 'maid_offhours' })).toEqual({
    Null: { 'aws:ResourceTag/maid_offhours': 'false' },
  });
});

test.each([
  ['${aws:username}', { StringEquals: ['${$}{aws:username}'] }],
  ['${x}*', { StringLike: ['${$}{x}*'] }],
  [String.raw`a\*b`, { StringEquals: ['a*b'] }],
  [String.raw`a\*b*`, { StringLike: ['a${*}b*'] }],
  [String.raw`a\\b`, { StringEquals: [String.raw`a\b`] }],
])('the value %s means itself in the policy, too', (value, expected) => {
  const [[operator, values]] = Object.entries(expected) as [[string, string[]]];
  expect(conditionOf({ tag: [`k=${value}`] })).toEqual({ [operator]: { 'aws:ResourceTag/k': values } });
});

test('what CloudFormation would replace is refused', () => {
  expect(() => statements({ tag: ['k={{resolve:ssm:secret}}'] })).toThrow('dynamic reference');
});

test('ids name their instances', () => {
  const path = 'instance/i-0123456789abcdef0';
  const { StopAndStart, Remember } = statements({ ids: ['i-0123456789abcdef0'] });
  expect(StopAndStart!.Resource).toEqual([{ service: 'ec2', region: undefined, path }]);
  expect(Remember!.Resource).toEqual(StopAndStart!.Resource);
});

test('regions name theirs; all of them have to be asked for', () => {
  expect(statements({ all: true }, { regions: ['eu-west-1', 'eu-west-2'] })['StopAndStart']!.Resource).toEqual([
    { service: 'ec2', region: 'eu-west-1', path: 'instance/*' },
    { service: 'ec2', region: 'eu-west-2', path: 'instance/*' },
  ]);
  const everywhere = statements({ all: true }, { regions: ['all'] });
  expect(everywhere['Look']!.Action).toContain('ec2:DescribeRegions');
  expect(everywhere['StopAndStart']!.Resource).toEqual([{ service: 'ec2', region: '*', path: 'instance/*' }]);
});

test('no tag but ours may be written or removed', () => {
  const { Remember, RememberGroups } = statements({ tag: ['env'] }, { groupMembers: 'zero' });
  expect(Remember!.Condition).toEqual({
    Null: { 'aws:ResourceTag/env': 'false', 'aws:TagKeys': 'false' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['devops:stopped'] },
  });
  expect(RememberGroups!.Condition).toMatchObject({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['devops:asg'] } });
});

test('groups are narrowed by their names, and by the way in which they are treated', () => {
  const zero = statements({ asg: ['web-${x}'] }, { groupMembers: 'zero' });
  expect(zero['Groups']).toEqual({
    Effect: 'Allow',
    Action: ['autoscaling:UpdateAutoScalingGroup'],
    Resource: [
      { service: 'autoscaling', region: undefined, path: 'autoScalingGroup:*:autoScalingGroupName/web-${$}{x}' },
    ],
  });
  const suspend = statements({ tag: ['env=dev'] }, { groupMembers: 'suspend' });
  expect(suspend['Groups']!.Action).not.toContain('autoscaling:UpdateAutoScalingGroup');
  expect(suspend['Groups']!.Resource).toMatchObject([{ path: 'autoScalingGroup:*:autoScalingGroupName/*' }]);
});

test('keys are allowed by their ARNs alone, and for EC2 alone', () => {
  const key = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  expect(statements({ all: true }, { kmsKeys: [key] })['EncryptedVolumes']).toEqual({
    Effect: 'Allow',
    Action: ['kms:CreateGrant'],
    Resource: [key],
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  });
  expect(() => statements({ all: true }, { kmsKeys: ['alias/ebs'] })).toThrow(
    "--kms-key 'alias/ebs' is no ARN of a key",
  );
});
