import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import { ask } from './send-signed.ts';

let twin: Twin;
beforeAll(async () => void (twin = await startTwin()));
afterAll(() => twin.stop());

const absent = 'i-0123456789abcdef0';

describe('EC2 refuses', () => {
  test.each([
    [{ 'InstanceId.1': absent }, 'InvalidInstanceID.NotFound', `The instance ID '${absent}' does not exist`],
    [
      { 'InstanceId.1': absent, 'InstanceId.2': 'i-0123456789abcdef1' },
      'InvalidInstanceID.NotFound',
      `The instance IDs '${absent}, i-0123456789abcdef1' do not exist`,
    ],
    [{ 'InstanceId.1': 'i-xyz' }, 'InvalidInstanceID.Malformed', 'Invalid id: "i-xyz"'],
    [{ 'InstanceId.1': 'web' }, 'InvalidInstanceID.Malformed', 'Invalid id: "web" (expecting "i-...")'],
    [
      { 'InstanceId.1': absent, MaxResults: '10' },
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    ],
    [
      { MaxResults: '4' },
      'InvalidParameterValue',
      'Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.',
    ],
    [
      { 'Filter.1.Name': 'colour', 'Filter.1.Value.1': 'red' },
      'InvalidParameterValue',
      "The filter 'colour' is invalid",
    ],
    [{ NextToken: 'invented' }, 'InvalidParameterValue', 'Unable to parse pagination token'],
  ])('a description by %j', async (parameters, code, message) => {
    expect(await ask(twin, 'ec2', 'DescribeInstances', parameters)).toMatchObject({ status: 400, code, message });
  });

  test('more than 200 values of one filter', async () => {
    const values = Array.from({ length: 201 }, (_, index) => [`Filter.1.Value.${index + 1}`, `${index}`]);
    const parameters = { 'Filter.1.Name': 'instance-id', ...Object.fromEntries(values) };
    expect(await ask(twin, 'ec2', 'DescribeInstances', parameters)).toMatchObject({ code: 'FilterLimitExceeded' });
  });

  const cases: [string, Parameters<ReturnType<Twin['region']>['addInstance']>[0], string, string, string][] = [
    [
      'StopInstances',
      { state: 'terminated' },
      '',
      'IncorrectInstanceState',
      'is not in a state from which it can be stopped.',
    ],
    [
      'StopInstances',
      { state: 'pending' },
      '',
      'IncorrectInstanceState',
      "cannot be stopped as it has never reached the 'running' state.",
    ],
    [
      'StopInstances',
      { rootDeviceType: 'instance-store' },
      '',
      'UnsupportedOperation',
      "does not have an 'ebs' root device type and cannot be stopped.",
    ],
    [
      'StopInstances',
      { spotRequest: 'one-time' },
      '',
      'UnsupportedOperation',
      'because it is associated with a one-time Spot Instance request.',
    ],
    [
      'StopInstances',
      { disableApiStop: true },
      '',
      'OperationNotPermitted',
      "may not be stopped. Modify its 'disableApiStop' instance attribute and try again.",
    ],
    [
      'StopInstances',
      {},
      'Hibernate',
      'UnsupportedHibernationConfiguration',
      'it was not configured at launch for hibernation',
    ],
    ['StopInstances', {}, 'DryRun', 'DryRunOperation', 'Request would have succeeded'],
    [
      'StartInstances',
      { state: 'terminated' },
      '',
      'IncorrectInstanceState',
      'is not in a state from which it can be started.',
    ],
    [
      'StartInstances',
      { state: 'stopping' },
      '',
      'IncorrectInstanceState',
      'is not in a state from which it can be started.',
    ],
  ];
  test.each(cases)('%s of %j %s, and with it the whole batch', async (operation, options, flag, code, text) => {
    const region = twin.region();
    const state = operation === 'StopInstances' ? 'running' : 'stopped';
    const good = region.addInstance({ state });
    const bad = region.addInstance(options);
    const parameters = { 'InstanceId.1': good, 'InstanceId.2': bad, ...(flag === '' ? {} : { [flag]: 'true' }) };
    const answer = await ask(twin, 'ec2', operation, parameters);
    expect(answer).toMatchObject({ code, message: expect.stringContaining(text) });
    if (code !== 'DryRunOperation') expect(answer.message).toContain(flag === 'Hibernate' ? good : bad);
    expect(region.instance(good).state).toBe(state);
  });

  test('a start of a spot instance that AWS has stopped', async () => {
    const region = twin.region();
    const id = region.addInstance({ spotRequest: 'persistent' });
    region.interruptSpot(id, 'stop');
    twin.clock.advance(60);
    expect(region.instance(id).state).toBe('stopped');
    expect(await ask(twin, 'ec2', 'StartInstances', { 'InstanceId.1': id })).toMatchObject({
      code: 'IncorrectSpotRequestState',
    });
  });

  test('a start beyond the capacity of type and zone, all or nothing', async () => {
    const region = twin.region();
    const [one, two] = [1, 2].map(() => region.addInstance({ state: 'stopped', type: 'x9.huge' })) as [string, string];
    region.setCapacity('x9.huge eu-central-1a', 1);
    const both = { 'InstanceId.1': one, 'InstanceId.2': two };
    expect(await ask(twin, 'ec2', 'StartInstances', both)).toMatchObject({
      status: 500,
      code: 'InsufficientInstanceCapacity',
    });
    expect(region.instance(one).state).toBe('stopped');
    expect(await ask(twin, 'ec2', 'StartInstances', { 'InstanceId.1': one })).toMatchObject({ status: 200 });
    expect(await ask(twin, 'ec2', 'StartInstances', { 'InstanceId.1': two })).toMatchObject({ status: 500 });
  });

  test('what the policy of the caller denies for one instance, with the whole batch', async () => {
    const region = twin.region();
    const [one, two] = [1, 2].map(() => region.addInstance()) as [string, string];
    region.deny('StopInstances', two);
    const both = { 'InstanceId.1': one, 'InstanceId.2': two };
    const answer = await ask(twin, 'ec2', 'StopInstances', both);
    expect(answer).toMatchObject({ status: 403, code: 'UnauthorizedOperation' });
    expect(answer.message).toContain(`instance/${two}`);
    region.allow('StopInstances', two);
    expect(await ask(twin, 'ec2', 'StopInstances', both)).toMatchObject({ status: 200 });
  });

  test('a region that is not enabled', async () => {
    const region = twin.region('eu-west-1');
    region.enabled = false;
    expect(await ask(twin, 'ec2', 'DescribeInstances', {}, { region: 'eu-west-1' })).toMatchObject({
      code: 'AuthFailure',
    });
    expect((await ask(twin, 'ec2', 'DescribeRegions')).text).not.toContain('eu-west-1');
    expect((await ask(twin, 'ec2', 'DescribeRegions', { AllRegions: 'true' })).text).toContain('not-opted-in');
    region.enabled = true;
  });
});
