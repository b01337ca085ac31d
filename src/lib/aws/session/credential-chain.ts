import { handlerOptions } from './client-config.ts';
import { containerFailure, halfKeys, noCredentials, profileFailure, tokenFailure } from './credential-failure.ts';
import { checkProfile } from './profile-check.ts';
import { instanceCredentials } from './credential-instance.ts';
import type { Profile, ProfileFiles } from './profile-files.ts';
import type { SessionSettings } from './session.ts';

export interface KeyPair {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** Found at the first call and renewed five minutes before their end. STS is asked in `region`, where it is needed. */
export type Credentials = (region: string) => Promise<KeyPair>;

export interface CredentialRequest {
  settings: SessionSettings;
  profiles: ProfileFiles;
  profile: Profile;
  /** Assumed with whatever was found. */
  roleArn: string | undefined;
}

/** Milliseconds: requests may wait and be sent again for a while with what they were signed with. */
const margin = 5 * 60_000;

/**
 * Sources in awscli's order: keys of the environment (unless a profile was named), the role of a profile, the web
 * identity of a pod (unless a profile was named), all else of the profile, the container, the instance. The first that is
 * configured is the one: when it fails, or half of it is missing, that is told, and no other account is acted on instead.
 *
 * The SDK's own chain reads the environment of the process and ends every failure in "Could not load credentials from
 * any providers", so only its providers are used. What they still read of the process: the place of the files and
 * AWS_ENDPOINT_URL for a login of SSO, and all of it for `credential_source` of a profile.
 */
export function openCredentials(request: CredentialRequest): Credentials {
  let found: KeyPair | undefined;
  let pending: Promise<KeyPair> | undefined;
  return async (region) => {
    if (found !== undefined && (found.expiration === undefined || found.expiration.getTime() - Date.now() > margin)) {
      return found;
    }
    pending ??= findAndAssume(request, region).finally(() => {
      pending = undefined;
    });
    found = await pending;
    return found;
  };
}

async function findAndAssume(request: CredentialRequest, region: string): Promise<KeyPair> {
  const { settings, roleArn } = request;
  const keys = await find(request, region);
  if (roleArn === undefined) return keys;
  const { assumeRole } = await import('./credential-role.ts');
  return assumeRole(settings, region, keys, { RoleArn: roleArn, RoleSessionName: 'devops' });
}

async function find(request: CredentialRequest, region: string): Promise<KeyPair> {
  const { settings, profile } = request;
  const { env } = settings;
  if (settings.named === undefined) {
    const keys = environmentKeys(env);
    if (keys !== undefined) return keys;
    const isPod = env['AWS_WEB_IDENTITY_TOKEN_FILE'] && env['AWS_ROLE_ARN'];
    if (isPod && !profile.settings.has('role_arn')) return ofToken(settings, region);
  }
  if (profileKeys.some((key) => profile.settings.has(key))) return ofProfile(request, region);
  if (env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] || env['AWS_CONTAINER_CREDENTIALS_FULL_URI']) {
    return ofContainer(settings);
  }
  let reason: unknown;
  const keys = await instanceCredentials(settings).catch((error: unknown) => {
    settings.signal.throwIfAborted();
    reason = error;
    return undefined;
  });
  if (keys !== undefined) return keys;
  throw noCredentials(request, reason);
}

/** Settings of a profile that make it a source of credentials; one that has none only tells a region or so. */
const profileKeys = [
  'aws_access_key_id',
  'aws_secret_access_key',
  'role_arn',
  'web_identity_token_file',
  'credential_process',
  'credential_source',
  'sso_session',
  'sso_start_url',
  'sso_account_id',
  'login_session',
];

function environmentKeys(env: SessionSettings['env']): KeyPair | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId) return undefined;
  if (!secretAccessKey) throw halfKeys('the environment', 'AWS_SECRET_ACCESS_KEY');
  const sessionToken = env['AWS_SESSION_TOKEN'] || env['AWS_SECURITY_TOKEN'];
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

/** Of a profile that has nothing but keys: the SDK does not find it when its name has a space. */
function profileKeysOf({ settings }: Profile): KeyPair | undefined {
  const accessKeyId = settings.get('aws_access_key_id');
  const secretAccessKey = settings.get('aws_secret_access_key');
  if (settings.has('role_arn') || accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const sessionToken = settings.get('aws_session_token');
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

async function ofProfile(request: CredentialRequest, region: string): Promise<KeyPair> {
  const { settings, profiles, profile } = request;
  checkProfile(profile, profiles);
  const own = profileKeysOf(profile);
  if (own !== undefined) return own;
  const { fromIni } = await import('@aws-sdk/credential-provider-ini');
  // A role is assumed in the region of its profile, where there is one.
  const near = profile.settings.get('region') ?? region;
  const provider = fromIni({
    profile: profile.name,
    filepath: profiles.credentialsPath,
    configFilepath: profiles.configPath,
    ignoreCache: true,
    logger: quiet(settings),
    clientConfig: { requestHandler: handlerOptions(settings), maxAttempts: settings.maxAttempts },
    parentClientConfig: { region: near },
    roleAssumer: async (keys, role) => (await import('./credential-role.ts')).assumeRole(settings, near, keys, role),
    roleAssumerWithWebIdentity: async (role) =>
      (await import('./credential-role.ts')).assumeRoleWithToken(settings, near, role),
  });
  return provider().catch((error: unknown) => {
    throw profileFailure(error, profile, settings);
  });
}

async function ofToken(settings: SessionSettings, region: string): Promise<KeyPair> {
  const { env } = settings;
  const path = env['AWS_WEB_IDENTITY_TOKEN_FILE']!;
  const [{ fromTokenFile }, { assumeRoleWithToken }] = await Promise.all([
    import('@aws-sdk/credential-provider-web-identity'),
    import('./credential-role.ts'),
  ]);
  const provider = fromTokenFile({
    webIdentityTokenFile: path,
    roleArn: env['AWS_ROLE_ARN']!,
    roleSessionName: env['AWS_ROLE_SESSION_NAME'] || 'devops',
    roleAssumerWithWebIdentity: (role) => assumeRoleWithToken(settings, region, role),
    logger: quiet(settings),
  });
  return provider().catch((error: unknown) => {
    throw tokenFailure(error, path);
  });
}

async function ofContainer(settings: SessionSettings): Promise<KeyPair> {
  const { env } = settings;
  const { fromHttp } = await import('@aws-sdk/credential-provider-http');
  // An empty one keeps the provider from asking the process.
  const given = (name: string): string => env[name] ?? '';
  try {
    return await fromHttp({
      awsContainerCredentialsRelativeUri: given('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'),
      awsContainerCredentialsFullUri: given('AWS_CONTAINER_CREDENTIALS_FULL_URI'),
      awsContainerAuthorizationToken: given('AWS_CONTAINER_AUTHORIZATION_TOKEN'),
      awsContainerAuthorizationTokenFile: given('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'),
      logger: quiet(settings),
    })();
  } catch (error) {
    throw containerFailure(error);
  }
}

/** Without a logger the providers print for themselves. */
function quiet({ log }: SessionSettings) {
  const say = (...words: unknown[]): void => log.debug(words.map(String).join(' '));
  return { debug: say, info: say, warn: say, error: say };
}
