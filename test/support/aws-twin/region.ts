import type { TwinClock } from './clock.ts';
import type { TwinGroup } from './group.ts';
import type { InstanceOptions, TwinInstance } from './instance.ts';
import type { World } from './instance-life.ts';

/** One region of one account: all that its operations read and change. */
export interface TwinRegionState {
  readonly name: string;
  readonly account: string;
  readonly clock: TwinClock;
  readonly world: World;
  readonly instances: Map<string, TwinInstance>;
  readonly groups: Map<string, TwinGroup>;
  /** Seconds by which reads lag behind. */
  staleSeconds: number;
  /** Seconds until a suspended process stops acting, though it is listed as suspended at once. */
  suspendDelaySeconds: number;
  /** What can still be started, by `type zone`, `type` or `*`; without an entry as much as you like. */
  readonly capacity: Map<string, number>;
  /** What the caller's policy denies: `StopInstances`, or `StopInstances i-...` for one resource. */
  readonly denied: Set<string>;
  /** false: the region has not been enabled for the account. */
  enabled: boolean;
  /** `i-` and such: a new identifier, drawn from the seed. */
  identifier(prefix: string): string;
  /** Adds one that is in its state since long. */
  create(options: InstanceOptions): TwinInstance;
  /** Adds one that is pending from now on. */
  launch(options: InstanceOptions, by: string): TwinInstance;
}
