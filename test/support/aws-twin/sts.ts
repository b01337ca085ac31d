import { ApiError } from './api-error.ts';
import type { Operation } from './operation.ts';
import { element } from './xml.ts';

const getCallerIdentity: Operation = (input, { caller }) => {
  input.finish();
  return [
    element('Arn', caller.arn),
    element('UserId', caller.accessKey.replace(/^A(K|S)IA/, 'AIDA')),
    element('Account', caller.account),
  ];
};

const assumeRole: Operation = (input, { caller, assume }) => {
  const role = input.required('RoleArn');
  const session = input.required('RoleSessionName');
  const seconds = input.integer('DurationSeconds') ?? 3600;
  for (const name of ['ExternalId', 'Policy', 'SerialNumber', 'TokenCode', 'SourceIdentity']) input.text(name);
  input.finish();
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
    throw new ApiError(
      'ValidationError',
      `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  if (seconds < 900 || seconds > 43_200) {
    throw new ApiError(
      'ValidationError',
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`,
    );
  }
  if (!/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role)) {
    throw new ApiError('ValidationError', `${role} is invalid`);
  }
  const keys = assume(role, session, seconds);
  if (keys === undefined) {
    throw new ApiError(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
    );
  }
  const assumed = role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/');
  return [
    element(
      'Credentials',
      element('AccessKeyId', keys.accessKey),
      element('SecretAccessKey', keys.secretKey),
      element('SessionToken', keys.token),
      element('Expiration', keys.expires.toISOString()),
    ),
    element(
      'AssumedRoleUser',
      element('AssumedRoleId', `${keys.roleId}:${session}`),
      element('Arn', `${assumed}/${session}`),
    ),
  ];
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/ */
export const operations: Readonly<Record<string, Operation>> = {
  GetCallerIdentity: getCallerIdentity,
  AssumeRole: assumeRole,
};
