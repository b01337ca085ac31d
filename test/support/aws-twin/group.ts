/** What can be said of a group when it is added. */
export interface GroupOptions {
  name: string;
  min?: number;
  max?: number;
  desired?: number;
  zones?: readonly string[];
  type?: string;
  tags?: Readonly<Record<string, string>>;
  suspended?: readonly string[];
  /** Instances that are members from the start; the rest up to desired is launched, running at once. */
  members?: readonly string[];
  /** false: the first members are left to the reconcile loop. */
  launched?: boolean;
  warmPool?: { instances: readonly string[]; state?: 'Stopped' | 'Running' | 'Hibernated'; minSize?: number };
  /** Several types and purchase options; a spot share makes every new member a one-time spot instance. */
  mixed?: { types: readonly string[]; spot?: boolean };
  status?: string;
  protectedFromScaleIn?: boolean;
}

export interface TwinMember {
  id: string;
  lifecycle: string;
  health: 'Healthy' | 'Unhealthy';
  protectedFromScaleIn: boolean;
}

/** One autoscaling group as it truly is. */
export interface TwinGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  min: number;
  max: number;
  desired: number;
  readonly zones: readonly string[];
  readonly type: string;
  readonly tags: Map<string, { value: string; propagate: boolean }>;
  readonly members: TwinMember[];
  /** By process: why, and from which second of the clock on it does not act. */
  readonly suspended: Map<string, { reason: string; effectiveAt: number }>;
  readonly warmPool: { instances: TwinMember[]; state: string; minSize: number } | undefined;
  readonly mixed: { types: readonly string[]; spot: boolean } | undefined;
  status: string | undefined;
  /** What its loop did: `launch i-...`, `terminate i-...`, `unhealthy i-...`. */
  readonly activities: { at: Date; what: string; id: string }[];
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html */
export const processes = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
] as const;
