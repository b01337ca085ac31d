import { expect, test } from 'vitest';
import type { CronTarget } from '../../../../src/lib/schedule/cron/finding.ts';
import { lintCron, type LintOptions } from '../../../../src/lib/schedule/cron/lint-cron.ts';
import { parseCron } from '../../../../src/lib/schedule/cron/parse-cron.ts';

const after = Date.parse('2026-11-20') / 1000;

async function lint(
  expression: string,
  { zone = 'Europe/Berlin', ...options }: Partial<LintOptions> & { zone?: string } = {},
) {
  return lintCron(await parseCron(expression, { zone }), { zoneOfMachine: 'Europe/Berlin', after, ...options });
}
const codes = async (...words: Parameters<typeof lint>) => (await lint(...words)).map(({ code }) => code);

test('what is sure in every respect has no finding', async () => {
  expect(await lint('15 4 * * 1-5', { timeoutSeconds: 3600 })).toEqual([]);
  expect(await lint('30 2 * * *', { zone: 'UTC' })).toEqual([]);
  expect(await codes('*/15 * * * *', { zone: 'UTC', timeoutSeconds: 900 })).toEqual([]);
});

test('a time in the gap and in the overlap is told with the days and with what each target does', async () => {
  expect(await lint('30 2 * * *')).toEqual([
    {
      code: 'clocks-skip',
      message:
        'the clocks of Europe/Berlin skip 02:30 on 2027-03-28 and 2028-03-26: run at 03:00, right behind the gap, by cron, left out by systemd and Kubernetes',
      hint: 'choose a time outside 02:00 to 03:00, or a zone whose clocks are never set, such as UTC',
      at: Date.parse('2027-03-28T01:00:00Z') / 1000,
    },
    {
      code: 'clocks-repeat',
      message:
        'the clocks of Europe/Berlin show twice 02:30 on 2027-10-31 and 2028-10-29: run both times by Kubernetes',
      hint: 'choose a time outside 02:00 to 03:00, or a zone whose clocks are never set, such as UTC',
      at: Date.parse('2027-10-31T01:00:00Z') / 1000,
    },
  ]);
});

test.each<[CronTarget, string, string[]]>([
  ['crontab', '30 2 * * *', ['clocks-skip']],
  ['systemd', '30 2 * * *', ['clocks-skip']],
  ['kubernetes', '30 2 * * *', ['clocks-skip', 'clocks-repeat']],
  // Every hour is every hour, but systemd is silent for the one that is repeated.
  ['crontab', '5 * * * *', []],
  ['systemd', '5 * * * *', ['clocks-repeat']],
  ['kubernetes', '5 * * * *', []],
  ['crontab', '10 */2 * * *', ['clocks-skip', 'clocks-repeat']],
  // Cron follows the clock as the minute has a star.
  ['crontab', '*/15 2 * * *', ['clocks-skip', 'clocks-repeat']],
  ['systemd', '*/15 2 * * *', ['clocks-skip', 'clocks-repeat']],
  ['kubernetes', '*/15 2 * * *', ['clocks-skip', 'clocks-repeat']],
  // The clocks are set on Sundays.
  ['kubernetes', '30 2 * * 1-6', []],
  ['kubernetes', '0 3 * * *', []],
  ['kubernetes', '59 1 * * *', []],
])('for %s, %s has these findings of the clocks: %j', async (target, expression, expected) => {
  expect(await codes(expression, { target })).toEqual(expected);
});

test('half an hour is a gap too', async () => {
  const [skip, search] = await lint('15 2 * * *', { zone: 'Australia/Lord_Howe', zoneOfMachine: 'UTC' });
  expect(skip!.message).toContain('skip 02:15 on 2027-10-03 and 2028-10-01: run at 02:30');
  expect(search!.message).toMatch(/set by no full hour on .* 2028-10-01: Kubernetes/);
  const [again] = await lint('45 1 * * *', { zone: 'Australia/Lord_Howe', target: 'kubernetes' });
  expect(again!.message).toContain('show twice 01:45 on 2027-04-04 and 2028-04-02: run both times by Kubernetes');
});

test('half an hour leaves out one run of an hour, and none of a quarter of an hour', async () => {
  const zone = { zone: 'Australia/Lord_Howe', target: 'kubernetes' } as const;
  expect(await codes('15 * * * *', zone)).toEqual(['clocks-skip']);
  expect(await codes('45 * * * *', zone)).toEqual(['clocks-repeat']);
  expect(await codes('*/15 * * * *', zone)).toEqual([]);
});

test('several times of one gap are run one by one by cron, which says so', async () => {
  const [skip] = await lint('0,30 2 * * *', { target: 'crontab' });
  expect(skip!.message).toContain('skip 02:00, 02:30 on');
  expect(skip!.message).toContain('run once for each of them at 03:00');
});

test('only the years asked for are looked at', async () => {
  const [skip] = await lint('30 2 * * *', { years: 1 });
  expect(skip!.message).toContain('on 2027-03-28: ');
});

test('a crontab follows the clock of the machine, by another name or not', async () => {
  const [finding] = await lint('0 12 * * *', { target: 'crontab', zone: 'Asia/Tokyo', zoneOfMachine: 'UTC' });
  expect(finding).toMatchObject({ code: 'other-zone', message: expect.stringContaining('machine (UTC)') as unknown });
  expect(await codes('0 12 * * *', { target: 'crontab', zone: 'Etc/UTC', zoneOfMachine: 'UTC' })).toEqual([]);
  // The same until March.
  const [london] = await lint('0 12 * * *', { target: 'crontab', zone: 'Europe/London', zoneOfMachine: 'UTC' });
  expect(london!.at).toBeGreaterThan(Date.parse('2027-03-28') / 1000);
  expect(await codes('0 12 * * *', { target: 'systemd', zone: 'Asia/Tokyo' })).toEqual([]);
});

test.each<[string, string[]]>([
  ['0 4 1 * 1', ['either-day']],
  ['0 4 */2 * 1', ['both-days', 'uneven-steps']],
  ['0 4 29 2 *', ['leap-days']],
  ['0 4 31 * *', ['short-months']],
  ['0 4 29 * *', ['short-months']],
  ['0 4 28-31 * *', []],
  ['0 4 31 1,3 *', []],
  ['* * * * *', ['every-minute']],
  ['* 4 * * *', ['every-minute']],
  ['*/7 4 * * *', ['uneven-steps']],
  ['*/40 4 * * *', ['uneven-steps']],
  ['0 */5 * * *', ['uneven-steps']],
  ['0 4 * */5 *', ['uneven-steps']],
  ['0 4 * * */2', ['uneven-steps']],
  ['*/15 */6 * */3 *', []],
  ['7-59/7 4 * * *', []],
])('%j has the findings %j', async (expression, expected) => {
  expect(await codes(expression, { zone: 'UTC' })).toEqual(expected);
});

test('months that have no such day are named', async () => {
  const [finding] = await lint('0 4 31 1-6 *', { zone: 'UTC' });
  expect(finding!.message).toBe('Feb, Apr, Jun have no such day, and it does not run then');
});

test('a run may take longer than until the next', async () => {
  const [finding] = await lint('0,10 4 * * *', { zone: 'UTC', timeoutSeconds: 3600 });
  expect(finding).toMatchObject({
    code: 'shorter-than-timeout',
    message: 'it may run for 1h, and the next run comes after 10m',
    at: Date.parse('2026-11-20T04:00:00Z') / 1000,
  });
  expect(await codes('0,10 4 * * *', { zone: 'UTC', timeoutSeconds: 600 })).toEqual([]);
});
