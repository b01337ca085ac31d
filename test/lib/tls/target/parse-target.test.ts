import { expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import type { Protocol } from '../../../../src/lib/tls/protocol.ts';
import { parseTarget, type TargetOptions } from '../../../../src/lib/tls/target/parse-target.ts';
import type { EndpointTarget, Target } from '../../../../src/lib/tls/target/target.ts';

function parse(text: string, options: Partial<TargetOptions> = {}): Target {
  return parseTarget(text, { isFile: () => false, ...options });
}

function endpoint(text: string, options: Partial<TargetOptions> = {}): EndpointTarget {
  const target = parse(text, options);
  if (target.kind === 'endpoint') return target;
  throw new Error(`${text} is a path`);
}

function refusal(text: string): UserError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

const bücher = 'xn--bcher-kva.example';

test.each<[typed: string, subject: string, host: string, port: number, protocol: Protocol]>([
  ['example.com', 'example.com:443', 'example.com', 443, 'tls'],
  ['EXAMPLE.Com.', 'example.com:443', 'example.com', 443, 'tls'],
  ['localhost', 'localhost:443', 'localhost', 443, 'tls'],
  ['my_host.internal:8443', 'my_host.internal:8443', 'my_host.internal', 8443, 'tls'],
  ['a-.example', 'a-.example:443', 'a-.example', 443, 'tls'],
  ['192.0.2.1', '192.0.2.1:443', '192.0.2.1', 443, 'tls'],
  ['192.0.2.1:65535', '192.0.2.1:65535', '192.0.2.1', 65_535, 'tls'],
  ['2001:DB8::0001', '[2001:db8::1]:443', '2001:db8::1', 443, 'tls'],
  ['[2001:db8::1]', '[2001:db8::1]:443', '2001:db8::1', 443, 'tls'],
  ['[2001:db8::1]:25', 'smtp://[2001:db8::1]:25', '2001:db8::1', 25, 'smtp'],
  // Nobody can tell the port from a part of the address: it is the address that stands there.
  ['2001:db8::1:443', '[2001:db8::1:443]:443', '2001:db8::1:443', 443, 'tls'],
  ['::ffff:192.0.2.1', '[::ffff:192.0.2.1]:443', '::ffff:192.0.2.1', 443, 'tls'],
  ['bücher.example', `${bücher}:443`, bücher, 443, 'tls'],
  ['BÜCHER。example', `${bücher}:443`, bücher, 443, 'tls'],
  ['bu\u0308cher.example:8443', `${bücher}:8443`, bücher, 8443, 'tls'],
  ['XN--BCHER-KVA.example', `${bücher}:443`, bücher, 443, 'tls'],
  ['straße.example', 'xn--strae-oqa.example:443', 'xn--strae-oqa.example', 443, 'tls'],
  ['例え.テスト', 'xn--r8jz45g.xn--zckzah:443', 'xn--r8jz45g.xn--zckzah', 443, 'tls'],
  ['https://example.com', 'example.com:443', 'example.com', 443, 'tls'],
  ['HTTPS://example.com:8443/a:b@c?d=/#[', 'example.com:8443', 'example.com', 8443, 'tls'],
  ['https://example.com?q', 'example.com:443', 'example.com', 443, 'tls'],
  ['https://example.com#/x.pem', 'example.com:443', 'example.com', 443, 'tls'],
  ['https://2001:db8::1/', '[2001:db8::1]:443', '2001:db8::1', 443, 'tls'],
  ['https://x.pem', 'x.pem:443', 'x.pem', 443, 'tls'],
  ['smtp://mx.example.com', 'smtp://mx.example.com:25', 'mx.example.com', 25, 'smtp'],
  ['smtp://mx.example.com:587', 'smtp://mx.example.com:587', 'mx.example.com', 587, 'smtp'],
  ['smtps://mx.example.com', 'mx.example.com:465', 'mx.example.com', 465, 'tls'],
  ['imap://h', 'imap://h:143', 'h', 143, 'imap'],
  ['pop3://h', 'pop3://h:110', 'h', 110, 'pop3'],
  ['ldap://h', 'ldap://h:389', 'h', 389, 'ldap'],
  ['mysql://h', 'mysql://h:3306', 'h', 3306, 'mysql'],
  ['postgresql://me:pass@word@db.example/x', 'postgres://db.example:5432', 'db.example', 5432, 'postgres'],
  ['https://mx.example.com:25', 'tls://mx.example.com:25', 'mx.example.com', 25, 'tls'],
  ['mx.example.com:587', 'smtp://mx.example.com:587', 'mx.example.com', 587, 'smtp'],
  ['db:5432', 'postgres://db:5432', 'db', 5432, 'postgres'],
])('%s is %s', (typed, subject, host, port, protocol) => {
  expect(endpoint(typed)).toMatchObject({ kind: 'endpoint', subject, host, port, protocol, settings: {} });
});

test('the family of an address is told, and a name has none', () => {
  expect(endpoint('192.0.2.1').addressFamily).toBe(4);
  expect(endpoint('[::1]:443').addressFamily).toBe(6);
  expect(endpoint('example.com').addressFamily).toBe(0);
});

test('the zone of a link-local address is kept to connect to, and tells two links apart', () => {
  for (const typed of ['fe80::1%eth0', '[FE80::1%eth0]', 'https://[fe80::1%25eth0]/', 'https://[fe80::1%eth0]:443']) {
    expect(endpoint(typed)).toMatchObject({
      subject: '[fe80::1%eth0]:443',
      host: 'fe80::1',
      addressFamily: 6,
      settings: { address: 'fe80::1%eth0' },
    });
  }
  expect(endpoint('[fe80::1%eth1]:25').subject).toBe('smtp://[fe80::1%25eth1]:25');
  expect(endpoint('fe80::1%25').settings.address).toBe('fe80::1%25');
});

test('the protocol that is asked for counts where no scheme says another, whatever the port', () => {
  expect(endpoint('mx.example.com', { starttls: 'smtp' }).subject).toBe('smtp://mx.example.com:25');
  expect(endpoint('mx.example.com:443', { starttls: 'smtp' }).subject).toBe('smtp://mx.example.com:443');
  expect(endpoint('db', { starttls: 'postgres' }).port).toBe(5432);
  expect(endpoint('mx.example.com:25', { starttls: 'tls' }).subject).toBe('tls://mx.example.com:25');
  expect(endpoint('imap://mx.example.com', { starttls: 'smtp' }).subject).toBe('imap://mx.example.com:143');
});

test('the port that is asked for counts where none is typed', () => {
  expect(endpoint('example.com', { port: 8443 }).subject).toBe('example.com:8443');
  expect(endpoint('example.com:9443', { port: 8443 }).subject).toBe('example.com:9443');
  expect(endpoint('https://example.com', { port: 8443 }).subject).toBe('example.com:8443');
  expect(endpoint('mx', { port: 587 }).subject).toBe('smtp://mx:587');
  expect(endpoint('mx', { starttls: 'smtp', port: 2525 }).subject).toBe('smtp://mx:2525');
});

test.each([
  ['/etc/letsencrypt/live', '/etc/letsencrypt/live'],
  ['./server', './server'],
  ['certs/', 'certs/'],
  ['../a b/ü.pem', '../a b/ü.pem'],
  ['server.pem', 'server.pem'],
  ['SERVER.CRT', 'SERVER.CRT'],
  ['store.p12', 'store.p12'],
  ['store.jks', 'store.jks'],
  ['10.0.0.0/8/x.pem', '10.0.0.0/8/x.pem'],
  ['example.com/24', 'example.com/24'],
  ['file:///etc/my%20certs/%C3%BC.pem', '/etc/my certs/ü.pem'],
  ['FILE://localhost/etc/a.pem', '/etc/a.pem'],
  ['file:/etc/a', '/etc/a'],
])('%s is a path', (typed, path) => {
  expect(parse(typed)).toEqual({ kind: 'path', path, settings: {} });
});

test('a word that could be a host or a file is a file when there is one', () => {
  const asked: string[] = [];
  const isFile = (path: string): boolean => {
    asked.push(path);
    return path === 'live.chain';
  };
  expect(parse('live.chain', { isFile }).kind).toBe('path');
  expect(parse('other.chain', { isFile }).kind).toBe('endpoint');
  expect(parse('example.com', { isFile }).kind).toBe('endpoint');
  expect(asked).toEqual(['live.chain', 'other.chain']);
});

test('the system is not asked for a file that cannot be', () => {
  const isFile = (): boolean => {
    throw new Error('asked');
  };
  for (const typed of ['example.com', 'a/b.chain', 'a.pem']) expect(() => parse(typed, { isFile })).not.toThrow();
  for (const typed of ['a\0.chain', `${'a'.repeat(300)}.chain`]) {
    expect(() => parse(typed, { isFile })).toThrow(UserError);
  }
});

const port = 'a port is a number from 1 to 65535';
const nameless = 'there is a character in it that no name has';

test.each([
  ['', 'it is empty'],
  ['host:0', port],
  ['host:65536', port],
  ['host:99999999999', port],
  ['host:0443', port],
  ['host:+443', port],
  ['host:4٤3', port],
  ['host:abc', port],
  ['host:443 ', port],
  ['host:', 'there is no port behind the colon'],
  [':443', 'there is no host'],
  ['.', 'there is nothing between two dots of the name'],
  ['https://', 'there is no host'],
  ['https:///path', 'there is no host'],
  ['a..b', 'there is nothing between two dots of the name'],
  ['.example.com', 'there is nothing between two dots of the name'],
  ['example.com..', 'there is nothing between two dots of the name'],
  ['ü..example', 'there is nothing between two dots of the name'],
  ['-oProxyCommand=x', 'it begins with a dash'],
  ['a.-b.example', 'no part of a name begins with a dash'],
  ['https://-x', 'no part of a name begins with a dash'],
  ['a b', 'there is white space in the name'],
  ['a\u3000b', 'there is white space in the name'],
  ['a\tb', 'there is white space in the name'],
  ['a\nb', 'there is white space in the name'],
  ['a\x1b[31mb', 'there is a control character in the name'],
  ['a\0b', 'there is a control character in the name'],
  ['a\u200bb.example', 'there is an invisible character in the name'],
  ['a\u202eb', 'there is an invisible character in the name'],
  ['exa\u00admple.com', 'there is an invisible character in the name'],
  ['\ud800.example', 'there is a control character in the name'],
  ['a\u200db.example', 'it is not a valid international name'],
  ['xn--zzzz.ü', 'it is not a valid international name'],
  ['１２７.0.0.1', 'it is not a valid international name'],
  ['ü'.repeat(400), 'a name has at most 253 characters'],
  ['ü'.repeat(600), 'it is not a valid international name'],
  ['*.example.com', nameless],
  ['a,b', nameless],
  ['a%41', nameless],
  ["a'b", nameless],
  ['$(id)', nameless],
  ['a\\b', nameless],
  ['user@example.com', 'only a URL has a user before the host'],
  ['1.2.3', 'it is neither a name nor a complete IPv4 address'],
  ['256.1.1.1', 'it is neither a name nor a complete IPv4 address'],
  ['01.2.3.4', 'it is neither a name nor a complete IPv4 address'],
  ['443', 'it is neither a name nor a complete IPv4 address'],
  ['0x7f.1', 'it is neither a name nor a complete IPv4 address'],
  ['a.0X7F', 'it is neither a name nor a complete IPv4 address'],
  ['a'.repeat(64), 'no part of a name is longer than 63 characters'],
  ['a.'.repeat(127) + 'b', 'a name has at most 253 characters'],
  ['a'.repeat(5000), 'it has more than 4096 characters'],
  ['2001:db8:::1', 'it is not an IPv6 address'],
  ['a:b:c', 'it is not an IPv6 address'],
  ['[::1', 'the bracket is not closed, or no :port follows it'],
  ['[::1]443', 'the bracket is not closed, or no :port follows it'],
  ['[::1]:', 'there is no port behind the colon'],
  ['[]:443', 'what stands in the brackets is not an IPv6 address'],
  ['[192.0.2.1]:443', 'what stands in the brackets is not an IPv6 address'],
  ['fe80::1%', 'what follows the % is not the name of a network interface'],
  ['fe80::1%eth0:443', 'what follows the % is not the name of a network interface'],
  ['[fe80::1%e\x1b]', 'what follows the % is not the name of a network interface'],
  ['10.0.0.0/8', 'it is a range of addresses'],
  ['2001:db8::/32', 'it is a range of addresses'],
  ['https:/example.com', 'a URL has two slashes behind its scheme'],
  ['file://server/share/a.pem', 'this URL does not name a file of this machine'],
  ['file:///a%zz', 'this URL does not name a file of this machine'],
  ['./a\0.pem', 'no path has a NUL character'],
  ['file:///a%00.pem', 'no path has a NUL character'],
  ['htps://example.com', 'its scheme is not known'],
  ['constructor://example.com', 'its scheme is not known'],
])('%j is refused: %s', (typed, reason) => {
  const { message, code, hints } = refusal(typed);
  expect(message.endsWith(` is not a target: ${reason}`)).toBe(true);
  expect(message.length).toBeLessThan(160);
  expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(code).toBe('usage');
  expect(hints).toHaveLength(1);
});

test('a scheme that is not known names the nearest, or all', () => {
  expect(refusal('htps://a').hints).toEqual([`did you mean 'https://'?`]);
  expect(refusal('postgress://a').hints).toEqual([`did you mean 'postgres://'?`]);
  expect(refusal('gopher99://a').hints[0]).toMatch(/^write one of https, /);
});

test('no message repeats a user or a password, however badly they are escaped', () => {
  const bad = [
    'postgres://me:s3cret@db:x/y',
    'htps://me:s3cret@db',
    'postgres://me:s3@cret@db:x',
    'smtp://me:s3/cret@mx:x',
    'smtp://me:s3#cret@mx..x',
    'https://s3cret@',
    'me:s3cret@db',
  ];
  for (const typed of bad) {
    const { message, hints } = refusal(typed);
    expect(`${message} ${hints.join(' ')}`).not.toMatch(/s3|cret|me:/);
  }
});
