import { describe, expect, test } from 'vitest';
import { clockChanges } from '../../../../src/lib/schedule/cron/clock-changes.ts';
import type { CronSchedule } from '../../../../src/lib/schedule/cron/cron-schedule.ts';
import { lintCron } from '../../../../src/lib/schedule/cron/lint-cron.ts';
import { parseCron } from '../../../../src/lib/schedule/cron/parse-cron.ts';
import { openZone } from '../../../../src/lib/time/zone.ts';
import { temporal } from '../../time/temporal-oracle.ts';
import { daemonStarts } from './cron-daemon-oracle.ts';
import { controllerStarts } from './kubernetes-oracle.ts';

// What systemd does is asked of systemd itself: on-calendar.test.ts.
const start = Date.parse('2027-01-01T00:00:00Z') / 1000;
const end = Date.parse('2029-01-01T00:00:00Z') / 1000;
const day = 86_400;

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
/** At midnight: its dates are the ones that are at risk. */
const midnights = ['Africa/Cairo', 'Asia/Beirut'];
const expressions = [
  '30 2 * * *',
  '15 2 * * *',
  '45 1 * * *',
  '0 2 * * *',
  '0 3 * * *',
  '0,30 2 * * *',
  '0 1-3 * * *',
  '*/15 2 * * *',
  '30 * * * *',
  '*/30 * * * *',
  '10 */2 * * *',
  '0 0 * * *',
  '0 9 * * *',
  '30 23 * * *',
  '0,30 0,23 * * *',
  '0 22,23 * * 6',
  '0 5 * * 4',
  '5 4 1,15 * 1',
  '0 4 28-31 3,10 *',
];

const text = (runs: readonly number[]) => runs.map((run) => new Date(run * 1000).toISOString()).join(' ');

interface Change {
  at: number;
  before: number;
  after: number;
}

/** What the lint says of a change, and nothing of others; the part of each message behind its dates. */
function told(schedule: CronSchedule, target: 'crontab' | 'kubernetes', { at }: Change): Map<string, string> {
  const options = { target, zoneOfMachine: schedule.zone, after: at - 2 * day, years: 4 / 365.25 };
  const findings = lintCron(schedule, options).filter(({ code }) => code.startsWith('clocks-'));
  return new Map(findings.map(({ code, message }) => [code, message.replace(/^.*?\d: /, '')]));
}

function differenceOf(left: readonly number[], right: readonly number[]) {
  return { missing: left.filter((run) => !right.includes(run)), extra: right.filter((run) => !left.includes(run)) };
}

describe.skipIf(temporal === undefined)('at every change of clocks of two years', () => {
  test.each([...zones, ...midnights, 'America/Nuuk'])(
    'cron of Debian in %s starts what we tell, and what it starts twice is named',
    async (zone) => {
      let twice = 0;
      for (const change of clockChanges(openZone(zone), start, end)) {
        const [from, to] = [change.at - 2 * day, change.at + 2 * day];
        for (const expression of expressions) {
          const schedule = await parseCron(expression, { zone });
          const starts = daemonStarts([schedule.expression], zone, from, to);
          const what = `${expression} at ${text([change.at])}`;
          expect(text([...new Set(starts)]), what).toBe(text(schedule.runsBetween(from, to)));
          if (new Set(starts).size === starts.length) continue;
          twice++;
          expect(told(schedule, 'crontab', change).get('clocks-skip'), what).toMatch(/^run .*at \d\d:\d\d/);
        }
      }
      expect(twice).toBeGreaterThan(0);
    },
  );

  test.each([...zones, ...midnights])(
    'the controller of Kubernetes in %s differs only where the lint says so',
    async (zone) => {
      let differences = 0;
      for (const change of clockChanges(openZone(zone), start, end)) {
        const [from, to] = [change.at - 2 * day, change.at + 2 * day];
        const isGap = change.after > change.before;
        for (const expression of expressions) {
          const schedule = await parseCron(expression, { zone });
          const starts = controllerStarts(schedule.expression, zone, from, to);
          const { missing, extra } = differenceOf(schedule.runsBetween(from, to), starts);
          const findings = told(schedule, 'kubernetes', change);
          const what = `${expression} at ${text([change.at])}: missing ${text(missing)}, extra ${text(extra)}, ${[...findings.values()].join()}`;
          if (findings.has('clocks-search')) {
            differences += missing.length + extra.length;
            continue;
          }
          const skip = findings.get('clocks-skip');
          const repeat = findings.get('clocks-repeat');
          // Nothing but the run behind the gap, and nothing but second times.
          if (missing.length > 0)
            expect([isGap, skip, missing], what).toEqual([true, 'left out by Kubernetes', [change.at]]);
          if (extra.length > 0) {
            expect([isGap, repeat], what).toEqual([false, 'run both times by Kubernetes']);
            expect(
              extra.every((run) => run >= change.at && run < change.at + change.before - change.after),
              what,
            ).toBe(true);
          }
          differences += missing.length + extra.length;
        }
      }
      expect(differences).toBeGreaterThan(0);
    },
  );
});

describe.skipIf(temporal === undefined)('far from any change', () => {
  const from = Date.parse('2027-01-01T00:00:00Z') / 1000;
  const to = from + 90 * day;

  test.each(['0 4 * * *', '5 */7 1,15 * 1', '*/40 3 1-31/2 * 1', '0 0 5,* * 1', '10 2-23/5 */9 2-3 *', '0 9 * * 5-7'])(
    '%s runs on all of them at the same times',
    async (expression) => {
      const schedule = await parseCron(expression, { zone: 'UTC' });
      const runs = text(schedule.runsBetween(from, to));
      expect(text(daemonStarts([schedule.expression], 'UTC', from, to))).toBe(runs);
      expect(text(controllerStarts(schedule.expression, 'UTC', from, to))).toBe(runs);
    },
  );

  test.each(['0 4 */2 * 1', '0 4 13 * */2', '0 4 */9 * */3'])(
    '%s means both days for cron and either for Kubernetes, and the lint says so for the latter',
    async (expression) => {
      const schedule = await parseCron(expression, { zone: 'UTC' });
      const runs = schedule.runsBetween(from, to);
      expect(daemonStarts([schedule.expression], 'UTC', from, to)).toEqual(runs);
      const { missing, extra } = differenceOf(runs, controllerStarts(schedule.expression, 'UTC', from, to));
      expect([missing, extra.length > 0]).toEqual([[], true]);
      const codes = (target: 'crontab' | 'kubernetes') =>
        lintCron(schedule, { target, zoneOfMachine: 'UTC', after: from }).map(({ code }) => code);
      expect(codes('kubernetes')).toContain('both-days');
      expect(codes('crontab')).not.toContain('both-days');
    },
  );
});
