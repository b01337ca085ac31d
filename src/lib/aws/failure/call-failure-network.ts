import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';
import type { FailedTarget } from './failed-target.ts';
import { errorCode, hostOf, plainText } from './error-code.ts';
import { nearestRegion } from '../session/region-name.ts';

/** Nothing was answered, or not to its end; undefined when it is no failure of the network. */
export function networkFailure(error: unknown, target: FailedTarget, what: string): UserError | undefined {
  const host = printable(hostOf(error) ?? 'the endpoint');
  const code = errorCode(error);
  const failed = (reason: string, hints: readonly string[], kind: 'network' | 'timeout' = 'network'): UserError =>
    new UserError(`${what}: ${reason}`, { code: kind, hints, cause: error });
  const check = 'look at --endpoint-url, AWS_ENDPOINT_URL and HTTPS_PROXY, and whether something listens there';

  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN': {
      const meant = nearestRegion(target.region);
      return failed(`the host ${host} is not known`, [
        ...(meant === undefined ? [] : [`is the region right? Did you mean ${meant}?`]),
        code === 'EAI_AGAIN'
          ? 'the name server does not answer'
          : 'look at the region, --endpoint-url and the name server',
      ]);
    }
    case 'ECONNREFUSED':
      return failed(`${host} refuses the connection`, [check]);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return failed(`there is no way to ${host}`, ['look at the network of this machine']);
    case 'ECONNRESET':
    case 'EPIPE':
      return failed(`${host} broke the connection off`, [
        'run it again; when it stays so, look for a proxy in between',
      ]);
    case 'ERR_PROXY_TUNNEL':
      return failed(`the proxy opens no way to ${host}: ${plainText(error)}`, [
        'look at HTTPS_PROXY and NO_PROXY, and whether the proxy wants a name and a password',
      ]);
    case 'EPROTO':
      return failed(`${host} does not speak TLS`, ['write the endpoint with http:// when it has no TLS']);
    case 'HPE_INVALID_CONSTANT':
    case 'HPE_INVALID_VERSION':
      return failed(`${host} does not speak HTTP`, [
        'write the endpoint with https:// when it has TLS, and look at the port of --endpoint-url and AWS_ENDPOINT_URL',
      ]);
    case 'ETIMEDOUT':
    case 'TimeoutError':
      return failed(
        /establish a connection|connect ETIMEDOUT/.test(plainText(error))
          ? `${host} takes no connection within 5 s`
          : `${host} does not answer within a minute`,
        ['a network without a way out needs a NAT gateway or an interface endpoint of the service', check],
        'timeout',
      );
    default:
      break;
  }
  if (/CERT|SIGNATURE|SELF_SIGNED|ERR_TLS|UNABLE_TO_/.test(code)) {
    return failed(`the certificate of ${host} is not trusted (${code})`, [
      'behind a proxy that looks into TLS: name its certificate in AWS_CA_BUNDLE',
    ]);
  }
  return undefined;
}
