import { UserError } from '../errors/user-error.ts';

/** Proxies by the protocol of what is asked, and what is asked without one; in the words of `proxyEnv` of Node's agents. */
export type Proxies = { HTTP_PROXY?: string; HTTPS_PROXY?: string; NO_PROXY?: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxies of the environment, as awscli, boto3 and curl understand them; undefined: none. Throws a UserError
 * (config) for one that is no URL, without its text, which may have a password.
 */
export function proxiesOf(env: Environment): Proxies | undefined {
  const http = proxyUrl(env, 'HTTP_PROXY');
  const https = proxyUrl(env, 'HTTPS_PROXY');
  if (http === undefined && https === undefined) return undefined;
  const exceptions = valueOf(env, 'NO_PROXY');
  return {
    ...(http === undefined ? {} : { HTTP_PROXY: http }),
    ...(https === undefined ? {} : { HTTPS_PROXY: https }),
    ...(exceptions === undefined ? {} : { NO_PROXY: withSubdomains(exceptions) }),
  };
}

/** In small letters first, as everywhere. */
function valueOf(env: Environment, name: string): string | undefined {
  return env[name.toLowerCase()] || env[name] || undefined;
}

function proxyUrl(env: Environment, name: string): string | undefined {
  const text = valueOf(env, name);
  if (text === undefined) return undefined;
  // `proxy.example.com:3128` is common as well, and Node would pass over it.
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url.href;
  throw new UserError(`${name} is no URL of http or https`, {
    code: 'config',
    hints: ['write it as http://proxy.example.com:3128, or unset it'],
  });
}

/** To Node `amazonaws.com` is that host alone; to everybody else it is all below it, too. */
function withSubdomains(exceptions: string): string {
  const entries = exceptions.split(',').map((entry) => entry.trim());
  return entries.flatMap((entry) => (/^[A-Za-z0-9]/.test(entry) ? [entry, `.${entry}`] : entry)).join(',');
}

type AgentClass = new (options: { proxyEnv: Proxies }) => { destroy(): void };

/** Node knows proxies since 22.21 and 24.5: then an agent refuses what is none. */
export function knowsProxies(Agent: AgentClass): boolean {
  try {
    new Agent({ proxyEnv: { HTTPS_PROXY: 'http://no proxy' } }).destroy();
    return false;
  } catch {
    return true;
  }
}

/**
 * One line where a proxy is wanted for this protocol and this Node cannot use one: else all that is told is that nobody
 * answers.
 */
export function unusedProxy(
  proxies: Proxies | undefined,
  protocol: 'http:' | 'https:',
  Agent: AgentClass,
): string | undefined {
  const name = protocol === 'http:' ? 'HTTP_PROXY' : 'HTTPS_PROXY';
  if (proxies?.[name] === undefined || knowsProxies(Agent)) return undefined;
  return `${name} is not used: that needs Node 22.21, or 24.5`;
}
