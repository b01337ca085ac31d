import type { LineFormat, Selection } from './selection.ts';

/** Whether a line begins an event; `after` is the time of the event before it, where that is known. */
export type IsEventStart = (bytes: Buffer, lineStart: number, lineEnd: number, after?: number) => boolean;

const causedBy = Buffer.from('Caused by: ');

/** By what the user says, else by its time; where a log has no times, by what the line looks like. */
export function createEventStart({ eventStart }: Selection, { time, shape }: LineFormat): IsEventStart {
  if (eventStart !== undefined) return (bytes, lineStart, lineEnd) => eventStart.matches(bytes, lineStart, lineEnd);
  const startsByItself: IsEventStart =
    time === undefined
      ? startsWithoutTime
      : (bytes, lineStart, lineEnd, after) => time.read(bytes, lineStart, lineEnd, after) !== undefined;
  if (shape !== 'json') return startsByItself;
  return (bytes, lineStart, lineEnd, after) =>
    bytes[lineStart] === 0x7b || startsByItself(bytes, lineStart, lineEnd, after);
}

/** Whether a line of a log without times begins something: what is indented or only closes a bracket goes on. */
function startsWithoutTime(bytes: Buffer, start: number, end: number): boolean {
  const first = start < end ? bytes[start]! : 0x0a;
  if (first <= 0x20 || first === 0x7d || first === 0x29) return false;
  return first !== causedBy[0] || bytes.compare(causedBy, 0, causedBy.length, start, Math.min(end, start + 11)) !== 0;
}
