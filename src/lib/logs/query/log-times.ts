import { UserError } from '../../errors/user-error.ts';
import { localZoneName } from '../../time/local-zone-name.ts';
import { openZone, type Zone } from '../../time/zone.ts';
import { parseTimeFormat } from '../time/parse-time-format.ts';
import type { Query } from './query.ts';
import type { QueryHost } from './query-host.ts';

/** How the times of the logs are read and shown. The zone is opened at need, which costs some milliseconds. */
export function logTimes(
  { tz, timeFormat }: { tz: string | undefined; timeFormat: string | undefined },
  env: QueryHost['env'],
): Pick<Query, 'zone' | 'timeFormat'> {
  return { zone: zoneOf(tz, env), timeFormat: timeFormatOf(timeFormat) };
}

function zoneOf(name: string | undefined, env: QueryHost['env']): () => Zone {
  let zone: Zone | undefined;
  return () => (zone ??= open());

  function open(): Zone {
    try {
      return openZone(name ?? localZoneName(env));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (name !== undefined)
        throw new UserError(`option '--tz': ${error.message}`, { code: 'usage', hints: error.hints, cause: error });
      const hints = ['name the zone of the log with --tz, such as --tz Europe/Berlin'];
      throw new UserError(`TZ of the environment: ${error.message}`, { code: 'usage', hints, cause: error });
    }
  }
}

function timeFormatOf(text: string | undefined): Query['timeFormat'] {
  if (text === undefined) return undefined;
  try {
    return parseTimeFormat(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`option '--time-format': ${error.message}`, {
      code: 'usage',
      hints: error.hints,
      cause: error,
    });
  }
}
