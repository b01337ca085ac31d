import { UserError } from '../errors/user-error.ts';

const secondsOf: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Seconds of a duration as people type it: `90s`, `1.5h`, `2h30m`, `7d`, `250ms`. A bare `0` is allowed, any other
 * number needs its unit, because nobody agrees on what `5` means.
 */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  let seconds = 0;
  let end = 0;
  const part = /(\d+(?:\.\d+)?)(ms|[smhdw])/gy;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    seconds += Number(match[1]) * secondsOf[match[2]!]!;
    end = part.lastIndex;
  }
  if (end === 0 || end !== text.length || !Number.isFinite(seconds)) {
    throw new UserError(`'${text}' is not a duration`, {
      code: 'usage',
      hints: ['write a number and a unit, such as 90s, 15m, 2h30m or 7d (units: ms, s, m, h, d, w)'],
    });
  }
  return seconds;
}

/** The two largest units of a duration, for a screen: `3d 4h`, `12m 5s`, `0.3s`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'never';
  // Before the sign is looked at, or what rounds to nothing would be -0s.
  if (Math.abs(seconds) < 10) return `${Number(seconds.toFixed(1))}s`;
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  const whole = Math.round(seconds);
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, size]) => whole >= size);
  const [unit, size] = units[first]!;
  const next = units[first + 1];
  const rest = next === undefined ? 0 : Math.floor((whole % size) / next[1]);
  const head = `${Math.floor(whole / size)}${unit}`;
  return next === undefined || rest === 0 ? head : `${head} ${rest}${next[0]}`;
}
