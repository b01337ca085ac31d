import { digitsEnd } from './digits.ts';
import { skipColours } from './skip-decoration.ts';
import type { StampReader, TimeFormat } from './time-format.ts';

/**
 * The header of RFC 5424, `<34>1 2026-11-20T14:00:05.003Z`, also behind the length of RFC 6587 (`123 <34>1 ...`). The
 * nil value `-` is no time.
 */
export function rfc5424Format(iso: StampReader): TimeFormat {
  return {
    name: 'rfc5424',
    read(bytes, start, end, after) {
      let at = skipColours(bytes, start, end);
      const length = digitsEnd(bytes, at, Math.min(end, at + 9));
      if (length > at) {
        if (bytes[length] !== 32) return undefined;
        at = length + 1;
      }
      if (at + 6 > end || bytes[at] !== 60) return undefined;
      const priority = digitsEnd(bytes, at + 1, Math.min(end, at + 4));
      if (priority === at + 1 || priority >= end || bytes[priority] !== 62) return undefined;
      const version = digitsEnd(bytes, priority + 1, Math.min(end, priority + 4));
      if (version === priority + 1 || version >= end || bytes[version] !== 32) return undefined;
      const time = iso(bytes, version + 1, end, after);
      return Number.isNaN(time) ? undefined : time;
    },
  };
}
