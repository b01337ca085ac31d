import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import { ask } from './send-signed.ts';

let twin: Twin;
beforeAll(async () => void (twin = await startTwin()));
afterAll(() => twin.stop());

const absent = 'i-0123456789abcdef0';

describe('Auto Scaling refuses', () => {
  test.each([
    [
      'SuspendProcesses',
      { AutoScalingGroupName: 'absent' },
      'ValidationError',
      'AutoScalingGroup name not found - null',
    ],
    ['SuspendProcesses', {}, 'ValidationError', "Value null at 'autoScalingGroupName' failed"],
    [
      'SuspendProcesses',
      { AutoScalingGroupName: 'web', 'ScalingProcesses.member.1': 'Lunch' },
      'ValidationError',
      'Invalid scaling process type: Lunch',
    ],
    [
      'UpdateAutoScalingGroup',
      { AutoScalingGroupName: 'web', DesiredCapacity: '9' },
      'ValidationError',
      'Desired capacity:9 must be between',
    ],
    ['UpdateAutoScalingGroup', { AutoScalingGroupName: 'web', MinSize: '9' }, 'ValidationError', 'Max bound, 4'],
    [
      'UpdateAutoScalingGroup',
      { AutoScalingGroupName: 'web', MinSize: '-1' },
      'ValidationError',
      'greater than or equal to 0',
    ],
    ['DescribeAutoScalingGroups', { MaxRecords: '101' }, 'ValidationError', "Value '101' at 'maxRecords'"],
    ['DescribeAutoScalingGroups', { NextToken: 'x' }, 'InvalidNextToken', "The token 'x' is invalid."],
    ['DescribeAutoScalingGroups', { 'AutoScalingGroupNames.1': 'web' }, 'ValidationError', 'Unexpected parameter'],
    [
      'DescribeAutoScalingGroups',
      { 'Filters.member.1.Name': 'name' },
      'ValidationError',
      'Filter type name is not correct',
    ],
    [
      'SetInstanceHealth',
      { InstanceId: absent, HealthStatus: 'Healthy' },
      'ValidationError',
      'No managed instance found',
    ],
    ['SetInstanceHealth', { InstanceId: absent, HealthStatus: 'Fine' }, 'ValidationError', 'Fine'],
    [
      'UpdateAutoScalingGroup',
      { AutoScalingGroupName: 'going', MinSize: '0' },
      'ValidationError',
      'The AutoScaling group may not be modified while it is pending delete',
    ],
    ['TerminateInstanceInAutoScalingGroup', {}, 'InvalidAction', 'Could not find operation'],
  ])('%s %j', async (operation, parameters, code, text) => {
    const region = twin.region();
    if (!region.groups.has('web')) region.addGroup({ name: 'web', desired: 2 });
    if (!region.groups.has('going')) region.addGroup({ name: 'going', desired: 1, status: 'Delete in progress' });
    expect(await ask(twin, 'autoscaling', operation, parameters as Record<string, string>)).toMatchObject({
      status: 400,
      code,
      message: expect.stringContaining(text),
    });
  });

  test('more names than fit on a page', async () => {
    const names = Array.from({ length: 51 }, (_, index) => [`AutoScalingGroupNames.member.${index + 1}`, `g${index}`]);
    const read = (more: Record<string, string>) =>
      ask(twin, 'autoscaling', 'DescribeAutoScalingGroups', { ...Object.fromEntries(names), ...more });
    expect(await read({})).toMatchObject({ code: 'ValidationError' });
    expect(await read({ MaxRecords: '100' })).toMatchObject({ status: 200 });
  });

  test('a tag too many, a reserved key, and another type of resource', async () => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
    twin.region().addGroup({ name: 'full', tags });
    const tag = (key: string, type = 'auto-scaling-group') =>
      ask(twin, 'autoscaling', 'CreateOrUpdateTags', {
        'Tags.member.1.ResourceId': 'full',
        'Tags.member.1.ResourceType': type,
        'Tags.member.1.Key': key,
        'Tags.member.1.Value': 'new',
        'Tags.member.1.PropagateAtLaunch': 'false',
      });
    expect(await tag('one more')).toMatchObject({ code: 'LimitExceeded' });
    expect(await tag('aws:k')).toMatchObject({ code: 'ValidationError' });
    expect(await tag('k1', 'instance')).toMatchObject({ code: 'ValidationError' });
    expect(await tag('k1')).toMatchObject({ status: 200 });
    expect(twin.region().group('full').tags.get('k1')).toEqual({ value: 'new', propagate: false });
  });
});
