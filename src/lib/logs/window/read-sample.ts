import { detectShape, type Shape } from '../fields/shape.ts';
import { adaptiveFormat } from './adaptive-format.ts';
import { detectTimeFormat } from '../time/detect-time-format.ts';
import type { TimeFormatMaker } from '../time/parse-time-format.ts';
import { visitLines, type LineVisitor } from '../time/sample-lines.ts';
import type { TimeContext, TimeFormat } from '../time/time-format.ts';

/** What the beginning of a log says about the whole. */
export interface LogSampleFacts {
  /** The first 64 KiB at most, decoded. */
  head: Buffer;
  /** Undefined when no time could be read; one that the user named is always here. */
  format: TimeFormat | undefined;
  shape: Shape;
  /** Whether some line behind the first one with a time has none. Found out when it is asked for. */
  readonly hasContinuations: boolean;
  /** The first time, in milliseconds since 1970; absent when no line has one. */
  firstMs?: number;
  /** Only where that time is local and the clocks showed it twice: the later of both, of which `firstMs` is the earlier. */
  firstLatestMs?: number;
}

/** How much of the beginning of a log tells about the whole. */
export const sampleBytes = 65_536;
/** Lines after which the shape is certain. */
const shapeLines = 20;

/** The lines that are whole, or the beginning of the only one. */
function wholeLines(head: Buffer): Buffer {
  const last = head.lastIndexOf(10);
  return last === -1 ? head : head.subarray(0, last + 1);
}

function firstLines(sample: Buffer): string[] {
  const lines: string[] = [];
  visitLines(sample, (_, start, end) => lines.push(sample.toString('utf8', start, end)) < shapeLines);
  return lines;
}

function firstTime(sample: Buffer, format: TimeFormat): Pick<LogSampleFacts, 'firstMs' | 'firstLatestMs'> {
  const times: Pick<LogSampleFacts, 'firstMs' | 'firstLatestMs'> = {};
  const readTime: LineVisitor = (_, start, end) => {
    const time = format.read(sample, start, end);
    if (time === undefined) return true;
    times.firstMs = time;
    const latest = format.read(sample, start, end, Infinity);
    if (latest !== undefined && latest !== time) times.firstLatestMs = latest;
    return false;
  };
  visitLines(sample, readTime, Infinity);
  return times;
}

function findContinuation(sample: Buffer, format: TimeFormat): boolean {
  let hasTime = false;
  let found = false;
  const compare: LineVisitor = (_, start, end) => {
    if (format.read(sample, start, end) !== undefined) hasTime = true;
    else found = hasTime;
    return !found;
  };
  visitLines(sample, compare, Infinity);
  return found;
}

/**
 * What the first 64 KiB of a log say. A last line that is not whole is left out unless it is the only one. `maker`: a
 * format that the user named (parse-time-format.ts), else it is found. The bytes may not change afterwards.
 */
export function factsOfSample(bytes: Buffer, context: TimeContext, maker?: TimeFormatMaker): LogSampleFacts {
  const head = bytes.subarray(0, sampleBytes);
  const sample = wholeLines(head);
  const found = maker === undefined ? detectTimeFormat(sample, context) : maker(context, sample);
  const format = found === undefined || maker !== undefined ? found : adaptiveFormat(found, context);
  let continuations: boolean | undefined;
  return {
    head,
    format,
    shape: detectShape(firstLines(sample)),
    ...(format === undefined ? {} : firstTime(sample, format)),
    // Hundreds of lines are read for it, some milliseconds in a process that has just begun.
    get hasContinuations() {
      continuations ??= format !== undefined && findContinuation(sample, format);
      return continuations;
    },
  };
}
