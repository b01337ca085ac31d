import { readFileSync } from 'node:fs';
import { systemFailure } from '../../files/system-failure.ts';
import { printable } from '../../text/printable.ts';
import type { Credentials } from './credential-chain.ts';
import { retryStrategy } from './retry-strategy.ts';
import type { Service, SessionSettings } from './session.ts';

/** Stands for an agent that nothing is asked of: a real one loads node:tls, 5 ms of CPU. */
const withoutTls = { destroy() {} };

/**
 * Throws a UserError when the file of trusted certificates cannot be read.
 * @param endpoint Where all requests go, if that is known.
 */
export function handlerOptions({ certificatesFile, proxies }: SessionSettings, endpoint?: string) {
  const agent = { keepAlive: true, maxSockets: 16, ...(proxies === undefined ? {} : { proxyEnv: proxies }) };
  const isPlain = endpoint !== undefined && URL.parse(endpoint)?.protocol === 'http:';
  return {
    // A server that does not take a connection in 5 s is down; a page of 1,000 instances may take many seconds.
    connectionTimeout: 5000,
    requestTimeout: 60_000,
    // Of a body that stops in the middle.
    socketTimeout: 60_000,
    throwOnRequestTimeout: true,
    // Each client has agents of its own, which end with it.
    httpAgent: agent,
    // What awscli and boto3 trust behind a proxy that looks into TLS; the SDK itself does not know it.
    httpsAgent: isPlain ? withoutTls : trusting(certificatesFile, agent),
  };
}

function trusting<Agent extends object>(certificatesFile: string | undefined, agent: Agent) {
  return certificatesFile === undefined ? agent : { ...agent, ca: readCertificates(certificatesFile) };
}

function readCertificates(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw systemFailure(`cannot read AWS_CA_BUNDLE '${printable(path)}'`, error);
  }
}

/**
 * What all three clients are made with. Every setting that the SDK would look up in the environment of the process or
 * in the files of profiles is given, so that it looks up none; AWS_LAMBDA_FUNCTION_NAME and AWS_EXECUTION_ENV, which
 * only mark the requests, remain.
 */
export function clientConfig(settings: SessionSettings, service: Service, region: string, credentials: Credentials) {
  const endpoint = settings.endpoint(service);
  const { version } = settings;
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ignoreConfiguredEndpointUrls: true,
    credentials: () => credentials(region),
    requestHandler: handlerOptions(settings, endpoint),
    maxAttempts: settings.maxAttempts,
    retryMode: settings.retryMode,
    retryStrategy: retryStrategy(settings),
    // The SDK's rules refuse both together with an endpoint of one's own.
    useDualstackEndpoint: endpoint === undefined && settings.useDualstackEndpoint,
    useFipsEndpoint: endpoint === undefined && settings.useFipsEndpoint,
    userAgentAppId: () => Promise.resolve(settings.userAgentAppId),
    authSchemePreference: [],
    disableClockSkewCorrection: false,
    defaultsMode: 'legacy' as const,
    ...(version === undefined ? {} : { customUserAgent: [['devops', version]] as [string, string][] }),
  };
}
