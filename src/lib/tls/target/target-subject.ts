import type { Protocol } from '../protocol.ts';
import { protocolOfPort } from '../starttls/ports.ts';
import type { Host } from './parse-host.ts';
import type { Target } from './target.ts';

/**
 * The one form in which a server is reported and by which alarms are compared. It can be typed again and means the same:
 * the protocol is left out where the port says it, which only TLS at once does.
 */
export function endpointSubject({ name, family, zone }: Host, port: number, protocol: Protocol): string {
  const isPlain = protocol === 'tls' && protocolOfPort(port) === 'tls';
  // In a URL the percent sign before the zone is escaped, RFC 6874.
  const link = zone === undefined ? '' : `${isPlain ? '%' : '%25'}${zone}`;
  const host = family === 6 ? `[${name}${link}]` : name;
  return isPlain ? `${host}:${port}` : `${protocol}://${host}:${port}`;
}

/** What a target is called in reports: two targets are the same when this is. */
export function targetSubject(target: Target): string {
  return target.kind === 'endpoint' ? target.subject : target.path;
}
