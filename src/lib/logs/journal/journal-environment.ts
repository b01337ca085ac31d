import type { Environment } from '../../shell/find-program.ts';
import { formatOffset, parseOffset } from '../../time/offset.ts';

/** journalctl's environment: it speaks English, in no colours, with no log of its own, and shows times in this zone. */
export function journalEnvironment(env: Environment, zoneName: string | undefined): Environment {
  return {
    ...env,
    LC_ALL: 'C',
    LANGUAGE: undefined,
    SYSTEMD_COLORS: '0',
    SYSTEMD_URLIFY: '0',
    SYSTEMD_LOG_LEVEL: undefined,
    SYSTEMD_LOG_TARGET: undefined,
    ...(zoneName === undefined ? {} : { TZ: posixZone(zoneName) }),
  };
}

/** tzset(3) counts the hours of an offset from east to west, behind a name for it. */
function posixZone(name: string): string {
  const offset = parseOffset(name);
  if (offset === undefined) return name;
  return `<${formatOffset(offset).replaceAll(':', '')}>${formatOffset(-offset)}`;
}
