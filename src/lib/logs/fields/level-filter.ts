import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { quoted } from '../../text/quoted.ts';
import { levelNames, levelOfPriority, levels } from './level.ts';
import type { Level } from './level.ts';

/**
 * The levels that `--level` asks for: `error` is error and worse, as `journalctl -p`; `=error` is that one alone;
 * `error,warn` are these two; `debug..info` is a range with both ends, in either order. Other names of a level (warn,
 * fatal) and the numbers of syslog (3 is error) may be written, in any case. Throws a UserError `usage`.
 */
export function parseLevelFilter(text: string): ReadonlySet<Level> {
  const wanted = text.trim();
  const range = /^(.*?)\.\.(.*)$/s.exec(wanted);
  if (range !== null) {
    const [first, last] = [rankOf(range[1]!, text), rankOf(range[2]!, text)];
    return new Set(levels.slice(Math.min(first, last), Math.max(first, last) + 1));
  }
  if (wanted.includes(','))
    return new Set(wanted.split(',').map((name) => levels[rankOf(name.replace(/^\s*=/, ''), text)]!));
  if (wanted.startsWith('=')) return new Set([levels[rankOf(wanted.slice(1), text)]!]);
  return new Set(levels.slice(rankOf(wanted.replace(/\+$/, ''), text)));
}

function rankOf(name: string, text: string): number {
  const word = name.trim().toLowerCase();
  const level = /^[0-7]$/.test(word) ? levelOfPriority(Number(word)) : levelNames.get(word);
  if (level !== undefined) return levels.indexOf(level);
  const near = nearest(word.slice(0, 32), levelNames.keys());
  const place = word === text.trim().toLowerCase() ? '' : ` (in --level ${quoted(text)})`;
  throw new UserError(`${quoted(word)} is not a level${place}`, {
    code: 'usage',
    hints: [
      near === undefined || word === '' ? `known are ${levels.join(', ')}` : `did you mean ${near}?`,
      "write error for 'error and worse', =error for that alone, error,warning for two, debug..info for a range",
    ],
  });
}
