import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Instance, Reservation } from '@aws-sdk/client-ec2';
import type { GroupRow } from '../../../../src/lib/aws/group-row.ts';
import type { InstanceRow } from '../../../../src/lib/aws/instance-row.ts';

// Rows as anybody would make them of what the SDK has parsed.

type Told<Value> = string | undefined | Value;
const some = <Value>(value: Told<Value>): Told<Value> => (value === '' ? undefined : value);
const distinct = (all: readonly (string | undefined)[]): string[] =>
  [...new Set(all.filter((one) => one !== undefined && one !== ''))] as string[];

/** Fields that are undefined are not there. */
function told<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
}

export function instancesOfSdk(reservations: readonly Reservation[]): InstanceRow[] {
  return reservations.flatMap(({ OwnerId, Instances = [] }) =>
    Instances.map((one) => instanceOfSdk(one, OwnerId ?? '')),
  );
}

function instanceOfSdk(one: Instance, account: string): InstanceRow {
  const interfaces = (one.NetworkInterfaces ?? []).toSorted(
    (a, b) => (a.Attachment?.DeviceIndex ?? 1000) - (b.Attachment?.DeviceIndex ?? 1000),
  );
  const { Code: code = '', Message: message = '' } = one.StateReason ?? {};
  const reason = message === '' || code === '' || message.startsWith(code) ? message || code : `${code}: ${message}`;
  return told({
    id: one.InstanceId,
    account,
    state: one.State?.Name,
    stateReason: some(reason),
    stateTransitionReason: some(one.StateTransitionReason),
    type: one.InstanceType ?? '',
    zone: one.Placement?.AvailabilityZone ?? '',
    launchedAt: (one.LaunchTime?.getTime() ?? Number.NaN) / 1000,
    privateIp: some(one.PrivateIpAddress),
    publicIp: some(one.PublicIpAddress),
    ipv6Addresses: distinct([
      ...interfaces
        .flatMap(({ Ipv6Addresses = [] }) => [
          ...Ipv6Addresses.filter(({ IsPrimaryIpv6 }) => IsPrimaryIpv6 === true),
          ...Ipv6Addresses.filter(({ IsPrimaryIpv6 }) => IsPrimaryIpv6 !== true),
        ])
        .map(({ Ipv6Address }) => Ipv6Address),
      one.Ipv6Address,
    ]),
    privateIps: distinct([
      one.PrivateIpAddress,
      ...interfaces.flatMap(({ PrivateIpAddress, PrivateIpAddresses = [] }) => [
        PrivateIpAddress,
        ...PrivateIpAddresses.map((each) => each.PrivateIpAddress),
      ]),
    ]).toSorted(),
    publicIps: distinct([
      one.PublicIpAddress,
      ...interfaces.flatMap(({ Association, PrivateIpAddresses = [] }) => [
        Association?.PublicIp,
        ...PrivateIpAddresses.map((each) => each.Association?.PublicIp),
      ]),
    ]).toSorted(),
    privateDnsName: some(one.PrivateDnsName),
    publicDnsName: some(one.PublicDnsName),
    tags: new Map((one.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    lifecycle: some(one.InstanceLifecycle),
    spotRequestId: some(one.SpotInstanceRequestId),
    rootDeviceType: one.RootDeviceType ?? 'ebs',
    hibernationConfigured: one.HibernationOptions?.Configured ?? false,
  }) as InstanceRow;
}

export function groupsOfSdk(groups: readonly AutoScalingGroup[]): GroupRow[] {
  return groups.map((one) =>
    told({
      name: one.AutoScalingGroupName ?? '',
      arn: one.AutoScalingGroupARN ?? '',
      min: one.MinSize ?? Number.NaN,
      max: one.MaxSize ?? Number.NaN,
      desired: one.DesiredCapacity ?? Number.NaN,
      members: (one.Instances ?? []).map((member) =>
        told({
          id: member.InstanceId ?? '',
          zone: member.AvailabilityZone ?? '',
          lifecycle: member.LifecycleState ?? '',
          health: member.HealthStatus ?? '',
          type: some(member.InstanceType) as string,
          protectedFromScaleIn: (member.ProtectedFromScaleIn === true ? true : undefined) as true,
        }),
      ),
      suspended: (one.SuspendedProcesses ?? []).map(({ ProcessName = '', SuspensionReason = '' }) => ({
        process: ProcessName,
        reason: SuspensionReason,
      })),
      tags: new Map((one.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
      status: some(one.Status) as string,
      hasWarmPool: one.WarmPoolConfiguration !== undefined,
      isMixed: one.MixedInstancesPolicy !== undefined,
    }),
  );
}
