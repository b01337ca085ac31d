import fc from 'fast-check';
import { SocketAddress, isIP } from 'node:net';
import { expect, test } from 'vitest';
import { ipAddressText } from '../../../../src/lib/tls/certificate/ip-address-text.ts';

test.each([
  ['c0000201', '192.0.2.1'],
  ['00000000', '0.0.0.0'],
  ['20010db8000000000000000000000001', '2001:db8::1'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000000000001', '::1'],
  ['fe800000000000000000000000000000', 'fe80::'],
  ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
  ['20010000000000010000000000010001', '2001::1:0:0:1:1'],
  ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
  ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
])('%s is %s', (hexadecimal, expected) => {
  expect(ipAddressText(Buffer.from(hexadecimal, 'hex'))).toBe(expected);
});

test.each([0, 3, 5, 8, 15, 17, 32])('an address of %d bytes is none', (length) => {
  expect(ipAddressText(Buffer.alloc(length))).toBeUndefined();
});

test('IPv6 is written as the operating system writes it', () => {
  const group = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    // What begins with zero is left out: there the system writes addresses as IPv4 that RFC 5952 does not.
    fc.property(fc.array(group, { minLength: 7, maxLength: 7 }), (groups) => {
      const bytes = Buffer.alloc(16);
      for (const [index, value] of [0x2001, ...groups].entries()) bytes.writeUInt16BE(value, index * 2);
      const text = ipAddressText(bytes)!;
      expect(isIP(text)).toBe(6);
      const address = [0x2001, ...groups].map((value) => value.toString(16)).join(':');
      expect(text).toBe(new SocketAddress({ address, family: 'ipv6' }).address);
    }),
    { seed: 1, numRuns: 1000 },
  );
});
