import { UserError } from '../errors/user-error.ts';
import { NameFailure } from '../net/name-failure.ts';
import { DeliveryFailure } from './notifier.ts';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'closed the connection without an answer',
  EPIPE: 'closed the connection without an answer',
  EHOSTUNREACH: 'cannot be reached: no route to the host',
  ENETUNREACH: 'cannot be reached: the network is unreachable',
  ETIMEDOUT: 'does not answer',
  ENOTFOUND: 'is unknown: there is no such name',
  EAI_AGAIN: 'could not be looked up: the name servers do not answer',
  ERR_PROXY_TUNNEL: 'cannot be reached: the proxy refuses, see HTTPS_PROXY',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a self-signed certificate, which is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate of an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'has a certificate of an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a certificate of an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate of an authority that is not trusted',
  CERT_HAS_EXPIRED: 'has a certificate that is expired',
  CERT_NOT_YET_VALID: 'has a certificate that is not valid yet',
  HPE_HEADER_OVERFLOW: 'answers with too many headers',
};

/**
 * Why a request got no answer, as a temporary failure: a server may be mended. In words of our own, because those of
 * Node may quote the URL or the password of a proxy.
 */
export function httpFailure(error: unknown, host: string): DeliveryFailure {
  return new DeliveryFailure(`${host} ${reasonOf(error)}`, { permanent: false, cause: error });
}

function reasonOf(error: unknown): string {
  // About a setting of this machine, such as SSL_CERT_FILE.
  if (error instanceof UserError || error instanceof NameFailure) return `was not asked: ${error.message}`;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return 'was not asked: an unexpected error';
  if (code.startsWith('HPE_')) return reasons[code] ?? 'answers, but not with HTTP';
  if (code.startsWith('ERR_SSL_')) return 'answers, but no TLS connection came about';
  return reasons[code] ?? `could not be asked (${code})`;
}
