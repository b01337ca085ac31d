import { formatOffset } from './offset.ts';
import { systemZoneName } from './zone-rules.ts';

/**
 * The zone that programs on this machine show times in: TZ as tzset(3) reads it, else the system's. An own summer time
 * rule (`CET-1CEST,M3.5.0,M10.5.0`) is given back as it stands, and `openZone` refuses it by name: what it stands for
 * cannot be told, and a guess would search the wrong hour.
 */
export function localZoneName(env: { TZ?: string | undefined }): string {
  if (env.TZ === undefined) return systemZoneName();
  const text = env.TZ.replace(/^:/, '');
  if (text === '') return 'UTC';
  if (text === '/etc/localtime') return systemZoneName();
  return posixOffset(text) ?? text.replace(/^(?:.*\/)?zoneinfo\/(?:posix\/|right\/)?/, '');
}

/** POSIX counts west of Greenwich, so that `UTC-3` and `<+03>-3` are +03:00. */
function posixOffset(text: string): string | undefined {
  const match = /^(?:[a-z]{3,10}|<[a-z0-9+-]{3,10}>)([+-]?)(\d{1,2})(?::(\d\d))?$/i.exec(text);
  if (match === null) return undefined;
  const west = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return west === 0 ? 'UTC' : formatOffset(match[1] === '-' ? west : -west);
}
