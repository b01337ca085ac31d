import { UserError } from '../../errors/user-error.ts';
import { parseSchedule } from '../../schedule/parse-schedule.ts';
import type { Schedule } from '../../schedule/schedule.ts';
import type { StopMark } from './remember.ts';

/** A day that is a holiday there, and an hour. */
const patience = 25 * 3600;

/** Why what another schedule has stopped is left alone. `now` is Unix time; `wayOut` says how to start it all the same. */
export function leftToOther(
  mark: Pick<StopMark, 'at' | 'by'>,
  now: number,
  wayOut: string,
): { code: 'other-schedule' | 'orphaned'; reason: string } {
  const due = overdueSince(mark, now);
  const by = `was stopped by the schedule ${mark.by}`;
  if (due === undefined) return { code: 'other-schedule', reason: `${by}: ${wayOut}` };
  const since = new Date(due * 1000).toISOString().slice(0, 16);
  return { code: 'orphaned', reason: `${by} and should be on since ${since}Z: ${wayOut}` };
}

/**
 * Unix time at which the schedule that has stopped something would have started it again, when that was more than a day
 * ago: nobody runs that schedule any more, or its words were changed while things were off. Undefined for what was
 * stopped by hand or by a tag, and for a name that cannot be read.
 * @param now Unix time.
 */
function overdueSince({ at, by }: Pick<StopMark, 'at' | 'by'>, now: number): number | undefined {
  for (const transition of scheduleOf(by)?.transitionsAfter(at) ?? []) {
    if (transition.at > now - patience) return undefined;
    if (transition.to === 'on') return transition.at;
  }
  return undefined;
}

/** The name of a schedule is its words, as they may be typed, and its zone. */
function scheduleOf(by: string): Schedule | undefined {
  const space = by.lastIndexOf(' ');
  if (space === -1) return undefined;
  const words = by.slice(0, space);
  const zone = by.slice(space + 1);
  try {
    return parseSchedule(words.startsWith('on ') ? { on: words.slice(3), zone } : { off: words, zone });
  } catch (error) {
    // Of a later version perhaps, whose words we do not know.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
