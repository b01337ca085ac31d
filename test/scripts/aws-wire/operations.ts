import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';

type Settings = Pick<EC2ClientConfig, 'region' | 'credentials' | 'maxAttempts' | 'requestHandler'>;

/** Every operation that the product uses, with parameters of all kinds: lists, filters, structures, flags, times. */
export const operations: Readonly<Record<string, (settings: Settings) => Promise<unknown>>> = {
  async DescribeInstances(settings) {
    const { DescribeInstancesCommand } = await import('@aws-sdk/client-ec2');
    const Filters = [
      { Name: 'tag:env', Values: ['a&b', 'ü*'] },
      { Name: 'instance-id', Values: ['i-0123456789abcdef0'] },
    ];
    return new EC2Client(settings).send(
      new DescribeInstancesCommand({ Filters, MaxResults: 1000, NextToken: 'a+b/c=' }),
    );
  },
  async DescribeInstanceStatus(settings) {
    const { DescribeInstanceStatusCommand } = await import('@aws-sdk/client-ec2');
    const input = { InstanceIds: ['i-1', 'i-2'], IncludeAllInstances: true };
    return new EC2Client(settings).send(new DescribeInstanceStatusCommand(input));
  },
  async DescribeSpotInstanceRequests(settings) {
    const { DescribeSpotInstanceRequestsCommand } = await import('@aws-sdk/client-ec2');
    return new EC2Client(settings).send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ['sir-1'] }));
  },
  async DescribeRegions(settings) {
    const { DescribeRegionsCommand } = await import('@aws-sdk/client-ec2');
    return new EC2Client(settings).send(new DescribeRegionsCommand({ AllRegions: false }));
  },
  // Beside another promise no bundler sees which command is meant.
  async StopInstances(settings) {
    const [client, { StopInstancesCommand }] = await Promise.all([
      Promise.resolve(new EC2Client(settings)),
      import('@aws-sdk/client-ec2'),
    ]);
    return client.send(
      new StopInstancesCommand({ InstanceIds: ['i-1', 'i-2'], Hibernate: true, Force: false, DryRun: false }),
    );
  },
  async StartInstances(settings) {
    const [client, { StartInstancesCommand }] = await Promise.all([
      Promise.resolve(new EC2Client(settings)),
      import('@aws-sdk/client-ec2'),
    ]);
    return client.send(new StartInstancesCommand({ InstanceIds: ['i-1'] }));
  },
  async CreateTags(settings) {
    const { CreateTagsCommand } = await import('@aws-sdk/client-ec2');
    const Tags = [{ Key: 'devops:stopped', Value: 'v1 at=2026-11-20T19:00:00Z run=x by=manual' }];
    return new EC2Client(settings).send(new CreateTagsCommand({ Resources: ['i-1', 'i-2'], Tags }));
  },
  async DeleteTags(settings) {
    const { DeleteTagsCommand } = await import('@aws-sdk/client-ec2');
    const Tags = [{ Key: 'devops:stopped' }, { Key: 'x', Value: '' }];
    return new EC2Client(settings).send(new DeleteTagsCommand({ Resources: ['i-1'], Tags }));
  },
  async DescribeAutoScalingGroups(settings) {
    const { DescribeAutoScalingGroupsCommand } = await import('@aws-sdk/client-auto-scaling');
    const input = {
      AutoScalingGroupNames: ['web ü', 'db'],
      MaxRecords: 100,
      Filters: [{ Name: 'tag:a', Values: ['b'] }],
    };
    return new AutoScalingClient(settings).send(new DescribeAutoScalingGroupsCommand(input));
  },
  async DescribeScalingActivities(settings) {
    const { DescribeScalingActivitiesCommand } = await import('@aws-sdk/client-auto-scaling');
    const input = { AutoScalingGroupName: 'web', MaxRecords: 20, IncludeDeletedGroups: true };
    return new AutoScalingClient(settings).send(new DescribeScalingActivitiesCommand(input));
  },
  async DescribeWarmPool(settings) {
    const { DescribeWarmPoolCommand } = await import('@aws-sdk/client-auto-scaling');
    return new AutoScalingClient(settings).send(new DescribeWarmPoolCommand({ AutoScalingGroupName: 'web' }));
  },
  async SuspendProcesses(settings) {
    const { SuspendProcessesCommand } = await import('@aws-sdk/client-auto-scaling');
    const input = { AutoScalingGroupName: 'web', ScalingProcesses: ['Launch', 'Terminate'] };
    return new AutoScalingClient(settings).send(new SuspendProcessesCommand(input));
  },
  async ResumeProcesses(settings) {
    const { ResumeProcessesCommand } = await import('@aws-sdk/client-auto-scaling');
    const input = { AutoScalingGroupName: 'web', ScalingProcesses: [] };
    return new AutoScalingClient(settings).send(new ResumeProcessesCommand(input));
  },
  async UpdateAutoScalingGroup(settings) {
    const { UpdateAutoScalingGroupCommand } = await import('@aws-sdk/client-auto-scaling');
    const input = { AutoScalingGroupName: 'web', MinSize: 0, MaxSize: 4, DesiredCapacity: 0 };
    return new AutoScalingClient(settings).send(new UpdateAutoScalingGroupCommand(input));
  },
  async SetInstanceHealth(settings) {
    const { SetInstanceHealthCommand } = await import('@aws-sdk/client-auto-scaling');
    const input = { InstanceId: 'i-1', HealthStatus: 'Healthy', ShouldRespectGracePeriod: false };
    return new AutoScalingClient(settings).send(new SetInstanceHealthCommand(input));
  },
  async CreateOrUpdateTags(settings) {
    const { CreateOrUpdateTagsCommand } = await import('@aws-sdk/client-auto-scaling');
    const tag = {
      ResourceId: 'web',
      ResourceType: 'auto-scaling-group',
      Key: 'devops:asg',
      Value: 'v1 zero',
      PropagateAtLaunch: false,
    };
    return new AutoScalingClient(settings).send(new CreateOrUpdateTagsCommand({ Tags: [tag] }));
  },
  async 'DeleteTags of a group'(settings) {
    const { DeleteTagsCommand } = await import('@aws-sdk/client-auto-scaling');
    const tag = { ResourceId: 'web', ResourceType: 'auto-scaling-group', Key: 'devops:asg' };
    return new AutoScalingClient(settings).send(new DeleteTagsCommand({ Tags: [tag] }));
  },
  GetCallerIdentity(settings) {
    return new STSClient(settings).send(new GetCallerIdentityCommand({}));
  },
  AssumeRole(settings) {
    const RoleArn = 'arn:aws:iam::111122223333:role/x';
    return new STSClient(settings).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'devops', DurationSeconds: 900 }),
    );
  },
  AssumeRoleWithWebIdentity(settings) {
    const RoleArn = 'arn:aws:iam::111122223333:role/x';
    const input = { RoleArn, RoleSessionName: 'devops', WebIdentityToken: 'abc' };
    return new STSClient(settings).send(new AssumeRoleWithWebIdentityCommand(input));
  },
};
