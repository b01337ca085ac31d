import { addressFamily } from '../../net/address-family.ts';
import { nearest } from '../../errors/nearest.ts';
import type { Protocol } from '../protocol.ts';
import { protocolOfPort, schemeDefaults, type SchemeDefault } from '../starttls/ports.ts';
import { isStoreName, pathOfFileUrl } from './file-path.ts';
import { parseHost } from './parse-host.ts';
import { targetMistake } from './target-mistake.ts';
import { endpointSubject } from './target-subject.ts';
import type { EndpointTarget, PathTarget, Target } from './target.ts';

export interface TargetOptions {
  /** What servers without a scheme speak, whatever their port; left out, the port says it. */
  starttls?: Protocol;
  /** The port of servers that have none of their own; left out, the usual one of the protocol, in doubt 443. */
  port?: number;
  /** Whether there is a file or a folder of this name. Asked only of words that could be a file or a host. */
  isFile(path: string): boolean;
}

/** As PATH_MAX of Linux. */
const longestTarget = 4096;

/**
 * One target as people type it: `host`, `host:port`, `[v6]:port`, a bare IPv6 address, a URL whose scheme picks protocol
 * and port (`smtp://host`, the rest of the URL does not count), or a path: whatever has a slash or ends as files of
 * certificates do. Throws UserError for everything else.
 */
export function parseTarget(text: string, options: TargetOptions): Target {
  if (text === '') throw targetMistake(text, 'it is empty');
  if (text.length > longestTarget) throw targetMistake(text, `it has more than ${longestTarget} characters`);
  if (text.startsWith('-')) throw targetMistake(text, 'it begins with a dash', 'write ./-NAME for a file of that name');
  const scheme = /^([a-z][a-z0-9+.-]*):\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'file') return fileTarget(text, pathOfFileUrl(text));
  if (scheme !== undefined && text.startsWith('//', scheme.length + 1)) return urlTarget(text, scheme, options);
  if (scheme !== undefined && scheme in schemeDefaults) {
    throw targetMistake(text, 'a URL has two slashes behind its scheme', `write ${scheme}://HOST`);
  }
  if (text.includes('/')) return fileTarget(text, text);
  if (isStoreName(text, options.isFile)) return fileTarget(text, text);
  if (text.includes('@')) throw targetMistake(text, 'only a URL has a user before the host');
  return endpointTarget(text, text, undefined, options);
}

function fileTarget(text: string, path: string | undefined): PathTarget {
  if (path === undefined) {
    throw targetMistake(
      text,
      'this URL does not name a file of this machine',
      'write file:///PATH, or the path itself',
    );
  }
  if (path.includes('\0')) throw targetMistake(text, 'no path has a NUL character');
  const [, address = ''] = /^\[?([^[\]/]+)\]?\/\d{1,3}$/.exec(path) ?? [];
  if (addressFamily(address) !== 0) {
    throw targetMistake(text, 'it is a range of addresses', 'name each address, or ./PATH for a file of that name');
  }
  return { kind: 'path', path, settings: {} };
}

function urlTarget(text: string, scheme: string, options: TargetOptions): EndpointTarget {
  if (!(scheme in schemeDefaults)) {
    const known = Object.keys(schemeDefaults);
    const meant = nearest(scheme, known);
    const hint = meant === undefined ? `write one of ${known.join(', ')}` : `did you mean '${meant}://'?`;
    throw targetMistake(text, 'its scheme is not known', hint);
  }
  const authority = /^[^/?#]*/.exec(text.slice(scheme.length + 3))![0];
  // The percent sign before a zone is escaped in a URL, RFC 6874. One that stands for itself is taken, too.
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/^(\[[^%\]]*)%25(?!\])/, '$1%');
  return endpointTarget(text, host, schemeDefaults[scheme], options);
}

function endpointTarget(
  text: string,
  authority: string,
  scheme: SchemeDefault | undefined,
  options: TargetOptions,
): EndpointTarget {
  const { hostText, portText } = splitAuthority(text, authority);
  const host = parseHost(hostText);
  if ('reason' in host) throw targetMistake(text, host.reason, host.hint);
  const typedPort = portText === undefined ? options.port : parsePort(text, portText);
  const protocol = scheme?.protocol ?? options.starttls ?? protocolOfPort(typedPort ?? 443);
  const port = typedPort ?? scheme?.port ?? schemeDefaults[protocol]!.port;
  return {
    kind: 'endpoint',
    subject: endpointSubject(host, port, protocol),
    host: host.name,
    addressFamily: host.family,
    port,
    protocol,
    settings: host.zone === undefined ? {} : { address: `${host.name}%${host.zone}` },
  };
}

function splitAuthority(text: string, authority: string): { hostText: string; portText?: string } {
  if (authority.startsWith('[')) {
    const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(authority);
    const hostText = bracketed?.[1];
    const hint = 'write an IPv6 address with a port as [2001:db8::1]:443';
    if (hostText === undefined) throw targetMistake(text, 'the bracket is not closed, or no :port follows it', hint);
    if (!hostText.includes(':')) throw targetMistake(text, 'what stands in the brackets is not an IPv6 address', hint);
    return bracketed?.[2] === undefined ? { hostText } : { hostText, portText: bracketed[2] };
  }
  const colon = authority.indexOf(':');
  if (colon === -1 || authority.includes(':', colon + 1)) return { hostText: authority };
  return { hostText: authority.slice(0, colon), portText: authority.slice(colon + 1) };
}

function parsePort(text: string, portText: string): number {
  if (portText === '') throw targetMistake(text, 'there is no port behind the colon');
  const port = /^[1-9]\d{0,4}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65_535) throw targetMistake(text, 'a port is a number from 1 to 65535');
  return port;
}
