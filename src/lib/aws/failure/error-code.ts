import { UserError } from '../../errors/user-error.ts';
import { oneLine } from './one-line.ts';

/** The fields of the SDK's errors that are looked at. */
interface SdkError extends Error {
  /** AWS's own code, where the SDK has a class of its own for it with another name. */
  Code?: unknown;
  /** Node's name of a system error. */
  code?: unknown;
  /** Where the request went, `host` or `host:port`. */
  host?: unknown;
  $metadata?: { httpStatusCode?: number; attempts?: number };
  $response?: { headers?: Record<string, string> };
}

/**
 * AWS's code such as `UnauthorizedOperation`, the system's such as `ECONNREFUSED`, or else the name of the error.
 * Empty for what is no error. Of a UserError it is the code of its cause.
 */
export function errorCode(error: unknown): string {
  if (error instanceof UserError && error.cause !== undefined) return errorCode(error.cause);
  if (!(error instanceof Error)) return '';
  const { Code, code, name } = error as SdkError;
  if (typeof Code === 'string' && Code !== '') return Code;
  return typeof code === 'string' && code !== '' ? code : name;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html and what other services call it. */
const throttles = new Set([
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequestsException',
  'EC2ThrottledException',
  'BandwidthLimitExceeded',
  'SlowDown',
]);

/** Refused because of too many requests: the same again later, never in smaller pieces. */
export function isThrottle(error: unknown): boolean {
  return throttles.has(errorCode(error)) || answeredStatus(error) === 429;
}

const denials = new Set([
  'UnauthorizedOperation',
  'AccessDenied',
  'AccessDeniedException',
  'Client.UnauthorizedOperation',
]);

/** Refused for lack of a permission: the same in smaller pieces will be refused too. */
export function isDenied(error: unknown): boolean {
  return denials.has(errorCode(error));
}

/** Undefined where nothing was answered. */
export function answeredStatus(error: unknown): number | undefined {
  if (error instanceof UserError && error.cause !== undefined) return answeredStatus(error.cause);
  return error instanceof Error ? (error as SdkError).$metadata?.httpStatusCode : undefined;
}

export function triesOf(error: unknown): number {
  return error instanceof Error ? ((error as SdkError).$metadata?.attempts ?? 1) : 1;
}

export function hostOf(error: unknown): string | undefined {
  const host = error instanceof Error ? (error as SdkError).host : undefined;
  return typeof host === 'string' ? host : undefined;
}

/** Seconds that this machine's clock is ahead of the server's, which has whole seconds; undefined when not told. */
export function clockAhead(error: unknown): number | undefined {
  const date = error instanceof Error ? (error as SdkError).$response?.headers?.['date'] : undefined;
  const server = date === undefined ? NaN : Date.parse(date);
  return Number.isNaN(server) ? undefined : (Date.now() - server) / 1000;
}

/** AWS's own words as one line; without what only administrators can decode, and without the SDK's own advice. */
export function plainText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return oneLine(
    text
      .replace(/\s*Encoded authorization failure message:[^]*$/, '')
      .replace(/\s*Deserialization error: to see[^]*$/, ''),
  );
}
