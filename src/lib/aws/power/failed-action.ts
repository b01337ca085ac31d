import type { ItemError } from '../../results/item-error.ts';
import type { PowerAction, PowerSubject } from './power-action.ts';

/** An instance or a group that could not be stopped or started, or of which that is not known. Public. */
export interface FailedAction extends PowerSubject {
  /** The id, as verdicts name it. */
  subject: string;
  error: ItemError;
}

/** A region in which nothing could be done at all. Public. */
export interface FailedRegion {
  /** `eu-central-1`, or `prod eu-central-1`. */
  subject: string;
  region: string;
  profile?: string;
  error: ItemError;
}

export type PowerResult = PowerAction | FailedAction | FailedRegion;
