import type { Parameters } from './query.ts';
import type { TwinRegionState } from './region.ts';
import type { Markup } from './xml.ts';

/** Who asks, where, at what moment. */
export interface Caller {
  account: string;
  arn: string;
  accessKey: string;
}

export interface OperationContext {
  caller: Caller;
  region: TwinRegionState;
  /** Every region of the caller's account. */
  regions(): readonly TwinRegionState[];
  /** Makes keys for a role of an account that exists; undefined when there is none. */
  assume(roleArn: string, session: string, seconds: number): TemporaryKeys | undefined;
}

export interface TemporaryKeys {
  accessKey: string;
  secretKey: string;
  token: string;
  expires: Date;
  roleId: string;
}

/**
 * One operation of the API. It reads every parameter that it knows, calls `input.finish()`, then acts: all or nothing,
 * an ApiError leaves everything as it was.
 */
export type Operation = (input: Parameters, context: OperationContext) => Markup[];
