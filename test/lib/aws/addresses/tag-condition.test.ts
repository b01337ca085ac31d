import { expect, test } from 'vitest';
import { parseTagCondition } from '../../../../src/lib/aws/addresses/tag-condition.ts';

test('a value may have an equals sign', () => {
  expect(parseTagCondition('a=b=c')).toEqual({ key: 'a', values: ['b=c'] });
});

test.each([
  ['=prod', 'column 1: there is no key'],
  ['', 'column 1: there is no key'],
  [`${'k'.repeat(129)}=v`, 'column 129: a key has at most 128 characters'],
  [`key=${'v'.repeat(257)}`, 'column 261: a value has at most 256 characters'],
])('the tag %j is refused with the column', (text, message) => {
  expect(() => parseTagCondition(text)).toThrow(message);
});

test('a tag value of 256 characters is taken', () => {
  expect(parseTagCondition(`key=${'v'.repeat(256)}`).values?.[0]).toHaveLength(256);
});
