import { UserError, type UserErrorCode } from '../../errors/user-error.ts';
import type { FailedTarget } from './failed-target.ts';
import { clockAhead, errorCode, isDenied, isThrottle, answeredStatus, plainText, triesOf } from './error-code.ts';

/** AWS answered, and did not do it. */
export function refusalFailure(error: unknown, target: FailedTarget, operation: string, what: string): UserError {
  const code = errorCode(error);
  const text = plainText(error);
  const failed = (reason: string, kind: UserErrorCode, ...hints: readonly string[]): UserError =>
    new UserError(`${what}: ${reason}`, { code: kind, hints, cause: error });

  if (isThrottle(error)) {
    const again = 'run it again later, with fewer regions or instances at once, or set AWS_MAX_ATTEMPTS higher';
    return failed(`AWS throttled it ${times(error)} (${code})`, 'busy', again);
  }
  if (isDenied(error)) return denied(text, operation, failed);
  if (clockCodes.has(code)) {
    const skew = clockText(error);
    if (skew !== undefined)
      return failed(skew, 'failed', 'set the clock: timedatectl set-ntp true, or chronyc makestep');
  }
  switch (code) {
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'RequestExpired':
      return failed(`the session has expired (${code})`, 'permission', loginHint(target));
    case 'SignatureDoesNotMatch':
    case 'InvalidSignatureException':
    case 'IncompleteSignature':
      if (/scoped to a valid region|scoped to correct region/i.test(text)) {
        return failed(
          `the endpoint is not one of the region ${target.region} (${code})`,
          'permission',
          'look at the region, and at --endpoint-url and AWS_ENDPOINT_URL, which name a host of one region',
        );
      }
      return failed(
        `the signature is wrong (${code})`,
        'permission',
        'the secret access key does not belong to the key id',
      );
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
    case 'MissingAuthenticationToken':
    case 'InvalidAccessKeyId':
    case 'AuthFailure':
      return failed(`AWS does not know these credentials (${code})`, 'permission', ...knownHints(target));
    case 'OptInRequired':
    case 'RegionDisabledException':
      return failed(`the region is not enabled for the account (${code})`, 'permission', ...regionHints(target));
    case 'PendingVerification':
    case 'Blocked':
      return failed(`AWS has blocked the account (${code}): ${text}`, 'permission', 'ask the support of AWS');
    case 'InvalidAction':
    case 'UnknownOperationException':
    case 'InvalidVersion':
      return failed(
        `the endpoint does not know ${operation} (${code})`,
        'unsupported',
        'look at --endpoint-url and AWS_ENDPOINT_URL',
      );
    default:
      break;
  }
  const status = answeredStatus(error) ?? 0;
  if (status >= 500) {
    return failed(
      `AWS failed ${times(error)} (${code}, HTTP status ${status}): ${text}`,
      'failed',
      'run it again later; https://health.aws.amazon.com',
    );
  }
  return failed(`${code}: ${text}`, /NotFound|NotFoundException$/.test(code) ? 'not-found' : 'failed');
}

function denied(
  text: string,
  operation: string,
  failed: (reason: string, kind: UserErrorCode, ...hints: readonly string[]) => UserError,
): UserError {
  if (operation.startsWith('AssumeRole')) {
    return failed(
      `the role may not be assumed: ${text}`,
      'permission',
      'the trust policy of the role must name who asks, and who asks needs sts:AssumeRole',
    );
  }
  const action = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)/.exec(text)?.[1] ?? actionOf(operation);
  const isBoundary = /explicit deny/i.test(text);
  return failed(
    `${action} is not allowed: ${text}`,
    'permission',
    isBoundary
      ? 'a policy denies it expressly, which no other policy can lift'
      : `a policy of who asks must allow ${action}; docs/aws.md has them all`,
  );
}

/** The name that policies have for an operation. */
function actionOf(operation: string): string {
  if (/AutoScaling|Processes$|InstanceHealth$|WarmPool|OrUpdateTags$|ScalingActivities$/.test(operation))
    return `autoscaling:${operation}`;
  return operation === 'GetCallerIdentity' ? `sts:${operation}` : `ec2:${operation}`;
}

const clockCodes = new Set([
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/** AWS takes requests that are up to 5 minutes off; undefined when the clock is right or the server tells no time. */
function clockText(error: unknown): string | undefined {
  const ahead = clockAhead(error);
  if (ahead === undefined || Math.abs(ahead) < 4 * 60) return undefined;
  const minutes = Math.round(Math.abs(ahead) / 60);
  const size = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  return `the clock of this machine is ${size} ${ahead > 0 ? 'ahead' : 'behind'} (${errorCode(error)})`;
}

function loginHint({ profile }: FailedTarget): string {
  return profile === undefined
    ? 'log in again, or get new keys: AWS_SESSION_TOKEN and those beside it are only good for hours'
    : `log in again: aws sso login --profile ${profile}`;
}

function knownHints({ region, profile }: FailedTarget): string[] {
  const option = profile === undefined ? '' : ` --profile ${profile}`;
  return [
    `try them: aws sts get-caller-identity${option}`,
    `a region that is not enabled for the account says the same: is ${region}?`,
  ];
}

function regionHints({ region }: FailedTarget): string[] {
  return [`enable ${region} in the settings of the account, or leave it out: --region all has the enabled ones only`];
}

function times(error: unknown): string {
  const tries = triesOf(error);
  return tries === 1 ? 'once' : `${tries} times`;
}
