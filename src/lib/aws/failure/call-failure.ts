import { UserError } from '../../errors/user-error.ts';
import { networkFailure } from './call-failure-network.ts';
import { refusalFailure } from './call-failure-refusal.ts';
import { answeredStatus, errorCode, plainText, triesOf } from './error-code.ts';
import type { FailedTarget } from './failed-target.ts';

/**
 * What the SDK threw as one line that names the cause, with hints of what to do; a UserError stays what it is. Never
 * has a secret: of what AWS answered only its message is told, and what it encoded for administrators is left out.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
export function callFailure(error: unknown, target: FailedTarget, operation: string): UserError {
  if (error instanceof UserError) return error;
  const what = `${operation} in ${target.label}`;
  const code = errorCode(error);
  const status = answeredStatus(error);
  if (status === undefined || isBroken(error)) {
    return networkFailure(error, target, what) ?? new UserError(`${what}: ${plainText(error)}`, { cause: error });
  }
  if (code === 'ForeignAnswer' || code === 'Unknown' || code === 'Error' || code === 'SyntaxError') {
    return unreadable(error, what, status);
  }
  return refusalFailure(error, target, operation, what);
}

/** The answer began and did not end. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && !('$fault' in error);
}

function unreadable(error: unknown, what: string, status: number): UserError {
  const isForeign = error instanceof Error && error.name === 'ForeignAnswer';
  const text = plainText(error);
  const isCut = /missing closing tag|unclosed|unexpected end|premature/i.test(text) && status < 300;
  if (isCut) {
    return new UserError(`${what}: the answer ends in the middle`, {
      code: 'network',
      hints: ['run it again; when it stays so, look for a proxy in between'],
      cause: error,
    });
  }
  const tries = triesOf(error);
  const times = tries > 1 ? `, ${tries} times` : '';
  const reason = isForeign ? `the answer ${text}` : 'the answer is none of AWS';
  return new UserError(`${what}: ${reason} (HTTP status ${status}${times})`, {
    code: 'network',
    hints: ['is this an endpoint of AWS? Look at --endpoint-url, AWS_ENDPOINT_URL and the proxy'],
    cause: error,
  });
}
