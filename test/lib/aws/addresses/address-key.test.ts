import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import { addressKey, compareKeys, ipv4Text } from '../../../../src/lib/aws/addresses/address-key.ts';

test('addresses are sorted by number, IPv4 before IPv6', () => {
  const sorted = [
    '9.0.0.1',
    '10.0.0.2',
    '10.0.0.10',
    '200.0.0.1',
    '::1',
    '2001:db8::2',
    '2001:db8::a',
    '2001:db8:0:1::',
  ];
  const keys = sorted.toReversed().map((text) => ({ text, key: addressKey(text)! }));
  expect(keys.toSorted((a, b) => compareKeys(a.key, b.key)).map(({ text }) => text)).toEqual(sorted);
});

test('one IPv6 address has one key however it is written', () => {
  const keys = ['2001:db8::1', '2001:DB8:0:0::1', '2001:0db8:0000:0000:0000:0000:0000:0001'].map(addressKey);
  expect(new Set(keys)).toEqual(new Set(['20010db8000000000000000000000001']));
  expect(addressKey('::')).toBe('0'.repeat(32));
});

test.each(['0.0.0.0', '255.255.255.255', '192.168.0.10', '128.0.0.1'])('%s is written as it was read', (text) => {
  expect(ipv4Text(addressKey(text) as number)).toBe(text);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.',
  '.1.2.3',
  '1..2.3',
  '1.2.3.256',
  '1.2.3.04',
  '00.1.2.3',
  '1.2.3.4 ',
  '1.2.3.4\n',
  '1.2.3.-4',
  '1e1.2.3.4',
  '10.0.0.1/8',
  ':',
  ':::',
  '1::2::3',
  '12345::',
  'fe80::1%eth0',
  '::ffff:1.2.3.4',
  '2001:db8::1\n',
])('%j is no address', (text) => {
  expect(addressKey(text)).toBeUndefined();
});

test('it agrees with Node about what an IPv4 address is', () => {
  let state = 7;
  const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  for (let count = 0; count < 20_000; count++) {
    const text = Array.from({ length: 1 + random(15) }, () => '0123456789..25'[random(14)]).join('');
    expect([text, addressKey(text) !== undefined]).toEqual([text, isIP(text) === 4]);
  }
});
