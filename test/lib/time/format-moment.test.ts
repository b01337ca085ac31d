import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMoment } from '../../../src/lib/time/format-moment.ts';
import { openZone } from '../../../src/lib/time/zone.ts';

const berlin = openZone('Europe/Berlin');

test.each([
  [1_795_179_605, '2026-11-20T14:00:05+01:00'],
  [1_795_179_605.5, '2026-11-20T14:00:05.500+01:00'],
  [1_795_179_605.123, '2026-11-20T14:00:05.123+01:00'],
  [1_795_179_605.123_456, '2026-11-20T14:00:05.123456+01:00'],
  [1_795_179_605.000_05, '2026-11-20T14:00:05.000050+01:00'],
  // Less than a microsecond is noise of the double, or rounds up.
  [1.000_000_1, '1970-01-01T01:00:01+01:00'],
  [1.999_999_9, '1970-01-01T01:00:02+01:00'],
  [-0.25, '1970-01-01T00:59:59.750+01:00'],
  [1_782_900_000, '2026-07-01T12:00:00+02:00'],
  // The hour that is repeated is told apart by its offset.
  [1_792_888_200, '2026-10-25T02:30:00+02:00'],
  [1_792_891_800, '2026-10-25T02:30:00+01:00'],
  [-62_135_596_800, '0001-01-01T00:53:28+00:53:28'],
  [253_402_300_800, '+010000-01-01T01:00:00+01:00'],
  [-8.64e12, '-271821-04-20T00:53:28+00:53:28'],
  [8.65e12, '8650000000000'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('%d in Berlin is %s', (seconds, text) => {
  expect(formatMoment(seconds, berlin)).toBe(text);
});

test('UTC and fixed zones have their offset behind them too', () => {
  expect(formatMoment(0, openZone('UTC'))).toBe('1970-01-01T00:00:00+00:00');
  expect(formatMoment(0, openZone('-03:30'))).toBe('1969-12-31T20:30:00-03:30');
});

test('Date reads what is shown as the same millisecond', () => {
  const names = ['Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns', 'UTC'];
  const zones = names.map((name) => openZone(name));
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 4e12 }), (zone, milliseconds) => {
      expect(Date.parse(formatMoment(milliseconds / 1000, zone))).toBe(milliseconds);
    }),
  );
});
