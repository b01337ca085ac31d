import type { WeeklyBoundary } from '../../schedule/weekly-boundaries.ts';

/** One schedule of EventBridge Scheduler. */
export interface PlannedSchedule {
  /** Unlike every other of the function: `stop-fri-1900`. */
  name: string;
  description: string;
  /** https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
  expression: string;
  zone: string;
  /** What it sends. */
  input: string;
}

export interface ScheduleRequest {
  /** Undefined: each instance has a schedule of its own, in a tag. */
  boundaries: readonly WeeklyBoundary[] | undefined;
  zone: string;
  stop: readonly string[];
  start: readonly string[];
}

const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * When the function is called: at each moment of the week, days with the same time together, and once an hour besides.
 * The hourly calls do what the others could not: Scheduler skips a time that the clocks skip, a start may have met a lack
 * of capacity, and a holiday moves a start. They do nothing where nothing is left to do. Stop and start come at different
 * minutes, because only one call runs at a time.
 */
export function planSchedules({ boundaries, zone, stop, start }: ScheduleRequest): readonly PlannedSchedule[] {
  const schedule = (to: 'on' | 'off', suffix: string, when: string, expression: string): PlannedSchedule => {
    const verb = to === 'off' ? 'stop' : 'start';
    return {
      name: `${verb}-${suffix}`,
      description: `devops ${verb}-instances ${when}`,
      expression: `cron(${expression})`,
      zone,
      input: scheduleInput(to === 'off' ? stop : start),
    };
  };
  if (boundaries === undefined) {
    return [
      schedule('off', 'by-tag', 'every 15 minutes', '0/15 * * * ? *'),
      schedule('on', 'by-tag', 'every 15 minutes', '1/15 * * * ? *'),
    ];
  }
  const weekly = groupByTime(boundaries).map(({ to, minute: minuteOfDay, days }) => {
    const names = days.map((day) => dayNames[day]!);
    const [hour, minute] = [Math.floor(minuteOfDay / 60), minuteOfDay % 60];
    const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
    const suffix = days.length === 7 ? 'daily' : names.join('-').toLowerCase();
    const when = days.length === 7 ? `every day at ${time}` : `on ${names.join(', ')} at ${time}`;
    const weekdays = days.length === 7 ? '*' : names.join(',');
    return schedule(to, `${suffix}-${time.replace(':', '')}`, when, `${minute} ${hour} ? * ${weekdays} *`);
  });
  return [
    ...weekly,
    schedule('off', 'hourly', 'every hour, for what is left to do', '20 * * * ? *'),
    schedule('on', 'hourly', 'every hour, for what is left to do', '50 * * * ? *'),
  ];
}

/**
 * The event, with the moment at which it was due, which Scheduler fills in. Nothing that was typed may look like such a
 * word of its, or like a reference of CloudFormation.
 */
export function scheduleInput(argv: readonly string[]): string {
  const words = JSON.stringify(argv)
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('{', String.raw`\u007b`);
  return `{"argv":${words},"scheduledAt":"<aws.scheduler.scheduled-time>"}`;
}

function groupByTime(boundaries: readonly WeeklyBoundary[]) {
  const groups = new Map<string, { to: 'on' | 'off'; minute: number; days: number[] }>();
  for (const { weekday, minute, to } of boundaries) {
    const group = groups.get(`${to} ${minute}`) ?? { to, minute, days: [] };
    groups.set(`${to} ${minute}`, group);
    group.days.push(weekday);
  }
  // Monday first, as people write a week.
  return Array.from(groups.values(), ({ days, ...group }) => ({
    ...group,
    days: days.toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7)),
  }));
}
