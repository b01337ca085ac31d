import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import { programOutput, requirePython, throughBoto3, type Step } from '../support/aws-twin/python-clients.ts';
import { requireProgram } from '../support/services.ts';

// Parsers and signers that know nothing of ours must read the twin as they read AWS.

const why = 'the AWS twin is not read by a client that is not ours';
const python = requirePython('boto3', why);
const aws = requireProgram('aws', why);
const odd = `Ünï <b>&amp; "quoted" 'it' 日本 \u{1f600} a\tb`;

async function filledTwin(): Promise<{ twin: Twin; ids: string[] }> {
  const twin = await startTwin();
  const region = twin.region();
  const ids = Array.from({ length: 12 }, (_, index) =>
    region.addInstance({
      name: index === 0 ? odd : `web ${index}`,
      ...(index === 1 ? { privateIp: null, publicIp: null, ipv6: ['2001:db8::1'] } : {}),
      ...(index === 2 ? { moreInterfaces: [{ privateIps: ['10.9.9.9'] }], secondaryIps: ['10.8.8.8'] } : {}),
      ...(index === 3 ? { disableApiStop: true } : {}),
    }),
  );
  region.addGroup({ name: 'web & co', desired: 3, max: 5, tags: { env: odd }, suspended: ['AZRebalance'] });
  return { twin, ids };
}

