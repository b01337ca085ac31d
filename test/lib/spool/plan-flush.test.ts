import { expect, test } from 'vitest';
import type { EntryHead } from '../../../src/lib/spool/entry-file.ts';
import { planFlush } from '../../../src/lib/spool/plan-flush.ts';
import { alertEntry } from './entries.ts';

const head = (id: string, fields: Partial<EntryHead>): EntryHead => alertEntry({ id, ...fields });
const names = (lanes: readonly (readonly EntryHead[])[]): string[][] => lanes.map((lane) => lane.map(({ id }) => id));

test.each([
  ['a new one is tried', [head('a', {})], 'a'],
  ['one that waits is not', [head('a', { attempts: 1, notBefore: 2001 })], ''],
  ['its time has come', [head('a', { attempts: 1, notBefore: 2000 })], 'a'],
  [
    'one that was there at the failure waits with it',
    [head('a', { attempts: 1, notBefore: 2020 }), head('b', { createdAt: 1990 })],
    '',
  ],
  [
    'one that came after the failure has both tried',
    [head('a', { attempts: 1, notBefore: 2020 }), head('b', { createdAt: 1991 })],
    'ab',
  ],
  [
    'one whose own time has come does not wait for the other',
    [head('a', { attempts: 1, notBefore: 2000 }), head('b', { attempts: 6, notBefore: 2900, createdAt: 1 })],
    'ab',
  ],
  ['one that failed five times comes last', [head('a', { attempts: 5, createdAt: 1 }), head('b', {})], 'ba'],
  ['one that is to be sent later waits', [head('a', { notBefore: 2010 })], ''],
])('%s', (_, heads, tried) => {
  const { lanes, later } = planFlush(heads, 2000);
  expect(names(lanes).flat().join('')).toBe(tried);
  expect(later).toHaveLength(heads.length - tried.length);
});

test('notifiers do not wait for each other, and those that failed come last', () => {
  const heads = [
    head('a', { to: 'dead', attempts: 3, notBefore: 1999, createdAt: 1 }),
    head('b', { to: 'mail', createdAt: 3 }),
    head('c', { to: 'chat', createdAt: 2 }),
    head('d', { to: 'mail', createdAt: 2.5 }),
  ];
  expect(names(planFlush(heads, 2000).lanes)).toEqual([['c'], ['d', 'b'], ['a']]);
});
