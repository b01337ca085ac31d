import { expect, test } from 'vitest';
import { defaultCrit, defaultWarn, parseThreshold } from '../../../../src/lib/tls/target/parse-threshold.ts';
import { windowSeconds } from '../../../../src/lib/tls/target/window-seconds.ts';

const hour = 3600;
const day = 24 * hour;

test.each([
  ['398 days', 398 * day, 30 * day, 7 * day],
  ['200 days', 200 * day, 30 * day, 7 * day],
  ['100 days', 100 * day, 25 * day, 7 * day],
  ['90 days', 90 * day, 22.5 * day, 7 * day],
  ['47 days', 47 * day, 11.75 * day, 4.7 * day],
  ['160 hours', 160 * hour, 40 * hour, 16 * hour],
  ['24 hours', 24 * hour, 6 * hour, 2.4 * hour],
])('of a certificate for %s the defaults warn and alarm in time', (_life, lifetime, warn, crit) => {
  expect(windowSeconds(defaultWarn, lifetime)).toBeCloseTo(warn, 6);
  expect(windowSeconds(defaultCrit, lifetime)).toBeCloseTo(crit, 6);
});

test('the smallest window counts, in whatever order they were typed', () => {
  expect(windowSeconds(parseThreshold('50%,10d,20d'), 90 * day)).toBe(10 * day);
  expect(windowSeconds(parseThreshold('20d,10d,1%'), 100 * day)).toBe(day);
});

test('a threshold that is switched off has no window', () => {
  expect(windowSeconds(parseThreshold('0'), 90 * day)).toBeUndefined();
});

test('a certificate that ends before it begins has no share of its life', () => {
  expect(windowSeconds(defaultWarn, -90 * day)).toBe(0);
});
