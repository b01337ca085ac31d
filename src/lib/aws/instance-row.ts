/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** The address of one instance, when nothing else of it is asked for. */
export interface AddressRow {
  id: string;
  state: InstanceState;
  /** The primary private IPv4 address. */
  privateIp: string | undefined;
  /** The primary public one. */
  publicIp: string | undefined;
  /** The primary IPv6 address of the first interface, told only where there is no IPv4 address. */
  ipv6: string | undefined;
}

/** What the commands need of one instance, of the fifty things that DescribeInstances tells. */
export interface InstanceRow {
  /** `i-0123456789abcdef0`. */
  id: string;
  /** 12 digits: the owner of the reservation. */
  account: string;
  state: InstanceState;
  /** Why it is in this state, `Client.InternalError: Client error on launch`; undefined where nothing is told. */
  stateReason?: string;
  /** `User initiated (2026-11-20 19:00:03 GMT)`; undefined where empty. */
  stateTransitionReason?: string;
  /** `t3.micro`. */
  type: string;
  /** `eu-central-1a`. */
  zone: string;
  /** Unix time of the last start, not of the first launch: it changes whenever the instance is started. */
  launchedAt: number;
  privateIp?: string;
  publicIp?: string;
  /** Those of all network interfaces, the primary one of the first interface first; empty without any. */
  ipv6Addresses: readonly string[];
  /** Private IPv4 addresses of all interfaces, `privateIp` first. */
  privateIps: readonly string[];
  /** Public and elastic IPv4 addresses of all interfaces, `publicIp` first. */
  publicIps: readonly string[];
  privateDnsName?: string;
  publicDnsName?: string;
  tags: ReadonlyMap<string, string>;
  /** Undefined: on demand. */
  lifecycle?: 'spot' | 'scheduled' | 'capacity-block';
  spotRequestId?: string;
  rootDeviceType: 'ebs' | 'instance-store';
  hibernationConfigured: boolean;
}
