import { oldestFirst, rotationOf } from '../cursor/rotated-names.ts';
import type { Rotation } from '../cursor/rotated-names.ts';
import type { FoundLog } from './find-logs.ts';

export interface RotatedLog {
  log: FoundLog;
  /** Undefined for a rotation of a rotation. */
  rotation: Rotation | undefined;
}

/** What a rotation adds to a name is shorter: a date, four counters, `Z`, the suffix of a compression. */
const longestRotation = 72;

/**
 * Which of the names of one directory are rotated files of which log: the names by log, in the order given. A log that
 * is itself a rotation of another one (`app.log.1` beside `app.log`) brings its own ones (`app.log.1.gz`) to that. The
 * time is linear: a name is cut where a rotation may begin, it is not held against every log.
 */
export function groupRotations(names: readonly string[], isLog: (name: string) => boolean): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    let log = logOfRotation(name, isLog);
    if (log === undefined) continue;
    // Each is shorter than the one before, so this ends.
    for (let next: string | undefined = log; next !== undefined; next = logOfRotation(next, isLog)) log = next;
    const group = groups.get(log);
    if (group === undefined) groups.set(log, [name]);
    else group.push(name);
  }
  return groups;
}

/** The rotated files of one log, the oldest first. */
export function oldestLogsFirst(rotated: readonly RotatedLog[]): FoundLog[] {
  const aged = rotated.map(({ log, rotation }) => ({
    log,
    rotation,
    modified: BigInt(Math.round(log.modifiedSeconds * 1e6)) * 1000n,
  }));
  return oldestFirst(aged).map(({ log }) => log);
}

/** The shortest name of a log that this may be a rotated file of. */
function logOfRotation(name: string, isLog: (name: string) => boolean): string | undefined {
  // A suffix may stand behind the rotation, as in `app-20261120.log`, and behind that one of a compression.
  const lastDot = name.lastIndexOf('.');
  const dotBefore = lastDot > 0 ? name.lastIndexOf('.', lastDot - 1) : -1;
  let found: string | undefined;
  for (const [end, suffix] of [
    [name.length, ''],
    [lastDot, name.slice(lastDot)],
    [dotBefore, name.slice(dotBefore, lastDot)],
  ] as const) {
    for (let at = Math.max(1, end - longestRotation); at < end; at++) {
      if (!isSeparator(name.charCodeAt(at))) continue;
      const candidate = name.slice(0, at) + suffix;
      const isBetter = found === undefined || candidate.length < found.length;
      if (isBetter && isLog(candidate) && rotationOf(candidate, name) !== undefined) found = candidate;
    }
  }
  return found;
}

/** `-`, `.` or `_`. */
function isSeparator(code: number): boolean {
  return code === 0x2d || code === 0x2e || code === 0x5f;
}
