import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { formatThreshold } from '../../../../src/lib/tls/target/format-threshold.ts';
import {
  defaultCrit,
  defaultWarn,
  parseThreshold,
  thresholdOf,
} from '../../../../src/lib/tls/target/parse-threshold.ts';
import type { Threshold } from '../../../../src/lib/tls/target/threshold.ts';

test.each<[string, Threshold]>([
  ['30d,25%', defaultWarn],
  ['7d,10%', defaultCrit],
  ['30', [{ seconds: 2_592_000 }]],
  ['1.5', [{ seconds: 129_600 }]],
  ['36h', [{ seconds: 129_600 }]],
  ['1.5d', [{ seconds: 129_600 }]],
  ['1d12h', [{ seconds: 129_600 }]],
  ['2w', [{ seconds: 1_209_600 }]],
  ['12.5%', [{ percent: 12.5 }]],
  ['100%', [{ percent: 100 }]],
  [' 30d , 25% ', defaultWarn],
  ['30d,30,720h,25%,25.0%', defaultWarn],
  ['25%,30d', [{ percent: 25 }, { seconds: 2_592_000 }]],
  ['0', []],
  ['0d', []],
  [' 0.0 ', []],
])('%j', (text, threshold) => {
  expect(parseThreshold(text)).toEqual(threshold);
});

test.each([
  '',
  ' ',
  ',',
  '30d,',
  ',30d',
  'soon',
  '30x',
  '30 d',
  '-1',
  '-1d',
  '-25%',
  '+5',
  '1e3',
  '0x10',
  '0%',
  '0.0001%',
  '100.1%',
  '101%',
  '%',
  '25%%',
  '0,25%',
  '30d,0',
  '500ms',
  '0.000001',
  '100001',
  '9'.repeat(150),
  '1,'.repeat(150),
  '٣d',
  '30d\n',
  'NaN',
  'Infinity',
])('%j is refused with what to write instead', (text) => {
  const attempt = (): unknown => parseThreshold(text);
  if (text === '30d\n') {
    // White space around a part does not count.
    expect(attempt()).toEqual([{ seconds: 2_592_000 }]);
    return;
  }
  expect(attempt).toThrow(UserError);
  expect(attempt).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: expect.stringContaining('is not a threshold'),
      hints: [expect.any(String)],
    }),
  );
});

test('who wants to switch it off is told how', () => {
  for (const text of ['0%', '0,25%', '100ms']) {
    expect(() => parseThreshold(text)).toThrow(
      expect.objectContaining({ hints: [expect.stringMatching(/^0 .*switches the threshold off/)] }),
    );
  }
});

test('a number in devops.yaml is days, and none of them never', () => {
  expect(thresholdOf(30)).toEqual([{ seconds: 2_592_000 }]);
  expect(thresholdOf(0.5)).toEqual([{ seconds: 43_200 }]);
  expect(thresholdOf(0)).toEqual([]);
  expect(thresholdOf('30d,25%')).toEqual(defaultWarn);
  expect(() => thresholdOf(0.000_001)).toThrow(UserError);
  expect(() => thresholdOf(NaN)).toThrow(UserError);
});

test.each<[Threshold, string]>([
  [defaultWarn, '30d,25%'],
  [defaultCrit, '7d,10%'],
  [[], '0'],
  [[{ seconds: 129_600 }], '36h'],
  [[{ seconds: 5400 }], '90m'],
  [[{ seconds: 61 }], '61s'],
  [[{ percent: 0.001 }], '0.001%'],
])('%j is shown as %s', (threshold, text) => {
  expect(formatThreshold(threshold)).toBe(text);
});

test('what is shown can be typed again', () => {
  const window = fc.oneof(
    fc.record({ seconds: fc.integer({ min: 1, max: 8_640_000_000 }) }),
    fc.record({ percent: fc.integer({ min: 1, max: 100_000 }).map((thousandths) => thousandths / 1000) }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(window, { selector: (one) => JSON.stringify(one), maxLength: 5 }), (threshold) => {
      expect(parseThreshold(formatThreshold(threshold))).toEqual(threshold);
    }),
  );
});

test('random text is a threshold or a UserError', () => {
  const part = fc.constantFrom('0', '1', '30', '.', '%', 'd', 'h', 'ms', ',', ' ', '-', '9'.repeat(99), 'e', '\u0661');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (typed) => {
      try {
        for (const window of parseThreshold(typed)) {
          const amount = 'percent' in window ? window.percent : window.seconds;
          expect(amount).toBeGreaterThan(0);
          expect(amount).toBeLessThanOrEqual('percent' in window ? 100 : 8_640_000_000);
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
