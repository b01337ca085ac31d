import { ApiError } from './api-error.ts';
import { wildcard } from './ec2-filters.ts';
import type { TwinGroup, TwinMember } from './group.ts';
import type { Operation } from './operation.ts';
import { page } from './paging.ts';
import type { Parameters } from './query.ts';
import type { TwinRegionState } from './region.ts';
import { element, list, optional, type Content } from './xml.ts';

export const describeAutoScalingGroups: Operation = (input, { region }) => {
  const names = input.texts('AutoScalingGroupNames');
  const matches = readFilters(input);
  const size = input.integer('MaxRecords') ?? 50;
  const token = input.text('NextToken');
  input.flag('IncludeInstances');
  input.finish();
  if (size < 1 || size > 100) {
    throw new ApiError(
      'ValidationError',
      `1 validation error detected: Value '${size}' at 'maxRecords' failed to satisfy constraint: Member must have value less than or equal to 100`,
    );
  }
  if (names.length > size) {
    // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html: 50, or MaxRecords.
    throw new ApiError('ValidationError', `The number of names ${names.length} is greater than the maximum of ${size}`);
  }
  // Unknown names are silently absent.
  const found = [...region.groups.values()]
    .filter((group) => (names.length === 0 || names.includes(group.name)) && matches(group))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const { entries, next } = page(found, ({ name }) => name, size, token, invalidToken);
  return [
    list(
      'AutoScalingGroups',
      'member',
      entries.map((group) => groupXml(group, region)),
    ),
    ...(next === undefined ? [] : [element('NextToken', next)]),
  ];
};

export const describeWarmPool: Operation = (input, { region }) => {
  const group = groupNamed(region, input.required('AutoScalingGroupName'));
  const size = input.integer('MaxRecords') ?? 50;
  const token = input.text('NextToken');
  input.finish();
  if (size < 1 || size > 50) {
    throw new ApiError(
      'ValidationError',
      `1 validation error detected: Value '${size}' at 'maxRecords' failed to satisfy constraint: Member must have value less than or equal to 50`,
    );
  }
  const { entries, next } = page(group.warmPool?.instances ?? [], ({ id }) => id, size, token, invalidToken);
  return [
    ...(group.warmPool === undefined ? [] : [warmPoolXml(group.warmPool)]),
    list(
      'Instances',
      'member',
      entries.map((member) => memberXml(member, region, group)),
    ),
    ...(next === undefined ? [] : [element('NextToken', next)]),
  ];
};

const invalidToken = (token: string) => new ApiError('InvalidNextToken', `The token '${token}' is invalid.`);

export function groupNamed(region: TwinRegionState, name: string): TwinGroup {
  const group = region.groups.get(name);
  if (group === undefined) throw new ApiError('ValidationError', 'AutoScalingGroup name not found - null');
  return group;
}

/** Names of filters: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Filter.html */
function readFilters(input: Parameters): (group: TwinGroup) => boolean {
  const conditions = input.structures('Filters').map((filter) => {
    const name = filter.required('Name');
    const patterns = filter.texts('Values').map(wildcard);
    const values = (group: TwinGroup): string[] => {
      if (name === 'tag-key') return [...group.tags.keys()];
      if (name === 'tag-value') return [...group.tags.values()].map(({ value }) => value);
      const value = group.tags.get(name.slice('tag:'.length))?.value;
      return value === undefined ? [] : [value];
    };
    if (!['tag-key', 'tag-value'].includes(name) && !name.startsWith('tag:')) {
      throw new ApiError(
        'ValidationError',
        `Filter type ${name} is not correct. Allowed Filter types are: tag-key tag-value tag:<key>`,
      );
    }
    return (group: TwinGroup) => values(group).some((value) => patterns.some((match) => match(value)));
  });
  return (group) => conditions.every((matches) => matches(group));
}

function groupXml(group: TwinGroup, region: TwinRegionState): Content {
  const tags = [...group.tags].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const launch = { id: 'lt-0a1b2c3d4e5f60718', name: `${group.name} template`, version: '1' };
  const template = [
    element('LaunchTemplateId', launch.id),
    element('LaunchTemplateName', launch.name),
    element('Version', launch.version),
  ];
  return [
    element('AutoScalingGroupName', group.name),
    element('AutoScalingGroupARN', group.arn),
    group.mixed === undefined
      ? element('LaunchTemplate', template)
      : element(
          'MixedInstancesPolicy',
          element(
            'LaunchTemplate',
            element('LaunchTemplateSpecification', template),
            list(
              'Overrides',
              'member',
              group.mixed.types.map((type) => element('InstanceType', type)),
            ),
          ),
          element(
            'InstancesDistribution',
            element('OnDemandAllocationStrategy', 'prioritized'),
            element('OnDemandBaseCapacity', 0),
            element('OnDemandPercentageAboveBaseCapacity', group.mixed.spot ? 0 : 100),
            element('SpotAllocationStrategy', 'price-capacity-optimized'),
          ),
        ),
    element('MinSize', group.min),
    element('MaxSize', group.max),
    element('DesiredCapacity', group.desired),
    element('DefaultCooldown', 300),
    list('AvailabilityZones', 'member', group.zones),
    list('LoadBalancerNames', 'member', []),
    list('TargetGroupARNs', 'member', []),
    element('HealthCheckType', 'EC2'),
    element('HealthCheckGracePeriod', 0),
    list(
      'Instances',
      'member',
      group.members.map((member) => memberXml(member, region, group)),
    ),
    element('CreatedTime', group.createdAt.toISOString()),
    list(
      'SuspendedProcesses',
      'member',
      [...group.suspended].map(([process, { reason }]) => [
        element('ProcessName', process),
        element('SuspensionReason', reason),
      ]),
    ),
    element('VPCZoneIdentifier', 'subnet-0a1b2c3d4e5f60718'),
    list('EnabledMetrics', 'member', []),
    optional('Status', group.status),
    list(
      'Tags',
      'member',
      tags.map(([key, { value, propagate }]) => [
        element('ResourceId', group.name),
        element('ResourceType', 'auto-scaling-group'),
        element('Key', key),
        element('Value', value),
        element('PropagateAtLaunch', propagate),
      ]),
    ),
    list('TerminationPolicies', 'member', ['Default']),
    element('NewInstancesProtectedFromScaleIn', false),
    element(
      'ServiceLinkedRoleARN',
      `arn:aws:iam::${region.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    ),
    group.warmPool === undefined ? undefined : warmPoolXml(group.warmPool),
    group.warmPool === undefined ? undefined : element('WarmPoolSize', group.warmPool.instances.length),
  ];
}

function warmPoolXml({ minSize, state }: NonNullable<TwinGroup['warmPool']>) {
  return element('WarmPoolConfiguration', element('MinSize', minSize), element('PoolState', state));
}

function memberXml(member: TwinMember, region: TwinRegionState, group: TwinGroup): Content {
  const instance = region.instances.get(member.id);
  return [
    element('InstanceId', member.id),
    element('InstanceType', instance?.type ?? group.type),
    element('AvailabilityZone', instance?.zone ?? group.zones[0]),
    element('LifecycleState', member.lifecycle),
    element('HealthStatus', member.health),
    element('ProtectedFromScaleIn', member.protectedFromScaleIn),
  ];
}
