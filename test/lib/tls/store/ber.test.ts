import { describe, expect, test } from 'vitest';
import {
  berChildren,
  berNumber,
  berObjectIdentifier,
  berOctets,
  MalformedBer,
  readBer,
} from '../../../../src/lib/tls/store/ber.ts';

const element = (hex: string): ReturnType<typeof readBer> => readBer(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('BER', () => {
  test('gives the first element and leaves what follows', () => {
    expect(element('0402 abcd ffff')).toMatchObject({ tag: 4, content: Buffer.from('abcd', 'hex') });
    expect(element('0402 abcd ffff').bytes.toString('hex')).toBe('0402abcd');
  });

  test('knows where an indefinite length ends, also within another one', () => {
    const outer = element('3080 3080 0401aa 0000 0401bb 0000 ffff');
    expect(outer.bytes.toString('hex')).toBe('308030800401aa00000401bb0000');
    expect([...berChildren(outer)].map(({ content }) => content.toString('hex'))).toEqual(['0401aa', 'bb']);
  });

  test('joins a string that is cut into pieces', () => {
    expect(berOctets(element('2480 0402abcd 2403 0401ef 0000')).toString('hex')).toBe('abcdef');
  });

  test('reads numbers and identifiers', () => {
    expect(berNumber(element('0203 010000'))).toBe(65_536);
    expect(berNumber(element('0208 7fffffffffffffff'))).toBe(Infinity);
    expect(berObjectIdentifier(element('0609 2a864886f70d010701'))).toBe('1.2.840.113549.1.7.1');
    expect(berObjectIdentifier(element('0603 883703'))).toBe('2.999.3');
  });

  test.for(['', '30', '3005 0401', '3080 0401aa', '0480 0000', '1f8101 00', '3089 010101010101010101', '30ff'])(
    'refuses %s',
    (hex) => {
      expect(() => [...berChildren(element(hex))]).toThrow(MalformedBer);
    },
  );

  test('refuses a number that is negative', () => {
    expect(() => berNumber(element('0201ff'))).toThrow(MalformedBer);
  });
});
