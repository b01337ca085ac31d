import type { InstanceState } from '../instance-row.ts';

/** One instance or autoscaling group that was looked at. */
export interface PowerSubject {
  kind: 'instance' | 'group';
  /** `i-0123456789abcdef0`, or the name of the group. */
  id: string;
  /** The tag `Name`; undefined without one, and for a group. */
  name?: string;
  /** `eu-central-1`. */
  region: string;
  /** 12 digits. */
  account: string;
  /** The profile that was asked with; absent for the default chain. */
  profile?: string;
  /** Group that the instance is a member of. */
  group?: string;
  /** `t3.micro`. */
  type?: string;
  /** Availability zone, `eu-central-1a`. */
  zone?: string;
  /** State of the instance when this was written; undefined for a group. */
  instance_state?: InstanceState;
  /** Stable word of why it was left alone, such as `already-stopped`, `protected`, `group-member`, `spot-one-time`. */
  code?: string;
  /** The same for people. */
  reason?: string;
  /** The run that did it, as --run takes it. */
  run?: string;
}

/** What happened to it, or would. Public: printed by stop-instances and start-instances. */
export interface PowerAction extends PowerSubject {
  /**
   * `would stop`, `would start`: a plan or a dry run. `stopped`, `started`: seen so. `stop requested`, `start requested`:
   * with --no-wait. `suspended`, `zeroed`, `restored` and their `would suspend` ... : groups. `left alone`: see `reason`.
   */
  state:
    | 'would stop'
    | 'would start'
    | 'stopped'
    | 'started'
    | 'stop requested'
    | 'start requested'
    | 'would suspend'
    | 'would zero'
    | 'would restore'
    | 'suspended'
    | 'zeroed'
    | 'restored'
    | 'left alone';
}
