import type { GroupRow, GroupMember } from '../group-row.ts';
import type { InstanceRow, InstanceState } from '../instance-row.ts';
import type { AwsTarget } from '../target.ts';

/**
 * The record of `devops asg-ips`: one address of one instance of an autoscaling group. Public API, version
 * `devops.asg-ips/1`: fields are only ever added within a major version. What an instance does not have is absent.
 */
export interface AsgAddress {
  schema: 'devops.asg-ips/1';
  /** The address that was asked for with --ip. */
  ip: string;
  kind: 'private' | 'public' | 'ipv6';
  /** `i-0123456789abcdef0`. */
  id: string;
  /** Name of the autoscaling group. */
  group: string;
  /** `eu-central-1`. */
  region: string;
  /** The profile that was asked with; absent for the default chain. */
  profile?: string;
  /** 12 digits. */
  account: string;
  /** Availability zone, `eu-central-1a`. */
  az: string;
  /** `t3.micro`. */
  type: string;
  /** State in EC2: `running`, `stopped` ... */
  state: InstanceState;
  /** State in the group: `InService`, `Standby` ... */
  lifecycle: string;
  /** What the group says: `Healthy` or `Unhealthy`. */
  health: string;
  /** The tag `Name`. */
  name?: string;
  /** Primary private IPv4 address. */
  private_ip?: string;
  /** Primary public or elastic IPv4 address. */
  public_ip?: string;
  /** Primary IPv6 address. */
  ipv6?: string;
  /** Last start, ISO 8601 in UTC, to the second. */
  launched: string;
  /** Seconds since then. Absent in a file of --write, which is only replaced when something else has changed. */
  age_seconds?: number;
}

/** An instance with what its group and EC2 say of it. */
export interface MemberInstance {
  row: InstanceRow;
  member: GroupMember;
  group: GroupRow;
  target: AwsTarget;
}

/** `now` is Unix time in seconds; undefined: no age is told. */
export function asgAddress(
  ip: string,
  { row, member, group, target }: MemberInstance,
  now: number | undefined,
): AsgAddress {
  const name = row.tags.get('Name');
  const [ipv6] = row.ipv6Addresses;
  return {
    schema: 'devops.asg-ips/1',
    ip,
    kind: kindOf(ip, row),
    id: row.id,
    group: group.name,
    region: target.region,
    ...(target.profile === undefined ? {} : { profile: target.profile }),
    account: row.account,
    az: row.zone,
    type: row.type,
    state: row.state,
    lifecycle: member.lifecycle,
    health: member.health,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(row.privateIp === undefined ? {} : { private_ip: row.privateIp }),
    ...(row.publicIp === undefined ? {} : { public_ip: row.publicIp }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    launched: `${new Date(row.launchedAt * 1000).toISOString().slice(0, 19)}Z`,
    ...(now === undefined ? {} : { age_seconds: ageSeconds(row, now) }),
  };
}

/** Never negative, though the clock here may be behind that of EC2. */
export function ageSeconds(row: InstanceRow, now: number): number {
  return Math.max(0, Math.floor(now - row.launchedAt));
}

function kindOf(ip: string, row: InstanceRow): AsgAddress['kind'] {
  if (ip.includes(':')) return 'ipv6';
  return ip === row.publicIp || row.publicIps.includes(ip) ? 'public' : 'private';
}
