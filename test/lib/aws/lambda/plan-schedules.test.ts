import { expect, test } from 'vitest';
import { planSchedules, scheduleInput } from '../../../../src/lib/aws/lambda/plan-schedules.ts';
import { weeklyBoundaries } from '../../../../src/lib/schedule/weekly-boundaries.ts';

const plan = (words: { off?: string; on?: string } | undefined) =>
  planSchedules({
    boundaries: words && weeklyBoundaries(words),
    zone: 'Europe/Berlin',
    stop: ['stop-instances'],
    start: ['start-instances'],
  });
const expressions = (words: { off?: string; on?: string } | undefined) =>
  Object.fromEntries(plan(words).map(({ name, expression }) => [name, expression]));
const hourly = { 'stop-hourly': 'cron(20 * * * ? *)', 'start-hourly': 'cron(50 * * * ? *)' };

test('a stretch of the week has one call at each end, and one an hour for what is left', () => {
  expect(expressions({ off: 'Fri 19:00 - Mon 07:30' })).toEqual({
    'stop-fri-1900': 'cron(0 19 ? * FRI *)',
    'start-mon-0730': 'cron(30 7 ? * MON *)',
    ...hourly,
  });
});

test('days that switch at the same time are one call', () => {
  expect(expressions({ off: 'nights' })).toEqual({
    'stop-daily-1900': 'cron(0 19 ? * * *)',
    'start-daily-0700': 'cron(0 7 ? * * *)',
    ...hourly,
  });
  expect(expressions({ on: 'office-hours' })).toEqual({
    'stop-mon-tue-wed-thu-fri-1900': 'cron(0 19 ? * MON,TUE,WED,THU,FRI *)',
    'start-mon-tue-wed-thu-fri-0700': 'cron(0 7 ? * MON,TUE,WED,THU,FRI *)',
    ...hourly,
  });
});

test('a weekend ends at the first moment of Monday', () => {
  expect(expressions({ off: 'weekend' })).toMatchObject({
    'stop-sat-0000': 'cron(0 0 ? * SAT *)',
    'start-mon-0000': 'cron(0 0 ? * MON *)',
  });
});

test('instances with schedules of their own are looked at every quarter of an hour', () => {
  expect(expressions(undefined)).toEqual({
    'stop-by-tag': 'cron(0/15 * * * ? *)',
    'start-by-tag': 'cron(1/15 * * * ? *)',
  });
});

test('no two calls have the same name, and names fit', () => {
  const all = Array.from(
    { length: 7 },
    (_, day) => `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][day]} 0${day}:15 - 1${day}:45`,
  );
  const names = plan({ on: all.join(', ') }).map(({ name }) => name);
  expect(names).toHaveLength(16);
  expect(new Set(names).size).toBe(16);
  expect(names.every((name) => /^[0-9a-zA-Z-_.]{1,64}$/.test(name))).toBe(true);
});

test('the event is JSON in which nothing typed looks like a word of a service', () => {
  const argv = [
    'stop-instances',
    '--tag',
    'a=<aws.scheduler.execution-id>',
    '--tag',
    'b={{resolve:ssm:x}}${AWS::Region}"',
  ];
  const input = scheduleInput(argv);
  expect(input.match(/<[^>]*>/g)).toEqual(['<aws.scheduler.scheduled-time>']);
  expect(input).not.toMatch(/\{\{|\$\{/);
  expect(JSON.parse(input)).toEqual({ argv, scheduledAt: '<aws.scheduler.scheduled-time>' });
});
