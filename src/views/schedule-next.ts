import type { Column } from '../command.ts';
import type { ScheduledRun } from '../lib/schedule/cron/scheduled-run.ts';
import type { ScheduleTransition } from '../lib/schedule/next-transitions.ts';
import type { ScheduleState } from '../lib/schedule/schedule.ts';
import { formatMoment } from '../lib/time/format-moment.ts';
import type { Zone } from '../lib/time/zone.ts';
import { paint } from '../terminal/color.ts';

/** When, which both kinds of records tell alike. */
const moment: readonly Column<Pick<ScheduleTransition, 'local' | 'weekday' | 'utc'>>[] = [
  {
    name: 'local',
    value: ({ local }) => local,
    cell: ({ local, weekday }) => `${weekday.slice(0, 3)} ${readable(local)}`,
  },
  { name: 'weekday', programsOnly: true, value: ({ weekday }) => weekday },
  { name: 'utc', value: ({ utc }) => utc },
];

export const transitionColumns: readonly Column<ScheduleTransition>[] = [
  ...moment,
  {
    name: 'to',
    value: ({ to }) => to,
    cell: ({ to }, screen) => paint(screen, to === 'on' ? 'green' : 'yellow', to),
  },
  { name: 'clock', dispensable: true, value: ({ clock }) => clock, cell: ({ clock }) => clockNotes[clock] },
];

/** Of one expression, which has no job. */
export const runColumns: readonly Column<ScheduledRun>[] = [
  ...moment,
  { name: 'clock', programsOnly: true, value: ({ clock }) => clock },
  { name: 'note', dispensable: true, value: ({ note }) => note, cell: ({ note = '' }) => note },
];

export const jobRunColumns: readonly Column<ScheduledRun>[] = [
  ...moment,
  { name: 'job', value: ({ job }) => job },
  ...runColumns.slice(moment.length),
];

const clockNotes: Readonly<Record<ScheduleTransition['clock'], string>> = {
  unique: '',
  skipped: 'the clocks skip its time: first moment behind the gap',
  repeated: 'the clocks show it twice: first time',
};

/** What holds at a moment, on one line. */
export function stateLine(name: string, { desired, since }: ScheduleState, at: number, zone: Zone): string {
  const held = desired === 'none' ? 'neither on nor off' : desired;
  const from = since === undefined ? '' : `, since ${readable(formatMoment(since, zone))}`;
  return `${held} at ${readable(formatMoment(at, zone))}${from} (${name})`;
}

/** `2026-11-20 19:00 +01:00`, without seconds where there are none. */
function readable(iso: string): string {
  return iso.replace('T', ' ').replace(/^(\S+ \d\d:\d\d)(?::00)?(\.\d+)?(:\d\d)?(\.\d+)?(?=[+-])/, '$1$3 ');
}
