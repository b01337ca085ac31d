import type { Logger } from '../../log/logger.ts';
import { UserError } from '../../errors/user-error.ts';
import { type Proxies, proxiesOf } from '../../net/proxy.ts';
import { printable } from '../../text/printable.ts';
import type { Credentials } from './credential-chain.ts';
import type { Profile } from './profile-files.ts';

export type Service = 'EC2' | 'AUTO_SCALING' | 'STS';

/** What a profile and the environment say about how AWS is spoken to; the same for all of its regions. */
export interface SessionSettings {
  /** As --profile named it; undefined: nobody did. */
  named: string | undefined;
  profile: Profile;
  /** Where the requests to a service go; undefined: where the SDK's rules for the region say. */
  endpoint(service: Service): string | undefined;
  /** Tries in all, the first one included. */
  maxAttempts: number;
  /** Adaptive: one throttled call makes all calls of the client slower. */
  retryMode: 'adaptive' | 'standard';
  useDualstackEndpoint: boolean;
  useFipsEndpoint: boolean;
  userAgentAppId: string | undefined;
  /** File with the only certificates that are trusted; undefined: those of Node. */
  certificatesFile: string | undefined;
  /** Undefined: every request goes straight to its endpoint. */
  proxies: Proxies | undefined;
  version: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  log: Logger;
  pause(this: void, seconds: number, signal: AbortSignal): Promise<void>;
  monotonic(this: void): number;
}

/** One profile, or the default chain. */
export interface Session {
  settings: SessionSettings;
  credentials: Credentials;
  /** Runs `ask` once, however many regions want to know; a failure is not kept. */
  accountId(ask: () => Promise<string>): Promise<string>;
}

export interface SettingsRequest extends Pick<
  SessionSettings,
  'named' | 'profile' | 'version' | 'env' | 'signal' | 'log' | 'pause' | 'monotonic'
> {
  services: ReadonlyMap<string, string>;
  endpointUrl: string | undefined;
}

/**
 * The SDK would read most of this by itself, but from the environment of the process; here it comes from the request.
 * Environment beats profile. https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export function sessionSettings(request: SettingsRequest): SessionSettings {
  const { env, profile } = request;
  const read = (variable: string, setting: string): string | undefined =>
    env[variable] || profile.settings.get(setting) || undefined;
  const isSet = (variable: string, setting: string): boolean => read(variable, setting)?.toLowerCase() === 'true';
  const mode = read('AWS_RETRY_MODE', 'retry_mode');
  return {
    ...request,
    endpoint: endpoints(request, isSet('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'ignore_configured_endpoint_urls')),
    maxAttempts: attempts(read('AWS_MAX_ATTEMPTS', 'max_attempts')),
    // `legacy` is awscli's word for what came before `standard`.
    retryMode: mode === 'standard' || mode === 'legacy' ? 'standard' : 'adaptive',
    useDualstackEndpoint: isSet('AWS_USE_DUALSTACK_ENDPOINT', 'use_dualstack_endpoint'),
    useFipsEndpoint: isSet('AWS_USE_FIPS_ENDPOINT', 'use_fips_endpoint'),
    certificatesFile: read('AWS_CA_BUNDLE', 'ca_bundle'),
    proxies: proxiesOf(env),
    userAgentAppId: read('AWS_SDK_UA_APP_ID', 'sdk_ua_app_id'),
  };
}

function attempts(text: string | undefined): number {
  if (text === undefined) return 10;
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1) return count;
  throw new UserError(`AWS_MAX_ATTEMPTS or max_attempts is no number of tries: ${printable(text)}`, {
    code: 'config',
    hints: ['give a whole number from 1 to 999'],
  });
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function endpoints(request: SettingsRequest, isIgnored: boolean): SessionSettings['endpoint'] {
  const { env, profile, services, endpointUrl } = request;
  const find = (service: Service): string | undefined => {
    if (endpointUrl !== undefined) return checked(endpointUrl, '--endpoint-url');
    if (isIgnored) return undefined;
    const places = [
      [`AWS_ENDPOINT_URL_${service}`, env],
      ['AWS_ENDPOINT_URL', env],
    ] as const;
    for (const [name, values] of places) {
      if (values[name]) return checked(values[name], name);
    }
    const ofProfile = services.get(`${service.toLowerCase()}.endpoint_url`) ?? profile.settings.get('endpoint_url');
    return ofProfile === undefined ? undefined : checked(ofProfile, `endpoint_url of the profile ${profile.name}`);
  };
  // All three are checked now: a wrong one must not be met in the middle of the work.
  const found = { EC2: find('EC2'), AUTO_SCALING: find('AUTO_SCALING'), STS: find('STS') };
  return (service) => found[service];
}

function checked(text: string, source: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '') return text;
  throw new UserError(`${source} is no URL of http or https${url?.username ? ' without a password' : ''}`, {
    code: 'config',
    hints: ['write it as https://ec2.eu-central-1.amazonaws.com or http://127.0.0.1:4566'],
  });
}
