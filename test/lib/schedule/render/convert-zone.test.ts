import { expect, test } from 'vitest';
import { parseCron } from '../../../../src/lib/schedule/cron/parse-cron.ts';
import { expressionsInZone } from '../../../../src/lib/schedule/render/convert-zone.ts';

const now = Date.parse('2027-01-01T00:00:00Z') / 1000;
const end = Date.parse('2029-01-01T00:00:00Z') / 1000;

test.each([
  ['30 2 * * *', 'Europe/Berlin', 'Europe/Paris', ['30 2 * * *']],
  ['30 2 * * *', 'Asia/Kolkata', 'UTC', ['0 21 * * *']],
  ['0 9 * * 1-5', 'Asia/Tokyo', 'UTC', ['0 0 * * 1-5']],
  ['0 8 * * 1-5', 'Asia/Tokyo', 'UTC', ['0 23 * * 0-4']],
  ['0 6-10 * * 1', 'Asia/Tokyo', 'UTC', ['0 21-23 * * 0', '0 0,1 * * 1']],
  ['15,45 3 * * *', 'Asia/Kolkata', 'UTC', ['45 21 * * *', '15 22 * * *']],
  ['*/5 * * * *', 'Asia/Tokyo', 'UTC', ['*/5 * * * *']],
  ['0 12 * 7 *', 'Europe/Berlin', 'UTC', ['0 10 * 7 *']],
  ['0 12 1 1 *', 'Asia/Tokyo', 'UTC', ['0 3 1 1 *']],
  ['30 2 * * *', 'Europe/Berlin', 'Europe/London', ['30 1 * * *']],
])('%s of %s in %s runs at the same moments for two years', async (expression, from, to, expected) => {
  const lines = expressionsInZone({ expression, from, to, now });
  expect(lines).toEqual(expected);
  // Every five minutes for two years would take half a minute.
  const until = expression.startsWith('*/5') ? now + 40 * 86_400 : end;
  const wanted = await parseCron(expression, { zone: from });
  const runs = await Promise.all(lines.map((line) => parseCron(line, { zone: to })));
  const found = runs.flatMap((schedule) => schedule.runsBetween(now, until)).toSorted((a, b) => a - b);
  expect(found).toEqual(wanted.runsBetween(now, until));
});

test('zones that are not always equally far apart are refused with both distances', () => {
  expect(() => expressionsInZone({ expression: '30 2 * * *', from: 'Europe/Berlin', to: 'UTC', now })).toThrow(
    "a crontab cannot hold '30 2 * * *' in Europe/Berlin: cron runs in UTC, 1:00 behind it at one run and 2:00 behind it at another",
  );
  expect(() =>
    expressionsInZone({ expression: '30 2 * * *', from: 'Europe/Berlin', to: 'America/New_York', now }),
  ).toThrow(/5:00 behind/);
});

test('one hour of difference on a single night is enough to refuse', () => {
  // Both have summer time, but do not change in the same night.
  expect(() =>
    expressionsInZone({ expression: '0 14 28 3 *', from: 'Europe/Berlin', to: 'America/New_York', now }),
  ).not.toThrow();
  expect(() =>
    expressionsInZone({ expression: '0 14 20,30 3 *', from: 'Europe/Berlin', to: 'America/New_York', now }),
  ).toThrow(/5:00 .*6:00/);
});

test('a date that would move to another day is refused', () => {
  expect(() => expressionsInZone({ expression: '0 3 1 * *', from: 'Asia/Tokyo', to: 'UTC', now })).toThrow(
    /falls on the day before or after/,
  );
});
