import { UserError } from '../../errors/user-error.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { FailedAction } from './failed-action.ts';
import { actionOf, failedAction, leftAlone, type Place } from './instance-action.ts';
import { leftToOther } from './overdue.ts';
import type { PowerAction } from './power-action.ts';
import type { PowerCode } from './power-code.ts';
import { isValidMark, parseStopMark, type StopMark, stoppedTag } from './remember.ts';

/** Codes of what has ended a start that AWS has taken back. */
const takenBack =
  /^(?:Client\.(?:InternalError|InvalidSnapshot\.NotFound|VolumeLimitExceeded)|Server\.(?:InternalError|InsufficientInstanceCapacity))\b/;

/** What may be started. */
export interface StartPolicy {
  place: Place;
  /**
   * `any`: whatever was named by its id. `marked`: whatever devops has stopped. Otherwise only what this schedule or this
   * run has stopped.
   */
  only: 'any' | 'marked' | { by: string } | { run: string };
  /** Unix time. */
  now: number;
  /** What this instance's own schedule wants now, where each has its own. */
  optedOut?(row: InstanceRow): boolean;
}

/** What would happen to each instance, with the reason for whatever is left alone. Pure; as many records as rows. */
export function planStart(rows: readonly InstanceRow[], policy: StartPolicy): (PowerAction | FailedAction)[] {
  return rows.map((row) => planOne(row, policy));
}

function planOne(row: InstanceRow, policy: StartPolicy): PowerAction | FailedAction {
  const { place, only } = policy;
  const left = (code: PowerCode, reason: string) => leftAlone(row, place, code, reason);
  if (row.state === 'terminated' || row.state === 'shutting-down') return left('terminated', `is ${row.state}`);
  if (policy.optedOut?.(row) === true) return left('opted-out', 'its own schedule has nothing to say');
  if (row.state === 'running') return left('already-running', 'is running already');
  if (row.state === 'pending') return left('already-running', 'is starting already');
  if (only === 'any') return actionOf(row, place, 'would start');
  let mark: StopMark | undefined;
  try {
    mark = stopMarkOf(row);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return failedAction(row, place, { code: 'malformed-mark', message: error.message, hint: error.hints[0] });
  }
  if (mark === undefined) return left('no-mark', 'was not stopped by devops');
  if (isSpent(mark, row)) return left('spent-mark', 'was started by somebody since devops stopped it');
  if (only === 'marked') return actionOf(row, place, 'would start');
  if ('run' in only) {
    if (mark.run === only.run) return actionOf(row, place, 'would start');
    return left('other-run', `was stopped by run ${mark.run}`);
  }
  if (mark.by === only.by) return actionOf(row, place, 'would start');
  if (mark.by === 'manual') {
    return left('stopped-by-hand', `was stopped by hand: start it by its id, or with --run ${mark.run}`);
  }
  const { code, reason } = leftToOther(mark, policy.now, `start it by its id, or with --run ${mark.run}`);
  return left(code, reason);
}

/** What devops remembers of a stopped instance. Throws a UserError for a tag that cannot be read. */
export function stopMarkOf({ tags }: Pick<InstanceRow, 'tags'>): StopMark | undefined {
  const value = tags.get(stoppedTag);
  return value === undefined ? undefined : parseStopMark(value);
}

/** Whether the mark is one that somebody's start has made worthless, so that it only waits for its removal. */
export function hasSpentMark(row: InstanceRow): boolean {
  try {
    const mark = stopMarkOf(row);
    return mark !== undefined && isSpent(mark, row);
  } catch {
    return false;
  }
}

/**
 * Whether somebody has started it since. A start that AWS has taken back has brought nothing, whoever made it: the mark
 * holds for the next one.
 */
export function isSpent(mark: StopMark, row: InstanceRow): boolean {
  return !isValidMark(mark, row.launchedAt) && !hasFallenBack(row);
}

/**
 * Whether it was started and has stopped by itself, `Client.InternalError: Client error on launch`.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
 */
export function hasFallenBack({ state, stateReason = '' }: InstanceRow): boolean {
  return (state === 'stopped' || state === 'stopping') && takenBack.test(stateReason);
}
