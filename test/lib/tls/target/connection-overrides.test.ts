import { expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { parseAddress, parseServerName } from '../../../../src/lib/tls/target/connection-overrides.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
])('the address %s is %s', (text, address) => {
  expect(parseAddress(text)).toBe(address);
});

test.each(['', 'localhost', '192.0.2', '192.0.2.1:443', '[192.0.2.1', '[]', '2001:db8::g', ' 192.0.2.1'])(
  '%j is no address',
  (text) => {
    expect(() => parseAddress(text)).toThrow(UserError);
    expect(() => parseAddress(text)).toThrow(`'${text}' is not an IP address`);
  },
);

test.each([
  ['www.example.com', 'www.example.com'],
  ['WWW.Example.com.', 'www.example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['localhost', 'localhost'],
])('the server name %s is asked for as %s', (text, name) => {
  expect(parseServerName(text)).toBe(name);
});

test.each([
  ['', 'there is no host'],
  ['192.0.2.1', 'it is an address, and TLS asks for names only'],
  ['2001:db8::1', 'it is an address, and TLS asks for names only'],
  ['www.example.com:443', 'it is not an IPv6 address'],
  ['*.example.com', 'there is a character in it that no name has'],
  ['a b', 'there is white space in the name'],
])('%j is no server name', (text, reason) => {
  expect(() => parseServerName(text)).toThrow(`'${text}' is not a host name: ${reason}`);
});
