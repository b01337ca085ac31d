import { peek, refuse, take, takeWhile } from './pattern-reader.ts';
import type { PatternReader } from './pattern-reader.ts';

/** How often a part of a pattern may come. */
export interface Count {
  minimum: number;
  /** Absent: any number of times. */
  maximum?: number;
  lazy: boolean;
}

const maximumCount = 1000;

/** Reads `*`, `+`, `?`, `{3}`, `{3,}` or `{3,5}` and the `?` behind it; undefined, and nothing read, when none comes. */
export function parseCount(reader: PatternReader): Count | undefined {
  const bounds = parseBounds(reader);
  return bounds === undefined ? undefined : { ...bounds, lazy: take(reader, '?') };
}

function parseBounds(reader: PatternReader): { minimum: number; maximum?: number } | undefined {
  if (take(reader, '*')) return { minimum: 0 };
  if (take(reader, '+')) return { minimum: 1 };
  if (take(reader, '?')) return { minimum: 0, maximum: 1 };
  if (peek(reader) !== '{') return undefined;
  const start = reader.position++;
  const minimum = takeWhile(reader, /[0-9]/, 9);
  const comma = take(reader, ',');
  const maximum = comma ? takeWhile(reader, /[0-9]/, 9) : minimum;
  if (!take(reader, '}') || (minimum === '' && maximum === '')) {
    reader.position = start;
    return undefined;
  }
  // To grep this is a count from 0, to JavaScript it is text.
  if (minimum === '')
    refuse(reader, start, `{,${maximum}} is read differently by every program`, `write {0,${maximum}}`);
  const [low, high] = [Number(minimum), maximum === '' ? undefined : Number(maximum)];
  if (Math.max(low, high ?? 0) > maximumCount) {
    refuse(reader, start, `it repeats something more than ${maximumCount} times`, 'write a smaller count, + or *');
  }
  if (high === undefined) return { minimum: low };
  if (high < low) refuse(reader, start, 'a count has its larger number first', `write {${high},${low}}`);
  return { minimum: low, maximum: high };
}
