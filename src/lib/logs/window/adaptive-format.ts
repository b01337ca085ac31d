import { detectTimeFormat } from '../time/detect-time-format.ts';
import type { TimeContext, TimeFormat } from '../time/time-format.ts';

/** A log in which more programs than these write is no log of theirs. */
const mostFormats = 4;
/** Of lines whose beginning looks like a time, and of others: a look at one costs as much as reading a thousand times. */
const mostAttempts = { likely: 10_000, unlikely: 32 };
/** Where the time of a line stands that begins a record: quotes of times further behind are left alone. */
const headBytes = 96;

/**
 * A format that learns: what one program writes changes with its next version, and a container's output is that of
 * several. A line that cannot be read, and does not look as if it went on with another, is looked at for a time of any
 * other kind at its beginning.
 */
export function adaptiveFormat(first: TimeFormat, context: TimeContext): TimeFormat {
  const formats = [first];
  const attempts = { likely: 0, unlikely: 0 };

  function learn(bytes: Buffer, start: number, end: number): TimeFormat | undefined {
    if (formats.length >= mostFormats || !mayBegin(bytes, start, end)) return undefined;
    const kind = looksTimed(bytes, start) ? 'likely' : 'unlikely';
    if (attempts[kind]++ >= mostAttempts[kind]) return undefined;
    const isJson = bytes[start] === 0x7b;
    const line = Buffer.from(bytes.subarray(start, isJson ? end : Math.min(end, start + headBytes)));
    const format = detectTimeFormat([line], context);
    if (format?.read(line, 0, line.length) === undefined) return undefined;
    formats.push(format);
    return format;
  }

  return {
    name: first.name,
    read(bytes, start, end, after) {
      for (let index = 0; index < formats.length; index++) {
        const time = formats[index]!.read(bytes, start, end, after);
        if (time !== undefined) return time;
      }
      return learn(bytes, start, end)?.read(bytes, start, end, after);
    },
  };
}

/** A digit, a bracket, JSON, a priority of syslog, the name of a month, or the letter of klog before its digits. */
function looksTimed(bytes: Buffer, start: number): boolean {
  const [first, second] = [bytes[start]!, bytes[start + 1]!];
  if ((first >= 0x30 && first <= 0x39) || first === 0x7b || first === 0x5b || first === 0x3c) return true;
  if (first < 0x41 || first > 0x5a) return false;
  return (second >= 0x30 && second <= 0x39) || bytes[start + 3] === 0x20;
}

const causedBy = Buffer.from('Caused by: ');

/** What is indented, only closes a bracket, or tells a cause goes on with the line before. */
function mayBegin(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < 8) return false;
  const first = bytes[start]!;
  if (first <= 0x20 || first === 0x7d || first === 0x29) return false;
  return first !== causedBy[0] || bytes.compare(causedBy, 0, causedBy.length, start, Math.min(end, start + 11)) !== 0;
}
