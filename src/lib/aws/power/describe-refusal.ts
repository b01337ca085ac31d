import { callFailure } from '../failure/call-failure.ts';
import { errorCode } from '../failure/error-code.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { Refusal } from './call-for-all.ts';
import type { FailedAction } from './failed-action.ts';
import { failedAction, leftAlone } from './instance-action.ts';
import type { PowerAction } from './power-action.ts';
import type { PowerCode, PowerErrorCode } from './power-code.ts';
import type { PowerRun } from './power-run.ts';

/** Refusals that are no failure: the instance is one that is left alone. Codes of the EC2 API reference. */
const leftAloneCodes: ReadonlyMap<string, PowerCode> = new Map([
  ['OperationNotPermitted', 'protected'],
  ['IncorrectInstanceState', 'not-running'],
  ['IncorrectState', 'not-running'],
  ['UnsupportedOperation', 'unsupported'],
]);

/** Those that have words of their own; any other is `refused`. */
const errorCodes: ReadonlyMap<string, PowerErrorCode> = new Map([
  ['InvalidInstanceID.NotFound', 'vanished'],
  ['UnsupportedHibernationConfiguration', 'hibernation-not-configured'],
  ['TagLimitExceeded', 'mark-failed'],
]);

/** A refused stop as the record of its instance. */
export function refusedStop(row: InstanceRow, refusal: Refusal, run: PowerRun): PowerAction | FailedAction {
  const code = refusal.kind === 'refused' ? leftAloneCodes.get(errorCode(refusal.error)) : undefined;
  if (code === undefined) return refusedCall(row, refusal, run, 'StopInstances');
  return leftAlone(row, run.target, ownCode(code, refusal.error), `AWS refuses: ${messageOf(refusal.error)}`);
}

/** A refused call as the error of its instance. */
export function refusedCall(
  row: InstanceRow,
  { error, kind }: Refusal,
  run: PowerRun,
  operation: string,
): FailedAction {
  const { message, hints } = callFailure(error, run.target, operation);
  const code = kind === 'capacity' ? 'no-capacity' : (errorCodes.get(errorCode(error)) ?? 'refused');
  return failedAction(row, run.target, { code, message, hint: hintFor(code, hints[0]) });
}

function ownCode(code: PowerCode, error: unknown): PowerCode {
  if (code !== 'unsupported') return code;
  const message = messageOf(error);
  if (/one-time/i.test(message)) return 'spot-one-time';
  return /instance.store/i.test(message) ? 'instance-store' : 'unsupported';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function hintFor(code: PowerErrorCode, hint: string | undefined): string | undefined {
  if (code === 'no-capacity') {
    return 'the next run tries again; another zone or type, or a capacity reservation, is what makes sure';
  }
  if (code === 'hibernation-not-configured') return 'without --hibernate it is stopped as any other';
  if (code === 'mark-failed') return 'an instance has room for 50 tags: remove one that nobody needs';
  return hint;
}
