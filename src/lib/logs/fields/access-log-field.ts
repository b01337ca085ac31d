import { textOf } from './field-value.ts';
import type { FieldValue } from './field-value.ts';
import { readTextField } from './logfmt-field.ts';

/** The names that nginx and Apache themselves give these fields, so that both may be written. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['remote_addr', 'remote'],
  ['ip', 'remote'],
  ['client', 'remote'],
  ['remote_user', 'user'],
  ['time_local', 'time'],
  ['uri', 'path'],
  ['request_uri', 'path'],
  ['server_name', 'vhost'],
  ['body_bytes_sent', 'bytes'],
  ['size', 'bytes'],
  ['http_referer', 'referer'],
  ['http_user_agent', 'agent'],
  ['user_agent', 'agent'],
  ['x_forwarded_for', 'forwarded_for'],
  ['http_x_forwarded_for', 'forwarded_for'],
  ['duration', 'request_time'],
]);

/** A stretch of the line; a number pair instead of a slice, because most of them nobody reads. */
type Stretch = readonly [start: number, end: number];

/**
 * A field of the common and the combined log format of Apache and nginx, as text: `remote`, `ident`, `user`, `time`
 * (without its brackets), `request`, `method`, `path` (with the query), `protocol`, `status`, `bytes`, `referer`,
 * `agent`. A name before the address is `vhost`, a third quoted text `forwarded_for`, a number at the end
 * `request_time`; other names are sought as `name=value` behind the agent. A `-` is the text `-`, as it stands in the line.
 */
export function readAccessLogField(bytes: Buffer, start: number, end: number, name: string): FieldValue | undefined {
  const bracket = find(bytes, 0x5b, start, Math.min(end, start + longestHead));
  if (bracket < start + 1 || bytes[bracket - 1] !== 0x20) return undefined;
  const timeStart = bracket + 1;
  const field = otherNames.get(name) ?? name;
  if (field === 'remote' || field === 'ident' || field === 'user' || field === 'vhost') {
    return readHead(bytes, start, bracket - 1, field);
  }
  const timeEnd = find(bytes, 0x5d, timeStart, end);
  if (timeEnd === -1) return undefined;
  if (field === 'time') return textOf(bytes, timeStart, timeEnd);
  const request = quotedAt(bytes, timeEnd + 1, end);
  if (request === undefined) return undefined;
  if (field === 'request' || field === 'method' || field === 'path' || field === 'protocol') {
    return readRequest(textOf(bytes, request[0], request[1]), field);
  }
  const status = wordAt(bytes, request[1] + 1, end);
  if (field === 'status') return textOrNothing(bytes, status);
  const size = wordAt(bytes, status[1], end);
  if (field === 'bytes') return textOrNothing(bytes, size);
  return readTail(bytes, size[1], end, field);
}

/** A line whose time begins later is no access log, and is not read to its end for that. */
const longestHead = 1024;

function readHead(bytes: Buffer, start: number, end: number, field: string): string | undefined {
  const words = textOf(bytes, start, end).split(' ');
  // The identity is - on every server of today, which tells a vhost before the address from a user with a space.
  const hasHost = words.length > 3 && words[1] !== '-' && words[2] === '-';
  if (field === 'vhost') return hasHost ? words[0] : undefined;
  const [remote, ident, ...user] = hasHost ? words.slice(1) : words;
  if (field === 'remote') return remote;
  return field === 'ident' ? ident : user.length === 0 ? undefined : user.join(' ');
}

/** What is no request line (a TLS hello on a plain port) has no method, path or protocol, but is a request. */
function readRequest(request: string, field: string): string | undefined {
  if (field === 'request') return request;
  const [, method, path, protocol] = /^([A-Za-z][\w-]*) (.*?)(?: ([A-Z]+\/[\d.]+))?$/s.exec(request) ?? [];
  return field === 'method' ? method : field === 'path' ? path : protocol;
}

function readTail(bytes: Buffer, start: number, end: number, field: string): FieldValue | undefined {
  const referer = quotedAt(bytes, start, end);
  const agent = referer && quotedAt(bytes, referer[1] + 1, end);
  if (field === 'referer') return referer && textOf(bytes, ...referer);
  if (field === 'agent') return agent && textOf(bytes, ...agent);
  const rest = agent === undefined ? start : agent[1] + 1;
  if (field === 'forwarded_for') {
    const forwarded = agent && quotedAt(bytes, rest, end);
    return forwarded && textOf(bytes, ...forwarded);
  }
  const value = readTextField(bytes, rest, end, field);
  return value === undefined && field === 'request_time' ? readLastNumber(bytes, rest, end) : value;
}

function readLastNumber(bytes: Buffer, start: number, end: number): string | undefined {
  const text = bytes.toString('latin1', Math.max(start, end - 64), end);
  return /(?:^|[\s"])(\d+(?:\.\d+)?(?:ms|s)?)"?\s*$/.exec(text)?.[1];
}

/** The content of the quoted text that comes next; undefined when something else comes. */
function quotedAt(bytes: Buffer, start: number, end: number): Stretch | undefined {
  let at = start;
  while (at < end && bytes[at] === 0x20) at++;
  if (at >= end || bytes[at] !== 0x22) return undefined;
  const open = at + 1;
  at = open;
  while (at < end && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
  return at >= end ? undefined : [open, at];
}

function wordAt(bytes: Buffer, start: number, end: number): Stretch {
  let at = start;
  while (at < end && bytes[at] === 0x20) at++;
  const begin = at;
  while (at < end && bytes[at]! > 0x20 && bytes[at] !== 0x22) at++;
  return [begin, at];
}

function textOrNothing(bytes: Buffer, [start, end]: Stretch): string | undefined {
  return start === end ? undefined : textOf(bytes, start, end);
}

function find(bytes: Buffer, byte: number, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === byte) return at;
  return -1;
}
