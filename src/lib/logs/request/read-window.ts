import { UserError } from '../../errors/user-error.ts';
import { formatMoment } from '../../time/format-moment.ts';
import { parseMoment } from '../../time/parse-moment.ts';
import type { Zone } from '../../time/zone.ts';
import type { TimeWindow } from '../window/time-window.ts';
import type { LogsGrepOptions } from './grep-options.ts';
import { ofOption } from './of-option.ts';

/** Seconds to both sides of --around, unless --within says otherwise. */
const aroundSeconds = 300;

/** The window of --since, --until and --around. Throws UserError for one that nothing can be in. */
export function readWindow(
  { since, until, around, within = aroundSeconds }: LogsGrepOptions,
  now: number,
  zone: Zone,
): TimeWindow {
  const moment = (name: string, text: string | undefined): number | undefined => {
    return text === undefined ? undefined : ofOption(name, () => parseMoment(text, { now, zone }));
  };
  const middle = moment('--around', around);
  const start = middle === undefined ? moment('--since', since) : middle - within;
  const end = middle === undefined ? moment('--until', until) : middle + within;
  if (start !== undefined && end !== undefined && start >= end) {
    const shown = (seconds: number) => formatMoment(seconds, zone);
    throw new UserError(`no time is both since ${shown(start)} and before ${shown(end)}`, {
      code: 'usage',
      hints: ['--since is the beginning of the window, --until its end'],
    });
  }
  return {
    ...(start === undefined ? {} : { sinceMs: start * 1000 }),
    ...(end === undefined ? {} : { untilMs: end * 1000 }),
  };
}
