import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAccessLogField } from '../../../../src/lib/logs/fields/access-log-field.ts';

const common = '10.0.0.1 - bob [20/Nov/2026:10:00:00 +0100] "GET /a?b=[1] HTTP/1.1" 404 153';
const combined = `${common} "https://shop.example/\\"x\\"" "curl/8 (x; y)"`;
const withHost = `shop.example:443 ${combined} 0.125`;
const forwarded = `${combined} "10.1.2.3, 10.1.2.4" rt=0.5 uht="0.1"`;

function read(line: string, name: string): unknown {
  const before = '9.9.9.9 - - [x] ';
  const bytes = Buffer.from(`${before}${line} "behind" 9`);
  return readAccessLogField(bytes, before.length, before.length + Buffer.byteLength(line), name);
}

test.for([
  [common, 'remote', '10.0.0.1'],
  [common, 'ident', '-'],
  [common, 'user', 'bob'],
  [common, 'vhost', undefined],
  [common, 'time', '20/Nov/2026:10:00:00 +0100'],
  [common, 'request', 'GET /a?b=[1] HTTP/1.1'],
  [common, 'method', 'GET'],
  [common, 'path', '/a?b=[1]'],
  [common, 'protocol', 'HTTP/1.1'],
  [common, 'status', '404'],
  [common, 'bytes', '153'],
  [common, 'body_bytes_sent', '153'],
  [common, 'referer', undefined],
  [common, 'agent', undefined],
  [common, 'request_time', undefined],
  [combined, 'referer', 'https://shop.example/\\"x\\"'],
  [combined, 'agent', 'curl/8 (x; y)'],
  [combined, 'request_time', undefined],
  [withHost, 'vhost', 'shop.example:443'],
  [withHost, 'remote', '10.0.0.1'],
  [withHost, 'user', 'bob'],
  [withHost, 'request_time', '0.125'],
  [withHost, 'duration', '0.125'],
  [forwarded, 'forwarded_for', '10.1.2.3, 10.1.2.4'],
  [forwarded, 'rt', '0.5'],
  [forwarded, 'uht', '0.1'],
  [forwarded, 'nothing', undefined],
  [combined.replace('bob', 'bob the builder'), 'user', 'bob the builder'],
  [common.replace('GET /a?b=[1] HTTP/1.1', '\\x16\\x03'), 'request', '\\x16\\x03'],
  [common.replace('GET /a?b=[1] HTTP/1.1', '\\x16\\x03'), 'method', undefined],
  [common.replace('GET /a?b=[1] HTTP/1.1', '\\x16\\x03'), 'status', '404'],
  [common.replace('GET /a?b=[1] HTTP/1.1', ''), 'status', '404'],
  [common.replace(' HTTP/1.1', ''), 'path', '/a?b=[1]'],
  [common.replace('10.0.0.1', '2001:db8::1'), 'remote', '2001:db8::1'],
  [common.replace('153', '-'), 'bytes', '-'],
  ['10.0.0.1 - - [20/Nov/2026:10:00:00 +0100] "GET /cut', 'status', undefined],
  ['10.0.0.1 - - [20/Nov', 'time', undefined],
  ['Nov 20 10:00:00 host app[1]: no access log', 'status', undefined],
  ['', 'remote', undefined],
] as const)('%s has %j: %j', ([line, name, expected]) => {
  expect(read(line, name)).toEqual(expected);
});

test('any damage to a line gives a field or none', () => {
  const names = ['remote', 'user', 'time', 'path', 'status', 'bytes', 'agent', 'forwarded_for', 'request_time', 'x'];
  fc.assert(
    fc.property(
      fc.nat(withHost.length),
      fc.nat(20),
      fc.string({ maxLength: 3 }),
      fc.constantFrom(...names),
      (at, cut, text, name) => {
        expect(['string', 'undefined']).toContain(
          typeof read(withHost.slice(0, at) + text + withHost.slice(at + cut), name),
        );
      },
    ),
    { numRuns: 1000 },
  );
});
