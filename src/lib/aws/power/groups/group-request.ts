import type { InstanceRow } from '../../instance-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { PowerAction } from '../power-action.ts';
import type { PowerRun } from '../power-run.ts';

/** How a group is stopped: its processes suspended and its members stopped, or scaled to zero. */
export type GroupMode = 'suspend' | 'zero';

/** What a stop of a group is about. */
export interface StopRequest {
  /** Unix time of the transition that holds; undefined without a schedule: then nothing is `started-since`. */
  since?: number | undefined;
  /** Also what was started by hand since the transition. */
  enforce?: boolean | undefined;
  hibernate?: boolean | undefined;
  /** The instance this runs on, which is never stopped. */
  ownInstanceId?: string | undefined;
}

/** Which group is to be restored: all that is told must agree with its tag; nothing told: whoever stopped it. */
export interface RestoreRequest {
  /** Only what this schedule stopped, or `manual`. */
  by?: string | undefined;
  /** Only what this run stopped. */
  run?: string | undefined;
  /** Unix time, to tell what another schedule has forgotten; undefined: nobody asks. */
  now?: number | undefined;
}

/** What would happen to a group. Only with `would ...` is there something to do; `left alone` tells why not. */
export interface GroupPlan {
  /** A FailedAction where the group cannot be dealt with and somebody must look, such as at an unreadable tag. */
  action: PowerAction | FailedAction;
  /** The members, in mode suspend: `would stop` and `would start` count for --max. Where the group is left alone, only what failed. */
  members: readonly (PowerAction | FailedAction)[];
}

/** `stopRows` and `startRows` of lib/aws/power: one record for each row, states seen. */
export type PowerRows = (rows: readonly InstanceRow[], run: PowerRun) => AsyncGenerator<PowerAction | FailedAction>;
