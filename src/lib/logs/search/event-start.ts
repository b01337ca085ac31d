import { readLevel } from '../fields/read-level.ts';
import type { LineFormat, Selection } from './selection.ts';

/** Whether a line begins an event; `after` is the time of the event before it, where that is known. */
export type IsEventStart = (bytes: Buffer, lineStart: number, lineEnd: number, after?: number) => boolean;

const causedBy = Buffer.from('Caused by: ');

/** By what the user says, else by its time or its level; where a log has no times, by what the line looks like. */
export function createEventStart({ eventStart }: Selection, { time, shape }: LineFormat): IsEventStart {
  if (eventStart !== undefined) return (bytes, lineStart, lineEnd) => eventStart.matches(bytes, lineStart, lineEnd);
  if (time === undefined && shape !== 'json') return startsWithoutTime;
  return (bytes, lineStart, lineEnd, after) => {
    if (bytes[lineStart] === 0x7b && (shape === 'json' || bytes[lineStart + 1] === 0x22)) return true;
    if (time === undefined) return startsWithoutTime(bytes, lineStart, lineEnd);
    return time.read(bytes, lineStart, lineEnd, after) !== undefined || saysItsLevel(bytes, lineStart, lineEnd);
  };
}

/** What another library of the same program writes without a time: `ERROR:root:...`, `panic: ...`. */
function saysItsLevel(bytes: Buffer, start: number, end: number): boolean {
  return startsWithoutTime(bytes, start, end) && readLevel(bytes, start, end, 'text') !== undefined;
}

/** Whether a line of a log without times begins something: what is indented or only closes a bracket goes on. */
function startsWithoutTime(bytes: Buffer, start: number, end: number): boolean {
  const first = start < end ? bytes[start]! : 0x0a;
  if (first <= 0x20 || first === 0x7d || first === 0x29) return false;
  return first !== causedBy[0] || bytes.compare(causedBy, 0, causedBy.length, start, Math.min(end, start + 11)) !== 0;
}
