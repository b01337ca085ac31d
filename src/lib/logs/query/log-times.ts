import { UserError } from '../../errors/user-error.ts';
import { localZoneName } from '../../time/local-zone-name.ts';
import { openZone, type Zone } from '../../time/zone.ts';
import { ofOption } from '../request/of-option.ts';
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
    if (name !== undefined) return ofOption('--tz', () => openZone(name));
    try {
      return openZone(localZoneName(env));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const hints = ['name the zone of the log with --tz, such as --tz Europe/Berlin'];
      throw new UserError(`TZ of the environment: ${error.message}`, { code: 'usage', hints, cause: error });
    }
  }
}

function timeFormatOf(text: string | undefined): Query['timeFormat'] {
  return text === undefined ? undefined : ofOption('--time-format', () => parseTimeFormat(text));
}
