import { searchedBytes } from './fields.ts';
import type { StampReader, TimeFormat } from './time-format.ts';

/** The common log format: its time stands in square brackets in the first 200 bytes, behind addresses and names of any kind. */
export function bracketedFormat(name: string, stamp: StampReader): TimeFormat {
  return {
    name,
    read(bytes, start, end, after) {
      const limit = Math.min(end, start + searchedBytes);
      for (let at = start; at < limit; at++) {
        if (bytes[at] !== 91) continue;
        const time = stamp(bytes, at + 1, end, after);
        if (!Number.isNaN(time)) return time;
      }
      return undefined;
    },
  };
}
