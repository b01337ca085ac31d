import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import { ask, sendSigned } from './send-signed.ts';

let twin: Twin;
beforeAll(async () => void (twin = await startTwin()));
afterAll(() => twin.stop());

const absent = 'i-0123456789abcdef0';

describe('a request that is not as it should be', () => {
  const form = { Action: 'DescribeInstances', Version: '2016-11-15' };

  test('is refused without a signature', async () => {
    expect(await sendSigned(twin, { form, unsigned: true })).toMatchObject({
      status: 403,
      code: 'MissingAuthenticationToken',
    });
    const groups = { Action: 'DescribeAutoScalingGroups', Version: '2011-01-01' };
    expect((await sendSigned(twin, { form: groups, unsigned: true })).text).toContain('<ErrorResponse xmlns=');
  });

  test.each([
    ['ec2', 401, 'AuthFailure'],
    ['sts', 403, 'SignatureDoesNotMatch'],
  ] as const)('is refused when its secret is wrong: %s', async (service, status, code) => {
    const operation = service === 'ec2' ? 'DescribeInstances' : 'GetCallerIdentity';
    expect(await ask(twin, service, operation, {}, { secretKey: 'wrong' })).toMatchObject({ status, code });
  });

  test('is refused when it was changed after it was signed', async () => {
    const tamper = (body: string) => body.replace('DescribeInstances', 'DescribeRegions');
    expect(await sendSigned(twin, { form, tamper })).toMatchObject({ code: 'AuthFailure' });
  });

  test.each([
    ['ec2', 'AuthFailure'],
    ['autoscaling', 'InvalidClientTokenId'],
  ] as const)('is refused for an unknown key: %s', async (service, code) => {
    expect(await ask(twin, service, 'Any', {}, { accessKey: 'AKIAUNKNOWN' })).toMatchObject({ code });
  });

  test('is refused for a region that there is not, and for a service that is not served', async () => {
    expect(await sendSigned(twin, { form, region: 'mars-1' })).toMatchObject({
      code: 'SignatureDoesNotMatch',
      message: expect.stringContaining("not 'mars-1'"),
    });
    expect(await sendSigned(twin, { form, service: 's3' })).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  test.each([
    ['ec2', 6 * 60, 'RequestExpired'],
    ['ec2', -6 * 60, 'RequestExpired'],
    ['autoscaling', 16 * 60, 'SignatureDoesNotMatch'],
  ] as const)('is refused when it was signed too long ago or ahead: %s, %d s', async (service, age, code) => {
    const signedAt = new Date(Date.now() - age * 1000);
    expect(await ask(twin, service, 'DescribeInstances', {}, { signedAt })).toMatchObject({ code });
  });

  test.each([
    [{ Action: 'DescribeInstances' }, 'MissingParameter'],
    [{ Action: 'DescribeInstances', Version: '2010-01-01' }, 'NoSuchVersion'],
    [{ Action: 'TerminateInstances', Version: '2016-11-15' }, 'InvalidAction'],
    [{ ...form, Colour: 'red' }, 'UnknownParameter'],
    [{ ...form, 'Filter.1.Colour': 'red', 'Filter.1.Name': 'tag-key' }, 'UnknownParameter'],
    [{ ...form, 'InstanceIds.member.1': absent }, 'UnknownParameter'],
    [{ ...form, InstanceId: absent }, 'UnknownParameter'],
    [{ ...form, MaxResults: 'many' }, 'InvalidParameterValue'],
    [{ ...form, DryRun: 'yes' }, 'InvalidParameterValue'],
    ['Action=DescribeInstances&Version=2016-11-15&MaxResults=5&MaxResults=6', 'MalformedQueryString'],
  ])('is refused for what it says: %j', async (sent, code) => {
    expect(await sendSigned(twin, { form: sent })).toMatchObject({ status: 400, code });
  });
});
