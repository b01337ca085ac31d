import { expect, test } from 'vitest';
import { parseThreshold } from '../../../../src/lib/logs/alert/parse-threshold.ts';

test.each([
  ['10', { count: 10 }],
  ['1', { count: 1 }],
  ['10/5m', { count: 10, perSeconds: 300 }],
  ['10/h', { count: 10, perSeconds: 3600 }],
  ['3/1h30m', { count: 3, perSeconds: 5400 }],
  ['3/250ms', { count: 3, perSeconds: 0.25 }],
])('%s is read', (text, threshold) => {
  expect(parseThreshold(text)).toEqual(threshold);
});

test.each([
  '',
  '0',
  '0/5m',
  '-1',
  '1.5',
  '10/',
  '10/5',
  '10/0',
  '/5m',
  '10 /5m',
  '10/5m/2',
  '10/4000d',
  '9'.repeat(19),
])("'%s' is refused with an example of what to write", (text) => {
  expect(() => parseThreshold(text)).toThrow(
    expect.objectContaining({
      name: 'UserError',
      code: 'usage',
      message: expect.stringContaining(`'${text}' is not a threshold`),
      hints: [expect.stringContaining('10/5m')],
    }),
  );
});
