import { Cron } from 'croner';
import { expect, test } from 'vitest';
import { hashValue, scheduleSeed } from '../../../../src/lib/schedule/cron/hash-value.ts';
import { parseCron } from '../../../../src/lib/schedule/cron/parse-cron.ts';
import { readCron } from '../../../../src/lib/schedule/cron/read-cron.ts';
import { temporal, transitionsOf } from '../../time/temporal-oracle.ts';
import { oracleRuns, type ToldCron } from './cron-oracle.ts';

const span = (first: number, last: number, step = 1) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
const unix = (iso: string) => Date.parse(iso) / 1000;

test.each([
  ['@daily', '0 0 * * *'],
  ['@Midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['  5\t4  * *  SUN ', '5 4 * * 0'],
  ['0 9 * jan,Mar-may MON-FRI', '0 9 * 1,3-5 1-5'],
  ['0 9 * * 7', '0 9 * * 0'],
  ['0 9 * * 5-7', '0 9 * * 0,5,6'],
  ['0 9 * * fri-sun', '0 9 * * 0,5,6'],
  ['0 9 * * sun-tue', '0 9 * * 0-2'],
  ['*/1 */2 */1 */3 *', '* */2 * */3 *'],
  ['0-30/10,59 3 * * *', '0-30/10,59 3 * * *'],
  // A star behind a comma is one for Kubernetes, and none for cron.
  ['0 0 5,* * 1', '0 0 1-31 * 1'],
  ['0 0 *,5 * 1', '0 0 * * 1'],
])('%j is normalised to what every target reads alike', (expression, normalised) => {
  const { text, fields } = readCron(expression);
  expect(text).toBe(normalised);
  // What is normalised says the same.
  expect(readCron(text).fields).toEqual(fields);
});

test.each([
  ['', 'it is empty', '30 2 * * *'],
  ['30 2 * *', 'it has 4 of five fields', 'minute, hour, day of the month, month, day of the week'],
  ['0 30 2 * * *', 'it has 6 fields', 'no seconds'],
  ['@reboot', '@reboot is no time', 'systemd'],
  ['@dayly', 'no such nickname', 'did you mean @daily?'],
  ['@every 5m', 'no such nickname', ''],
  ['60 * * * *', "minute: '60' is no minute", '0 to 59'],
  ['0 24 * * *', "hour: '24' is no hour", '0 to 23'],
  ['0 0 0 * *', "day of the month: '0' is no day of the month", '1 to 31'],
  ['0 0 1 0 *', "month: '0' is no month", '1 to 12'],
  ['0 0 * * 8', "day of the week: '8' is no day of the week", '0 to 7'],
  ['0 0 * * monday', "'monday' is no day of the week", "did you mean 'mon'?"],
  ['0 0 * sept *', "'sept' is no month", "did you mean 'sep'?"],
  ['0 0 * * tuw', "'tuw' is no day of the week", "did you mean 'tue'?"],
  ['0 0 L * *', "'L' is of Quartz", ''],
  ['0 0 15W * *', "'15W' is of Quartz", ''],
  ['0 0 * * 5#2', "'5#2' is of Quartz", ''],
  ['0 0 * * friL', "'friL' is of Quartz", ''],
  ['0 0 ? * *', "'?' is of Quartz", "'*'"],
  ['5/10 * * * *', "'5/10' has a step and no range", 'write 5-59/10'],
  ['*/0 * * * *', "the step of '*/0' is not between 1 and 59", ''],
  ['*/90 * * * *', "the step of '*/90' is not between 1 and 59", ''],
  ['0 22-6 * * *', "the range '22-6' goes backwards", 'write 22-23,0-6'],
  ['1,,2 * * * *', 'a minute is missing between commas', ''],
  ['-5 * * * *', "'-5' is no minute", ''],
  ['1.5 * * * *', "'1.5' is no minute", ''],
  ['0 0 30 2 *', 'it never fires', ''],
  ['0 0 30-31 feb *', 'it never fires', ''],
  ['0 0 31 4,6,9,11 *', 'it never fires', ''],
  ['0 0 31 2 */2', 'it never fires', ''],
  ['H * * * *', 'minute: H is made from the name of a job', 'devops.yaml'],
  ['0 0 H * *', 'day of the month: H is for the minute and the hour', ''],
  [`${'1,'.repeat(600)}1 * * * *`, 'longer than 1000 characters', ''],
  ['99999999999999999999999 * * * *', 'is no minute', ''],
  ['\u001b[31m * * * *', '', ''],
])('%j is refused, with the field and with what to write', async (expression, message, hint) => {
  await expect(parseCron(expression, { zone: 'UTC' })).rejects.toMatchObject({
    name: 'UserError',
    code: 'usage',
    message: expect.stringContaining(message) as unknown,
    hints: [expect.stringContaining(hint)],
  });
});

test('an unknown zone is refused with the nearest', async () => {
  await expect(parseCron('@daily', { zone: 'Europe/Belrin' })).rejects.toMatchObject({
    code: 'usage',
    hints: ["did you mean 'Europe/Berlin'?"],
  });
});

test('29 February fires, and so does the 31st of a short month with a day of the week beside it', async () => {
  const leap = await parseCron('0 0 29 2 *', { zone: 'UTC' });
  expect(leap.nextRuns(unix('2026-11-20'), 2)).toEqual([unix('2028-02-29'), unix('2032-02-29')]);
  const either = await parseCron('0 0 31 4 mon', { zone: 'UTC' });
  expect(either.nextRuns(unix('2027-01-01'), 1)).toEqual([unix('2027-04-05')]);
});

test('a day of the month and one of the week mean either, unless one of them begins with a star', async () => {
  const days = async (expression: string) =>
    (await parseCron(expression, { zone: 'UTC' }))
      .runsBetween(unix('2027-02-01'), unix('2027-03-01'))
      .map((run) => new Date(run * 1000).getUTCDate());
  expect(await days('0 0 13 * fri')).toEqual([5, 12, 13, 19, 26]);
  // Cron looks at the first character: these are the Mondays that have an odd number.
  expect(await days('0 0 */2 * mon')).toEqual([1, 15]);
  expect(await days('0 0 1-31/2 * mon')).toEqual([1, 3, 5, 7, 8, 9, 11, 13, 15, 17, 19, 21, 22, 23, 25, 27]);
  expect(await days('0 0 1-7 * */3')).toEqual([3, 6, 7]);
});

test('H is a number of the job and the machine, the same for ever, and spreads', () => {
  const seed = scheduleSeed('backup-db', 'web1');
  const { text } = readCron('H H * * *', seed);
  expect(text).toMatch(/^\d+ \d+ \* \* \*$/);
  const minutes = span(1, 600).map((host) => hashValue(scheduleSeed('backup-db', `web${host}`), 60));
  const busiest = Math.max(...span(0, 59).map((minute) => minutes.filter((one) => one === minute).length));
  // Ten for each on average.
  expect(busiest).toBeLessThan(25);
  expect(new Set(minutes).size).toBe(60);
});

test('H with a step begins at a number of the job, and a later release gives the same', () => {
  const seed = scheduleSeed('backup-db', 'web1');
  const { text, fields } = readCron('H/15 * * * *', seed);
  expect(text).toMatch(/^(?:\d|1[0-4])-59\/15 \* \* \* \*$/);
  expect(fields.minute.values).toHaveLength(4);
  expect([readCron('H H * * *', seed).text, text]).toEqual(['56 8 * * *', '11-59/15 * * * *']);
});

test('runs are strictly behind a moment, or from one on and before another', async () => {
  const { nextRuns, runsBetween } = await parseCron('0 * * * *', { zone: '+05:30' });
  const full = unix('2026-11-20T12:30:00Z');
  expect(nextRuns(full, 2)).toEqual([full + 3600, full + 7200]);
  expect(nextRuns(full - 0.5, 1)).toEqual([full]);
  expect(nextRuns(full + 0.5, 1)).toEqual([full + 3600]);
  expect(nextRuns(full, 0)).toEqual([]);
  expect(runsBetween(full, full + 7200)).toEqual([full, full + 3600]);
  expect(runsBetween(full + 1, full + 7200)).toEqual([full + 3600]);
  for (const moment of [Number.NaN, Infinity, -Infinity, 8.64e12]) expect(nextRuns(moment, 1)).toEqual([]);
});

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
const all = { minutes: span(0, 59), hours: span(0, 23) };
const told: readonly ToldCron[] = [
  { expression: '30 2 * * *', minutes: [30], hours: [2], fixed: true },
  { expression: '30 1 * * *', minutes: [30], hours: [1], fixed: true },
  { expression: '45 1 * * 0', minutes: [45], hours: [1], weekdays: [0], fixed: true },
  { expression: '0 3 * * *', minutes: [0], hours: [3], fixed: true },
  { expression: '0,30 1-3 * * 0', minutes: [0, 30], hours: [1, 2, 3], weekdays: [0], fixed: true },
  { expression: '0-59/20 2 * * 0', minutes: [0, 20, 40], hours: [2], weekdays: [0], fixed: true },
  { expression: '*/15 2 * * 0', minutes: [0, 15, 30, 45], hours: [2], weekdays: [0], fixed: false },
  { expression: '30 * * * 0', minutes: [30], hours: all.hours, weekdays: [0], fixed: false },
  { expression: '10 */2 * * 0', minutes: [10], hours: span(0, 23, 2), weekdays: [0], fixed: false },
  { expression: '0 2 1-7 * 0', minutes: [0], hours: [2], days: span(1, 7), weekdays: [0], either: true, fixed: true },
  { expression: '0 2 */2 * 0', minutes: [0], hours: [2], days: span(1, 31, 2), weekdays: [0], fixed: true },
];

test.runIf(temporal !== undefined).each(zones)('two years in %s are as Temporal tells them', async (zone) => {
  const [from, to] = [unix('2026-11-20'), unix('2028-11-20')];
  for (const one of told) {
    const { runsBetween } = await parseCron(one.expression, { zone });
    expect(runsBetween(from, to), one.expression).toEqual(oracleRuns(one, zone, from, to));
  }
});

test.each(zones)('where it is a single time, two years in %s are those of croner itself', async (zone) => {
  const [from, to] = [unix('2026-11-20'), unix('2028-11-20')];
  for (const expression of ['30 2 * * *', '0 2 * * 0', '45 1 * * 0', '30 * * * 0', '59 23 31 * *']) {
    const croner = new Cron(expression, { timezone: zone, paused: true, stopAt: new Date(to * 1000) });
    const expected = croner.nextRuns(5000, new Date((from - 1) * 1000)).map((run) => run.getTime() / 1000);
    expect(expected.length).toBeGreaterThan(10);
    const { runsBetween } = await parseCron(expression, { zone });
    expect(runsBetween(from, to), expression).toEqual(expected);
  }
});

test.runIf(temporal !== undefined)(
  'random expressions are as Temporal tells them around each change of the clocks',
  async () => {
    const random = createRandom(20_261_120);
    for (let round = 0; round < 24; round++) {
      const zone = zones[round % zones.length]!;
      const one = randomCron(random);
      const { runsBetween } = await parseCron(one.expression, { zone });
      for (const at of transitionsOf(zone, 2027, 2027)) {
        const [from, to] = [at - 36 * 3600, at + 36 * 3600];
        expect(runsBetween(from, to), `${one.expression} ${zone}`).toEqual(oracleRuns(one, zone, from, to));
      }
    }
  },
);

function randomCron(random: (below: number) => number): ToldCron {
  const some = (first: number, last: number, most: number) =>
    [...new Set(span(1, 1 + random(most)).map(() => first + random(last - first + 1)))].toSorted((a, b) => a - b);
  const minutes = random(3) === 0 ? undefined : some(0, 59, 3);
  const step = 10 + random(30);
  const hours = random(3) === 0 ? undefined : some(0, 4, 4);
  const days = random(2) === 0 ? undefined : some(1, 31, 20);
  const weekdays = random(2) === 0 ? undefined : some(0, 6, 3);
  const text = (values: readonly number[] | undefined) => values?.join(',') ?? '*';
  return {
    expression: `${minutes?.join(',') ?? `*/${step}`} ${text(hours)} ${text(days)} * ${text(weekdays)}`,
    minutes: minutes ?? span(0, 59, step),
    hours: hours ?? all.hours,
    ...(days && { days }),
    ...(weekdays && { weekdays }),
    fixed: minutes !== undefined && hours !== undefined,
    either: days !== undefined && weekdays !== undefined,
  };
}

/** A linear congruential generator, so that a failure comes again. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
