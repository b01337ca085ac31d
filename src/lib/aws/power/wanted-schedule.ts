import { UserError } from '../../errors/user-error.ts';
import { quoted } from '../../text/quoted.ts';
import type { Schedule, ScheduleState } from '../../schedule/schedule.ts';
import { legalBy } from './remember.ts';

/** What the command line says about when. */
export interface WantedRequest {
  off?: string | undefined;
  on?: string | undefined;
  tz?: string | undefined;
  scheduleTag?: string | undefined;
  holidays?: string | undefined;
  scheduledAt?: string | undefined;
  enforce?: boolean | undefined;
}

/** What a schedule says of one instance. */
export interface WantedState extends ScheduleState {
  /** It has switched since the run was due. */
  isStale: boolean;
}

/** Who asks, and what is wanted of an instance. */
export type Wanted =
  | { kind: 'none'; by: 'manual' }
  | { kind: 'words'; by: string; state: ScheduleState }
  | {
      kind: 'tag';
      by: string;
      key: string;
      /** Throws a UserError with the column of a mistake in the value of the tag. */
      stateOf(value: string): WantedState;
    };

const mostAhead = 5 * 60;
const longestWithoutSchedule = 3600;

/**
 * What holds now, by the schedule of the command line or that of each instance. Throws a UserError (usage) for a mistake
 * in it, for a run that was due in the future, and for one that comes so late that something else holds by now; not for
 * one that would do nothing anyway, which `state` tells.
 * @param to What the command is there for: `off` for stop-instances.
 */
export async function wantedSchedule(
  request: WantedRequest,
  to: 'on' | 'off',
  around: { now: number; localZone: string; signal: AbortSignal },
): Promise<Wanted> {
  const { off, on, scheduleTag } = request;
  const { now, signal } = around;
  const dueAt = request.scheduledAt === undefined ? undefined : parseDueAt(request.scheduledAt, now);
  const hasWords = off !== undefined || on !== undefined;
  if (hasWords && scheduleTag !== undefined) {
    throw new UserError('--schedule-tag takes the schedule of each instance, and goes with no --off or --on', {
      code: 'usage',
      hints: ['leave one of them out'],
    });
  }
  if (!hasWords && scheduleTag === undefined) {
    const alone = (['tz', 'holidays', 'enforce'] as const).find((name) => request[name] !== undefined);
    if (alone !== undefined) {
      throw new UserError(`--${alone} says something about a schedule, and there is none`, {
        code: 'usage',
        hints: ['give one with --off, --on or --schedule-tag'],
      });
    }
    if (dueAt !== undefined && now - dueAt > longestWithoutSchedule)
      throw stale(request.scheduledAt!, 'it was due more than an hour ago');
    return { kind: 'none', by: 'manual' };
  }
  const zone = request.tz ?? around.localZone;
  const { readHolidays } = await import('../../schedule/read-holidays.ts');
  const holidays = request.holidays === undefined ? undefined : await readHolidays(request.holidays, signal);
  if (scheduleTag !== undefined) {
    const { parseOffhours } = await import('../../schedule/parse-offhours.ts');
    // Thousands of instances have a handful of schedules between them.
    const known = new Map<string, Schedule>();
    // A zone that does not exist is a mistake of the command line, not of the first instance.
    parseOffhours('on', { zone, holidays });
    return {
      kind: 'tag',
      by: legalBy(`tag:${scheduleTag}`),
      key: scheduleTag,
      stateOf(value) {
        const schedule = known.get(value) ?? parseOffhours(value, { zone, holidays });
        known.set(value, schedule);
        return stateAt(schedule, now, dueAt);
      },
    };
  }
  const { parseSchedule } = await import('../../schedule/parse-schedule.ts');
  const schedule = parseSchedule({ off, on, zone, holidays });
  const { isStale, ...state } = stateAt(schedule, now, dueAt);
  if (isStale && state.desired === to) throw stale(request.scheduledAt!, 'the schedule has switched since');
  return { kind: 'words', by: legalBy(schedule.name), state };
}

function stateAt(schedule: Schedule, now: number, dueAt: number | undefined): WantedState {
  const state = schedule.at(now);
  if (dueAt === undefined) return { ...state, isStale: false };
  const due = schedule.at(Math.min(dueAt, now));
  return { ...state, isStale: due.desired !== state.desired || due.since !== state.since };
}

function parseDueAt(text: string, now: number): number {
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  const seconds = isIso ? Date.parse(text) / 1000 : Number.NaN;
  if (!Number.isFinite(seconds)) {
    throw new UserError(`--scheduled-at: ${quoted(text)} is no time`, {
      code: 'usage',
      hints: ['write it as 2026-11-20T19:00:00Z'],
    });
  }
  if (seconds - now <= mostAhead) return seconds;
  throw new UserError(`--scheduled-at: ${quoted(text)} is in the future: nothing was changed`, {
    code: 'usage',
    hints: ['compare the clock of this machine with the right time'],
  });
}

function stale(dueAt: string, why: string): UserError {
  return new UserError(`the event of ${quoted(dueAt)} is stale: ${why}, and nothing was changed`, {
    hints: ['nobody has to do anything: the next run does what is due then'],
  });
}
