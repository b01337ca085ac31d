import { localTimeOfSeconds } from '../../time/local-time.ts';
import { formatMoment } from '../../time/format-moment.ts';
import { openZone, type Zone } from '../../time/zone.ts';
import { type ClockChange, clockChanges } from './clock-changes.ts';
import type { CronSchedule } from './cron-schedule.ts';
import type { CronFinding, CronTarget } from './finding.ts';
import { timesInChange } from './matches.ts';

// What each target does was measured or read: cron(8) of Debian for cron; `systemd-analyze calendar` of systemd 252;
// the Next of robfig/cron 3, which Kubernetes uses, and kubernetes#121594.

type Behaviours = Partial<Record<CronTarget, string>>;

const everywhere: readonly CronTarget[] = ['crontab', 'systemd', 'kubernetes'];
const titles: Readonly<Record<CronTarget, string>> = { crontab: 'cron', systemd: 'systemd', kubernetes: 'Kubernetes' };

/**
 * Where the clocks of its zone skip or repeat a time of a schedule after a moment and before another, with what each
 * target does that is not simply to run it once. At most one finding for each of the two.
 */
export function lintClocks(schedule: CronSchedule, from: number, to: number, target?: CronTarget): CronFinding[] {
  const zone = openZone(schedule.zone);
  const met = clockChanges(zone, from, to)
    .map((change) => ({ ...change, times: timesInChange(schedule.fields, change) }))
    .filter(({ times }) => times.length > 0);
  const skips = met.filter(({ before, after }) => after > before);
  const repeats = met.filter(({ before, after }) => after < before);
  return [
    ...finding('clocks-skip', skips, skipped(schedule, skips[0]), zone, target),
    ...finding('clocks-repeat', repeats, repeated(schedule, repeats[0]), zone, target),
  ];
}

interface MetChange extends ClockChange {
  /** As the clock shows them. */
  times: readonly number[];
}

function skipped(schedule: CronSchedule, change: MetChange | undefined): Behaviours {
  if (change === undefined || goesOn(schedule, change)) return {};
  const leftOut = 'left out';
  if (!schedule.fixed) return { crontab: leftOut, systemd: leftOut, kubernetes: leftOut };
  const each = change.times.length > 1 ? 'run once for each of them' : 'run';
  const behind = `${each} at ${clockTime(change.at + change.after)}, right behind the gap,`;
  return { crontab: behind, systemd: leftOut, kubernetes: leftOut };
}

function repeated(schedule: CronSchedule, change: MetChange | undefined): Behaviours {
  if (change === undefined) return {};
  const both = 'run both times';
  if (schedule.fixed) return { kubernetes: both };
  const once = 'run the first time only, with silence for as long as the clocks go back,';
  return goesOn(schedule, change) ? { systemd: once } : { crontab: both, systemd: once, kubernetes: both };
}

/** Every hour is every hour, whatever it is called; for half an hour of Lord Howe that takes minutes with a star. */
function goesOn({ fields: { minute, hour } }: CronSchedule, { before, after }: ClockChange): boolean {
  return hour.text === '*' && (minute.star || (after - before) % 3600 === 0);
}

function finding(
  code: 'clocks-skip' | 'clocks-repeat',
  changes: readonly MetChange[],
  behaviours: Behaviours,
  zone: Zone,
  target: CronTarget | undefined,
): CronFinding[] {
  const first = changes[0];
  if (first === undefined) return [];
  const told = (target === undefined ? everywhere : [target]).filter((name) => behaviours[name] !== undefined);
  if (told.length === 0) return [];
  const times = first.times.map(clockTime);
  const shown = times.length > 3 ? `${times[0]} to ${times.at(-1)}` : times.join(', ');
  const days = changes.map(({ at }) => formatMoment(at, zone).slice(0, 10));
  const what = code === 'clocks-skip' ? 'skip' : 'show twice';
  return [
    {
      code,
      message: `the clocks of ${zone.name} ${what} ${shown} on ${listed(days)}: ${sentences(told, behaviours).join(', ')}`,
      hint: `choose a time outside ${span(first)}, or a zone whose clocks are never set, such as UTC`,
      at: first.at,
    },
  ];
}

/** `left out by systemd and Kubernetes`. */
function sentences(told: readonly CronTarget[], behaviours: Behaviours): string[] {
  const same = Map.groupBy(told, (name) => behaviours[name]!);
  return [...same].map(([behaviour, names]) => `${behaviour} by ${listed(names.map((name) => titles[name]))}`);
}

/** From which time to which no time is sure. */
function span({ at, before, after }: ClockChange): string {
  return `${clockTime(at + Math.min(before, after))} to ${clockTime(at + Math.max(before, after))}`;
}

function clockTime(shown: number): string {
  const { hour, minute } = localTimeOfSeconds(shown);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
