import type { InstanceState } from '../../../src/lib/aws/instance-row.ts';

/** What can be said of an instance when it is added; everything has a default. */
export interface InstanceOptions {
  id?: string;
  state?: InstanceState;
  type?: string;
  zone?: string;
  name?: string;
  tags?: Readonly<Record<string, string>>;
  launchTime?: Date;
  privateIp?: string | null;
  /** null: none; default: one, as long as it is not stopped. */
  publicIp?: string | null;
  /** Stays when it is stopped. */
  elasticIp?: string;
  ipv6?: readonly string[];
  /** Network interfaces beside the first one. */
  moreInterfaces?: readonly NetworkInterface[];
  /** Private addresses of the first interface beside its primary one. */
  secondaryIps?: readonly string[];
  lifecycle?: 'spot' | 'scheduled' | 'capacity-block';
  spotRequest?: 'one-time' | 'persistent';
  rootDeviceType?: 'ebs' | 'instance-store';
  hibernationConfigured?: boolean;
  disableApiStop?: boolean;
  /** Its volume is encrypted with a key that the starter may not grant: it starts, and falls back to stopped. */
  withoutKeyGrant?: boolean;
  /** Seconds from pending to running; default drawn from 10-40. */
  pendingSeconds?: number;
  /** Seconds from stopping to stopped; default drawn from 10-60. */
  stoppingSeconds?: number;
  /** Instances of one launch share one; default one of its own. */
  reservation?: string;
}

export interface NetworkInterface {
  privateIps: readonly string[];
  publicIp?: string;
  ipv6?: readonly string[];
}

/** What changes in the life of an instance, and is seen late where reads are stale. */
export interface InstanceFace {
  state: InstanceState;
  stateReason: { code: string; message: string } | undefined;
  transitionReason: string;
  /** Unix time in whole seconds. */
  launchedAt: number;
  publicIp: string | undefined;
  tags: ReadonlyMap<string, string>;
}

/** One instance as it truly is. */
export interface TwinInstance extends InstanceFace {
  readonly id: string;
  /** Order of arrival, which is the order of pages. */
  readonly serial: string;
  readonly account: string;
  readonly reservation: string;
  readonly type: string;
  readonly zone: string;
  readonly privateIp: string | undefined;
  readonly elasticIp: string | undefined;
  readonly hasPublicIp: boolean;
  readonly ipv6: readonly string[];
  readonly secondaryIps: readonly string[];
  readonly moreInterfaces: readonly NetworkInterface[];
  readonly lifecycle: 'spot' | 'scheduled' | 'capacity-block' | undefined;
  readonly spotRequest: { id: string; type: 'one-time' | 'persistent'; state: string } | undefined;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  readonly hibernationConfigured: boolean;
  disableApiStop: boolean;
  withoutKeyGrant: boolean;
  pendingSeconds: number | undefined;
  stoppingSeconds: number | undefined;
  hasEverRun: boolean;
  /** Whether its memory was kept at the last stop. */
  hibernated: boolean;
  /** Counts changes of state, so that what was planned for an earlier one is dropped. */
  turn: number;
  tags: Map<string, string>;
  /** When it was like what, the oldest first; seconds of the clock. */
  readonly faces: { at: number; face: InstanceFace }[];
  /** Requests that changed its state, for a test that asks who stopped it. */
  readonly changes: { at: Date; what: 'stop' | 'start' | 'terminate' | 'interrupt' | 'create'; by: string }[];
}
