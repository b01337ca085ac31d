import { oneLine } from '../failure/one-line.ts';
import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';
import type { CredentialRequest } from './credential-chain.ts';
import type { Profile } from './profile-files.ts';
import type { SessionSettings } from './session.ts';

/** Nothing was found anywhere: where it was looked. `reason`: why the instance has none. */
export function noCredentials({ settings, profile, profiles }: CredentialRequest, reason: unknown): UserError {
  const { env, named } = settings;
  const isOff = env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true';
  const places = [
    ...(named === undefined ? ['the environment (AWS_ACCESS_KEY_ID is not set)'] : []),
    `the profile ${printable(profile.name)} of ${profiles.configPath} and ${profiles.credentialsPath}`,
    'web identity and container (not configured)',
    `the instance (${reason instanceof UserError ? reason.message : isOff ? 'switched off by AWS_EC2_METADATA_DISABLED' : 'this is none of EC2'})`,
  ];
  return new UserError(
    `there are no AWS credentials${named === undefined ? '' : ` for the profile ${printable(named)}`}`,
    {
      code: 'permission',
      hints: ['log in with aws configure, aws sso login or AWS_PROFILE', `looked at ${places.join('; ')}`],
      cause: reason,
    },
  );
}

/** A key id without its secret: somebody meant these, and not what would be found elsewhere. */
export function halfKeys(place: string, missing: string): UserError {
  return new UserError(`half of the AWS credentials is missing: ${place} has no ${missing}`, {
    code: 'permission',
    hints: ['set both, or neither'],
  });
}

/** What the SDK's provider says of a profile, with what to do about it. */
export function profileFailure(error: unknown, profile: Profile, settings: SessionSettings): UserError {
  settings.signal.throwIfAborted();
  if (error instanceof UserError) return error;
  const name = printable(profile.name);
  const text = messageOf(error);
  const failed = (reason: string, ...hints: string[]): UserError =>
    new UserError(`no AWS credentials from the profile ${name}: ${reason}`, {
      code: 'permission',
      hints,
      cause: error,
    });

  if (profile.settings.has('credential_process') && !/sso|role/i.test(text.split('\n', 1)[0]!)) {
    return failed(processReason(text), `run its credential_process by hand, or aws configure list --profile ${name}`);
  }
  if (/multi-factor/i.test(text)) {
    return failed(
      'its role asks for a code of a second factor',
      `log in first: eval "$(aws configure export-credentials --profile ${name} --format env)"`,
    );
  }
  const loginCommand = profile.settings.has('login_session') ? 'aws login' : 'aws sso login';
  if (isLogin(profile) && /sso|token|session|expired|unauthorized|reauthenticate|login/i.test(text)) {
    const isExpired = /expired|unauthorized|refresh/i.test(text);
    return failed(
      isExpired ? 'nobody is logged in, or the login has expired' : `nobody is logged in (${oneLine(text)})`,
      `${loginCommand} --profile ${name}`,
    );
  }
  return failed(oneLine(text), `aws configure list --profile ${name} shows what it has`);
}

/** The web identity of a pod or of a CI job. */
export function tokenFailure(error: unknown, path: string): UserError {
  if (error instanceof UserError) return error;
  return new UserError(`no AWS credentials from the web identity: ${oneLine(messageOf(error))}`, {
    code: 'permission',
    hints: [`AWS_WEB_IDENTITY_TOKEN_FILE names ${printable(path)}: it must be readable`],
    cause: error,
  });
}

export function containerFailure(error: unknown): UserError {
  return new UserError(`no AWS credentials from the container: ${oneLine(messageOf(error))}`, {
    code: 'permission',
    hints: ['look at AWS_CONTAINER_CREDENTIALS_FULL_URI or AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
    cause: error,
  });
}

function isLogin({ settings }: Profile): boolean {
  return [...settings.keys()].some((key) => key.startsWith('sso_') || key === 'login_session');
}

/** The first line is node's `Command failed: ` with the whole command, which may hold a secret; then comes its stderr. */
function processReason(text: string): string {
  if (!text.startsWith('Command failed: ')) return oneLine(text);
  const said = text.slice(text.indexOf('\n') + 1).trim();
  return !text.includes('\n') || said === ''
    ? 'its credential_process failed and said nothing'
    : `its credential_process failed: ${oneLine(said)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
