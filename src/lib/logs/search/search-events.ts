import { formatMoment } from '../../time/format-moment.ts';
import { readAt } from '../cursor/stored-file.ts';
import type { SourceKind } from '../source/source-kind.ts';
import { type SourceEnd, unreadable } from '../source/source-problem.ts';
import { locateWindow } from '../window/locate-window.ts';
import { createOrderWatch } from '../window/order-watch.ts';
import { factsOfSample, sampleBytes } from '../window/read-sample.ts';
import { createEventStart } from './event-start.ts';
import { eventBefore } from './lines-around.ts';
import type { LogInput } from './log-input.ts';
import { noTime } from './no-time.ts';
import { peekSample } from './peek-sample.ts';
import type { Found, SearchOptions } from './search-options.ts';
import { type Part, type PlainFile, searchLines, searchPart, wholeLines } from './search-parts.ts';
import type { LineFormat } from './selection.ts';
import { widenWindow } from './widen-window.ts';

/** How far the lines of several writers may be out of order. */
const toleranceMs = 2000;

/** Searches a plain file by the times and levels of its events; a window alone, whatever the size of the file. */
export async function* searchFileByEvents(
  file: PlainFile,
  input: LogInput,
  { stored, size }: { stored: SourceKind; size: number },
): Found {
  const { descriptor, name, options } = file;
  const { signal, selection } = options;
  const whole: Part = { start: input.start ?? 0, end: input.end };
  const textStart = stored === 'utf-8-bom' ? 3 : 0;
  const head = readHead(descriptor, textStart);
  const facts = factsOfSample(
    head,
    { zone: options.zone(), modifiedSeconds: input.modifiedSeconds },
    options.timeFormat,
  );
  const format: LineFormat = { time: facts.format, shape: facts.shape };
  const start = Math.max(whole.start, textStart);
  // Who goes on reading in the middle of an event has to know how it began.
  let before: Buffer;
  try {
    before = eventBefore(descriptor, start, textStart, createEventStart(selection, format));
  } catch (error) {
    return { problems: [unreadable(name, error)] };
  }
  const all: Part = { ...whole, before };
  const { window } = selection;
  if (window === undefined) return yield* searchPart(file, all, format);
  // A format that the user named may not be that of this log.
  if (format.time === undefined || facts.firstMs === undefined) {
    return { kind: stored, problems: size > textStart ? [noTime(name, head)] : [] };
  }
  const end = input.end ?? size;
  const located = await locateWindow(descriptor, {
    size: end,
    start,
    format: format.time,
    window,
    toleranceMs,
    signal,
  });
  if (located.kind !== 'range') {
    if (located.kind === 'unsorted') {
      const moment = (ms: number) => formatMoment(ms / 1000, options.zone());
      const where = `${moment(located.thenMs)} at byte ${located.at} after ${moment(located.beforeMs)}`;
      options.onNote(`${name}: is not sorted by time (${where}): all of it is searched`);
    }
    return yield* searchPart(file, all, format);
  }
  let range: ReturnType<typeof widenWindow>;
  try {
    range = widenWindow(located, { descriptor, start, end, before, format, ...options });
  } catch (error) {
    return { problems: [unreadable(name, error)] };
  }
  let isSorted = true;
  const order = createOrderWatch(toleranceMs);
  const ended = yield* searchPart(file, range, format, (timeMs) => {
    if (order.see(timeMs)) isSorted = false;
  });
  if (isSorted) return ended;
  options.onNote(`${name}: is not sorted by time: what lies before and behind the window is searched as well`);
  const earlier = yield* searchPart(file, { ...all, end: range.start }, format);
  const later = yield* searchPart(file, { start: range.end, end: input.end }, format);
  return { kind: stored, problems: [...ended.problems, ...earlier.problems, ...later.problems] };
}

/** The same for what can only be read from end to end. */
export async function* searchStreamByEvents(
  input: LogInput,
  chunks: AsyncGenerator<Buffer, SourceEnd, void>,
  options: SearchOptions,
): Found {
  const { selection } = options;
  const context = { zone: options.zone(), modifiedSeconds: input.modifiedSeconds };
  const read = (head: Buffer) => factsOfSample(head, context, options.timeFormat);
  const isEnough = (head: Buffer) => selection.window === undefined || read(head).firstMs !== undefined;
  const { head, blocks } = await peekSample(wholeLines(chunks, input.name, options), sampleBytes, isEnough);
  const facts = read(head);
  if (selection.window !== undefined && facts.firstMs === undefined && head.length > 0) {
    await blocks.return({ problems: [] });
    return { problems: [noTime(input.name, head)] };
  }
  const format: LineFormat = { time: facts.format, shape: facts.shape };
  return yield* searchLines(blocks, {
    firstLine: options.numbersLines ? 1 : 0,
    start: input.start ?? 0,
    format,
    options,
  });
}

/** What cannot be read is told by the reading of the rest. */
function readHead(descriptor: number, start: number): Buffer {
  try {
    return readAt(descriptor, start, sampleBytes);
  } catch {
    return Buffer.alloc(0);
  }
}
