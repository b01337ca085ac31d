import { isDigit, isLetter } from './digits.ts';
import { skipColours } from './skip-decoration.ts';
import type { StampReader, TimeFormat } from './time-format.ts';
import { timeKey, triedKeys } from './time-keys.ts';

/** How much of a line is looked through: programs write the time among the first keys. */
const readBytes = 4096;

/** Where the quoted value whose text begins at `at` ends, behind its quotation mark. */
function quotedEnd(bytes: Buffer, at: number, end: number): number {
  let position = at;
  while (position < end && bytes[position] !== 34) position += bytes[position] === 92 ? 2 : 1;
  return position + 1;
}

function isKeyByte(byte: number): boolean {
  return isLetter(byte) || isDigit(byte) || byte === 95 || byte === 64 || byte === 46 || byte === 45;
}

/** `level=info ts=2026-11-20T14:00:05Z msg="..."`: the time is the value, quoted or not, of one of the keys of timeKey. */
export function logfmtFormat(value: StampReader): TimeFormat {
  return {
    name: 'logfmt',
    read(bytes, start, lineEnd, after) {
      const end = Math.min(lineEnd, start + readBytes);
      let tried = 0;
      let position = skipColours(bytes, start, end);
      while (position < end) {
        const key = position;
        while (position < end && isKeyByte(bytes[position]!)) position++;
        if (position > key && position + 1 < end && bytes[position] === 61) {
          const quoted = bytes[position + 1] === 34;
          const at = position + (quoted ? 2 : 1);
          if (timeKey(bytes, key, position) > 0) {
            if (++tried > triedKeys) return undefined;
            const time = value(bytes, at, end, after);
            if (!Number.isNaN(time)) return time;
          }
          position = quoted ? quotedEnd(bytes, at, end) : at;
        }
        while (position < end && bytes[position] !== 32 && bytes[position] !== 9) position++;
        while (position < end && (bytes[position] === 32 || bytes[position] === 9)) position++;
      }
      return undefined;
    },
  };
}
