/** One instance as its autoscaling group sees it. */
export interface GroupMember {
  id: string;
  zone: string;
  /** `InService`, `Pending`, `Standby`, `Terminating:Wait`, `Warmed:Stopped` ... */
  lifecycle: string;
  /** `Healthy` or `Unhealthy`. */
  health: string;
  type?: string;
  /** Whether scaling in spares it; undefined: no. */
  protectedFromScaleIn?: boolean;
}

export interface SuspendedProcess {
  /** `Launch`, `Terminate`, `HealthCheck` ... */
  process: string;
  /** `User suspended at 2026-11-20T19:00:00Z`. */
  reason: string;
}

/** What the commands need of one autoscaling group. */
export interface GroupRow {
  name: string;
  /** Has the account in it. */
  arn: string;
  min: number;
  max: number;
  desired: number;
  members: readonly GroupMember[];
  suspended: readonly SuspendedProcess[];
  tags: ReadonlyMap<string, string>;
  /** `Delete in progress`; undefined while the group lives. */
  status?: string;
  hasWarmPool: boolean;
  /** Several types or purchase options: its members may be spot instances. */
  isMixed: boolean;
}
