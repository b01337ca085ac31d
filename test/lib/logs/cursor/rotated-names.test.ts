import { expect, test } from 'vitest';
import { oldestFirst, rotationOf } from '../../../../src/lib/logs/cursor/rotated-names.ts';

test.for([
  ['app.log.1', 'number', [1]],
  ['app.log.12.gz', 'number', [12]],
  ['app.log.old', 'number', [1]],
  ['app.log.gz', 'number', [0]],
  ['app.1.log', 'number', [1]],
  ['app.log-20261120', 'date', [20261120]],
  ['app.log-20261120.zst', 'date', [20261120]],
  ['app.log.2026-11-20', 'date', [2026, 11, 20]],
  ['app.log-20261120-1763633000', 'date', [20261120, 1763633000]],
  ['app.log.2026-11-20_13-05.xz', 'date', [2026, 11, 20, 13, 5]],
  ['app-2026-11-20.log.gz', 'date', [2026, 11, 20]],
  ['app-20261120.log', 'date', [20261120]],
  ['app.log.20261120-101530', 'date', [20261120, 101530]],
] as const)('%s is a rotation of app.log', ([name, scheme, order]) => {
  expect(rotationOf('app.log', name)).toMatchObject({ scheme, order });
});

test.for([
  'app.log',
  'app.log.bak',
  'app.log.1.txt',
  'app.logs',
  'app.log.gz.1',
  'other.log.1',
  'app.log-1',
  'app.log~',
])('%s is none', (name) => {
  expect(rotationOf('app.log', name)).toBeUndefined();
});

test('numbers count backwards and dates forwards, with equal times too', () => {
  const sorted = (names: string[]): string[] =>
    oldestFirst(names.map((name) => ({ name, rotation: rotationOf('a', name), modified: 0n }))).map(({ name }) => name);
  expect(sorted(['a.1', 'a.10.gz', 'a.2.gz'])).toEqual(['a.10.gz', 'a.2.gz', 'a.1']);
  expect(sorted(['a-20261120', 'a-20251231.gz', 'a-20261119'])).toEqual(['a-20251231.gz', 'a-20261119', 'a-20261120']);
  expect(sorted(['a.2026-11-20.10', 'a.2026-11-20.9', 'a.2026-11-20'])).toEqual([
    'a.2026-11-20',
    'a.2026-11-20.9',
    'a.2026-11-20.10',
  ]);
});
