import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { clockChanges } from '../../../../src/lib/schedule/cron/clock-changes.ts';
import { lintCron } from '../../../../src/lib/schedule/cron/lint-cron.ts';
import { parseCron } from '../../../../src/lib/schedule/cron/parse-cron.ts';
import { toOnCalendar } from '../../../../src/lib/schedule/render/on-calendar.ts';
import { openZone } from '../../../../src/lib/time/zone.ts';
import { requireProgram } from '../../../support/services.ts';

const analyze = requireProgram('systemd-analyze', 'the times of the timers are not compared with systemd');

const start = Date.parse('2027-01-01T00:00:00Z') / 1000;
const end = Date.parse('2029-01-01T00:00:00Z') / 1000;
const day = 86_400;

describe('an expression as OnCalendar=', () => {
  test.each([
    ['30 2 * * *', 'Europe/Berlin', ['*-*-* 02:30:00 Europe/Berlin']],
    ['* * * * *', undefined, ['*-*-* *:*:00']],
    ['0 9 * * mon-fri', 'UTC', ['Mon,Tue,Wed,Thu,Fri *-*-* 09:00:00 UTC']],
    ['0 9 * * 7', undefined, ['Sun *-*-* 09:00:00']],
    ['*/20 0-6,23 1 jan,jul *', undefined, ['*-01,07-01 00..06,23:00,20,40:00']],
    ['@daily', undefined, ['*-*-* 00:00:00']],
  ])('%s in %s', (expression, zone, expected) => {
    expect(toOnCalendar(expression, zone)).toEqual(expected);
  });

  test('two lines where either day field is enough, one where both have to hold', () => {
    expect(toOnCalendar('0 0 1,15 * 1')).toEqual(['*-*-01,15 00:00:00', 'Mon *-*-* 00:00:00']);
    expect(toOnCalendar('0 0 */2 * 1')).toEqual([expect.stringMatching(/^Mon \*-\*-01,03,05,/)]);
    expect(toOnCalendar('0 0 1-31 * 1')).toEqual(['*-*-* 00:00:00']);
  });

  test('what cron cannot read is refused', () => {
    expect(() => toOnCalendar('0 0 L * *')).toThrow(/Quartz/);
  });
});

describe.skipIf(analyze === undefined)('systemd runs when cron does', () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'];
  const calm = ['5 4 1,15 * 1', '0 0 */2 * 1', '7 12 29 2 *', '0 5 31 * *', '15,45 22 * 1-3 sun'];
  const around = [
    '30 2 * * *',
    '15 2 * * *',
    '45 1 * * *',
    '*/15 2 * * *',
    '30 * * * *',
    '0 1-3 * * *',
    '*/30 * * * *',
    '0 3 * * *',
  ];

  test.each(zones)('every day of two years in %s', async (zone) => {
    for (const expression of calm) {
      const schedule = await parseCron(expression, { zone });
      const expected = schedule.runsBetween(start, end);
      expect(expected.length).toBeGreaterThan(0);
      expect(systemdRuns(expression, zone, start, end, expected.length), expression).toEqual(expected);
    }
  });

  test.each(zones.filter((zone) => zone !== 'UTC'))(
    'around each change of clocks in %s, or the lint names the difference',
    async (zone) => {
      const changes = clockChanges(openZone(zone), start, end);
      expect(changes).toHaveLength(4);
      let differences = 0;
      for (const { at, before, after } of changes) {
        const [from, to] = [at - day, at + day];
        for (const expression of around) {
          const schedule = await parseCron(expression, { zone });
          const expected = schedule.runsBetween(from, to);
          const actual = systemdRuns(expression, zone, from, to, expected.length);
          const different = [
            ...expected.filter((run) => !actual.includes(run)),
            ...actual.filter((run) => !expected.includes(run)),
          ];
          const code = after > before ? 'clocks-skip' : 'clocks-repeat';
          const findings = lintCron(schedule, {
            target: 'systemd',
            zoneOfMachine: zone,
            after: from,
            years: 2 / 366,
          });
          const named = findings.some((finding) => finding.code === code && finding.at === at);
          const what = `${expression} ${zone} ${new Date(at * 1000).toISOString()}: ${different.map((run) => new Date(run * 1000).toISOString()).join(' ')}`;
          if (different.length > 0) {
            differences++;
            expect(named, what).toBe(true);
            // Only what the finding is about: systemd has less, and only while the clocks are unsure.
            expect(
              actual.every((run) => expected.includes(run)),
              what,
            ).toBe(true);
            expect(
              different.every((run) => Math.abs(run - at) <= 3600),
              what,
            ).toBe(true);
          } else if (named) {
            // Left out by both, or made up for at a moment at which it runs anyway.
            expect(code, what).toBe('clocks-skip');
          }
        }
      }
      expect(differences).toBeGreaterThan(0);
    },
  );
});

function systemdRuns(expression: string, zone: string, from: number, to: number, expected: number): number[] {
  const iterations = expected + 2;
  const lines = toOnCalendar(expression, zone);
  const runs = lines.flatMap((line) => {
    const base = new Date((from - 1) * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
    const answer = execFileSync(analyze!, ['calendar', `--iterations=${iterations}`, `--base-time=${base}`, line], {
      encoding: 'utf8',
      env: { TZ: 'UTC', LC_ALL: 'C' },
      maxBuffer: 10_000_000,
    });
    const found = [...answer.matchAll(/(?:Next elapse|Iter\. #\d+): \w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g)];
    const seconds = found.map(([, date, time]) => Date.parse(`${date}T${time}Z`) / 1000);
    if (seconds.length === iterations && seconds.at(-1)! < to) throw new Error('too few iterations');
    return seconds.filter((run) => run < to);
  });
  return [...new Set(runs)].toSorted((a, b) => a - b);
}
