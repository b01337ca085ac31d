import { expect, test } from 'vitest';
import { randomName } from '../../../src/lib/files/random-name.ts';

test('a name is 16 bytes in hexadecimal digits, another one every time', () => {
  const names = Array.from({ length: 1000 }, randomName);
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(names).size).toBe(1000);
});
