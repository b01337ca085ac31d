import type { Status } from '../../results/verdict.ts';
import type { FindingCode } from '../certificate-check.ts';
import type { TargetIgnore } from '../target/target.ts';
import type { Threshold } from '../target/threshold.ts';

/** By what measure one target is judged. */
export interface JudgeOptions {
  warn: Threshold;
  crit: Threshold;
  /** Look at dates alone: neither trust nor names nor keys. */
  expiryOnly: boolean;
  /** Codes that do not count. */
  ignoreCodes: ReadonlySet<FindingCode>;
  /** What the inventory says of this target. */
  ignore?: TargetIgnore | undefined;
  /** What a server counts as that could not be asked. */
  unreachable: Exclude<Status, never>;
  /** Unix time. */
  now: number;
}