describe.skipIf(python === undefined)('boto3', () => {
  let answers: Awaited<ReturnType<typeof throughBoto3>>;
  let ids: string[];
  let twin: Twin;
  const group = { AutoScalingGroupName: 'web & co' };
  beforeAll(async () => {
    ({ twin, ids } = await filledTwin());
    const [one, , , protectedOne] = ids as [string, string, string, string];
    const steps: Step[] = [
      {
        service: 'ec2',
        operation: 'describe_instances',
        pages: true,
        arguments: { PaginationConfig: { PageSize: 5 } },
      },
      {
        service: 'ec2',
        operation: 'create_tags',
        arguments: { Resources: [one], Tags: [{ Key: `key ${odd}`, Value: odd }] },
      },
      { service: 'ec2', operation: 'stop_instances', arguments: { InstanceIds: [one] } },
      { service: 'ec2', operation: 'stop_instances', arguments: { InstanceIds: [one, protectedOne] } },
      { service: 'ec2', operation: 'start_instances', arguments: { InstanceIds: ['i-0123456789abcdef0'] } },
      { service: 'ec2', operation: 'describe_instances', arguments: { InstanceIds: [one] } },
      { service: 'autoscaling', operation: 'suspend_processes', arguments: { ...group, ScalingProcesses: ['Launch'] } },
      { service: 'autoscaling', operation: 'update_auto_scaling_group', arguments: { ...group, DesiredCapacity: 4 } },
      { service: 'autoscaling', operation: 'update_auto_scaling_group', arguments: { ...group, DesiredCapacity: 9 } },
      { service: 'autoscaling', operation: 'describe_auto_scaling_groups', pages: true },
      { service: 'autoscaling', operation: 'resume_processes', arguments: group },
      { service: 'sts', operation: 'get_caller_identity' },
      {
        service: 'sts',
        operation: 'assume_role',
        arguments: { RoleArn: 'arn:aws:iam::111122223333:role/r', RoleSessionName: 'test' },
      },
      { service: 'ec2', operation: 'describe_regions' },
      { service: 'ec2', operation: 'describe_instance_status', arguments: { IncludeAllInstances: true } },
      { service: 'ec2', operation: 'describe_spot_instance_requests' },
      { service: 'autoscaling', operation: 'describe_warm_pool', arguments: group },
      { service: 'ec2', operation: 'delete_tags', arguments: { Resources: [one], Tags: [{ Key: 'Name' }] } },
    ];
    answers = await throughBoto3(python!, twin.env, steps);
    return () => twin.stop();
  });
  const result = (index: number) => answers[index]!.result as never;

  test('reads every instance through its pages, with entities, unicode and all addresses', () => {
    expect(answers[0]!.pages).toBe(3);
    const { Reservations } = result(0) as { Reservations: { Instances: Record<string, unknown>[] }[] };
    const instances = Reservations.flatMap(({ Instances }) => Instances);
    expect(instances.map(({ InstanceId }) => InstanceId).slice(0, 12)).toEqual(ids);
    // And the members of the group after them.
    expect(instances).toHaveLength(15);
    expect(instances[0]).toMatchObject({
      State: { Code: 16, Name: 'running' },
      Tags: [{ Key: 'Name', Value: odd }],
      LaunchTime: '2026-11-19T18:00:00+00:00',
      Placement: { AvailabilityZone: 'eu-central-1a' },
      HibernationOptions: { Configured: false },
    });
    expect(instances[1]).not.toHaveProperty('PrivateIpAddress');
    expect(instances[1]).toMatchObject({
      NetworkInterfaces: [{ Ipv6Addresses: [{ Ipv6Address: '2001:db8::1' }] }],
    });
    expect(instances[2]).toMatchObject({
      NetworkInterfaces: [
        { PrivateIpAddresses: [{ Primary: true }, { PrivateIpAddress: '10.8.8.8', Primary: false }] },
        { PrivateIpAddress: '10.9.9.9' },
      ],
    });
  });

  test('stops, tags and reads back what it wrote', () => {
    expect(result(2)).toMatchObject({
      StoppingInstances: [
        { InstanceId: ids[0], CurrentState: { Name: 'stopping' }, PreviousState: { Name: 'running' } },
      ],
    });
    const { Reservations } = result(5) as { Reservations: { Instances: Record<string, unknown>[] }[] };
    expect(Reservations[0]!.Instances[0]).toMatchObject({
      StateTransitionReason: 'User initiated (2026-11-20 18:00:00 GMT)',
      StateReason: { Code: 'Client.UserInitiatedShutdown' },
      Tags: [
        { Key: 'Name', Value: odd },
        { Key: `key ${odd}`, Value: odd },
      ],
    });
    expect(twin.region().instance(ids[0]!).tags.has('Name')).toBe(false);
  });

  test('takes the errors apart', () => {
    expect(answers[3]!.error).toEqual({
      code: 'OperationNotPermitted',
      message: `The instance '${ids[3]}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
      status: 400,
    });
    expect(answers[4]!.error).toMatchObject({ code: 'InvalidInstanceID.NotFound', status: 400 });
    expect(answers[8]!.error).toMatchObject({
      code: 'ValidationError',
      message: 'Desired capacity:9 must be between the specified min size:1 and max size:5',
    });
  });

  test('reads and changes groups', () => {
    expect((result(9) as { AutoScalingGroups: unknown[] }).AutoScalingGroups).toMatchObject([
      {
        AutoScalingGroupName: 'web & co',
        DesiredCapacity: 4,
        Instances: [{}, {}, { LifecycleState: 'InService', HealthStatus: 'Healthy', ProtectedFromScaleIn: false }],
        SuspendedProcesses: [
          { ProcessName: 'AZRebalance' },
          { ProcessName: 'Launch', SuspensionReason: 'User suspended at 2026-11-20T18:00:00Z' },
        ],
        Tags: [{ Key: 'env', Value: odd, PropagateAtLaunch: true }],
      },
    ]);
    expect(twin.region().group('web & co').suspended.size).toBe(0);
    expect(result(16)).toMatchObject({ Instances: [] });
  });

  test('knows who it is, which regions there are, and the states', () => {
    expect(result(11)).toMatchObject({ Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/tester' });
    expect(result(12)).toMatchObject({ AssumedRoleUser: { Arn: 'arn:aws:sts::111122223333:assumed-role/r/test' } });
    expect((result(13) as { Regions: unknown[] }).Regions).toHaveLength(3);
    expect((result(14) as { InstanceStatuses: unknown[] }).InstanceStatuses).toHaveLength(15);
    expect(result(15)).toEqual({ SpotInstanceRequests: [] });
  });
});

describe.skipIf(aws === undefined)('awscli', () => {
  const run = (twin: Twin, ...args: string[]) =>
    programOutput(
      aws!,
      ['--endpoint-url', twin.url, '--region', 'eu-central-1', '--output', 'json', ...args],
      twin.env,
    );

  test('reads instances through its pages, changes what it is told, and words the errors', async () => {
    const { twin, ids } = await filledTwin();
    onTestFinished(() => twin.stop());
    const query = 'Reservations[].Instances[].[InstanceId,Tags[0].Value]';
    const described = run(twin, 'ec2', 'describe-instances', '--page-size', '5', '--query', query);
    const groups = run(
      twin,
      'autoscaling',
      'describe-auto-scaling-groups',
      '--query',
      'AutoScalingGroups[].Tags[].Value',
    );
    const refused = run(twin, 'ec2', 'stop-instances', '--instance-ids', ids[3]!).catch(
      ({ message }: Error) => message,
    );
    const stopped = run(twin, 'ec2', 'stop-instances', '--instance-ids', ids[0]!);
    const rows = JSON.parse(await described) as [string, string][];
    // What group members the region has comes after them.
    expect(rows.slice(0, 12).map(([id]) => id)).toEqual(ids);
    expect(rows[0]![1]).toBe(odd);
    expect(JSON.parse(await groups)).toEqual([odd]);
    expect(await refused).toContain(
      `An error occurred (OperationNotPermitted) when calling the StopInstances operation: The instance '${ids[3]}' may not be stopped.`,
    );
    expect(JSON.parse(await stopped)).toMatchObject({ StoppingInstances: [{ CurrentState: { Name: 'stopping' } }] });
    expect(twin.region().instance(ids[0]!).state).toBe('stopping');
  });
});
