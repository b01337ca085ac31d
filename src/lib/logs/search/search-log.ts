import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Environment } from '../../shell/find-program.ts';
import { formatMoment } from '../../time/format-moment.ts';
import type { Zone } from '../../time/zone.ts';
import { openChunks, sniffFile } from '../source/open-chunks.ts';
import type { SourceKind } from '../source/source-kind.ts';
import { type SourceEnd, sourceProblem, unreadable } from '../source/source-problem.ts';
import type { TimeFormatMaker } from '../time/parse-time-format.ts';
import { locateWindow } from '../window/locate-window.ts';
import { createOrderWatch } from '../window/order-watch.ts';
import { factsOfSample } from '../window/read-sample.ts';
import { countLineFeeds } from './count-line-feeds.ts';
import { createEventStart } from './event-start.ts';
import { eventBefore, lineFeedsBefore } from './lines-around.ts';
import type { LogInput } from './log-input.ts';
import { noTime } from './no-time.ts';
import { readBlocks, type Blocks } from './read-blocks.ts';
import { peekSample } from './peek-sample.ts';
import { searchBlocks, type Batch } from './search-blocks.ts';
import { asksForEvents, type LineFormat, type Selection } from './selection.ts';
import { widenWindow } from './widen-window.ts';

export interface SearchOptions {
  selection: Selection;
  /** Whether time and level of what is found will be asked for. */
  wantsFacts: boolean;
  /** Whether lines are numbered. */
  numbersLines: boolean;
  /** How many lines around those that are found will be asked for, also outside of a window. */
  context?: { before: number; after: number };
  /** The zone of times that name none. Opened at need, which costs some milliseconds. */
  zone(): Zone;
  /** The format of the times, where the user named it. */
  timeFormat?: TimeFormatMaker;
  env: Environment;
  signal: AbortSignal;
  /** Where the output goes, when that is a file: to search it would never end. */
  output?: { device: number; inode: number } | undefined;
  /** What people should know of a log: that it is not sorted, that a line is too long. */
  onNote(note: string): void;
}

/** A part of a log and what was found in it. */
export interface FoundBatch extends Batch {
  /** Number of the first line of `bytes`, from 1; 0 unless lines are numbered. */
  firstLine: number;
  format: LineFormat;
}

export type Found = AsyncGenerator<FoundBatch, SourceEnd, void>;

const untimed: LineFormat = { time: undefined, shape: 'text' };
const sampleBytes = 65_536;
/** How far the lines of several writers may be out of order. */
const toleranceMs = 2000;

/**
 * Searches one log. Never throws for what the log is: the value in the end tells what could not be read. A window on a
 * sorted plain file is read alone, whatever the size of the file.
 */
export async function* searchLog(input: LogInput, options: SearchOptions): Found {
  const { source, name } = input;
  if (source.kind === 'stream') return yield* searchStream(input, source.open(options.signal), options);
  if (source.kind === 'descriptor') return yield* searchFile(input, source.descriptor, options);
  let descriptor: number;
  try {
    descriptor = openSync(source.path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return { problems: [unreadable(name, error)] };
  }
  try {
    return yield* searchFile(input, descriptor, options);
  } finally {
    closeSync(descriptor);
  }
}

async function* searchFile(input: LogInput, descriptor: number, options: SearchOptions): Found {
  const { name } = input;
  const { env, signal, selection } = options;
  let stored: SourceKind;
  let size: number;
  try {
    stored = input.stored ?? sniffFile(descriptor);
    const stats = fstatSync(descriptor);
    ({ size } = stats);
    if (stats.ino === options.output?.inode && stats.dev === options.output.device && size > 0) {
      return { problems: [sourceProblem('unreadable', name, 'is where the output goes, and is left out')] };
    }
  } catch (error) {
    return { problems: [unreadable(name, error)] };
  }
  const open = (start: number | undefined, end: number | undefined) =>
    openChunks(descriptor, { signal, env, name, kind: stored, start, end });
  if (stored !== 'plain' && stored !== 'utf-8-bom' && stored !== 'empty') {
    return yield* searchStream(input, open(input.start, input.end), options);
  }
  const parts = { open, descriptor, name, options };
  const whole: Part = { start: input.start ?? 0, end: input.end };
  if (!asksForEvents(selection) && !options.wantsFacts) return yield* searchPart(parts, whole, untimed);

  const textStart = stored === 'utf-8-bom' ? 3 : 0;
  const head = readHead(descriptor, textStart);
  const facts = factsOfSample(head, contextOf(input, options), options.timeFormat);
  const format: LineFormat = { time: facts.format, shape: facts.shape };
  const start = Math.max(whole.start, textStart);
  // Who goes on reading in the middle of an event has to know how it began.
  const before = eventBefore(descriptor, start, textStart, createEventStart(selection, format));
  const all: Part = { ...whole, before };
  const { window } = selection;
  if (window === undefined) return yield* searchPart(parts, all, format);
  if (format.time === undefined) {
    return { kind: stored, problems: size > textStart ? [noTime(name, head)] : [] };
  }
  const end = input.end ?? size;
  const located = await locateWindow(descriptor, {
    name,
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
    return yield* searchPart(parts, all, format);
  }
  const range = widenWindow(located, { descriptor, start, end, before, format, ...options });
  let isSorted = true;
  const order = createOrderWatch(toleranceMs);
  const ended = yield* searchPart(parts, range, format, (timeMs) => {
    if (order.see(timeMs)) isSorted = false;
  });
  if (isSorted) return ended;
  options.onNote(`${name}: is not sorted by time: what lies before and behind the window is searched as well`);
  const earlier = yield* searchPart(parts, { ...all, end: range.start }, format);
  const later = yield* searchPart(parts, { start: range.end, end: input.end }, format);
  return { kind: stored, problems: [...ended.problems, ...earlier.problems, ...later.problems] };
}

interface Part {
  start: number;
  end: number | undefined;
  /** Lines before `start` that tell to which event the first ones behind it belong. */
  before?: Buffer;
}

interface Parts {
  open(start: number, end: number | undefined): AsyncGenerator<Buffer, SourceEnd, void>;
  descriptor: number;
  name: string;
  options: SearchOptions;
}

async function* searchPart(
  { open, descriptor, name, options }: Parts,
  { start, end, before }: Part,
  format: LineFormat,
  onTime?: (timeMs: number) => void,
): Found {
  if (end !== undefined && start >= end) return { problems: [] };
  const firstLine = options.numbersLines ? 1 + lineFeedsBefore(descriptor, start, name) : 0;
  const blocks = readBlocks(open(start, end), () => options.onNote(longLineNote(name)));
  return yield* numbered(blocks, { firstLine, start, before, format, options, onTime });
}

async function* searchStream(
  input: LogInput,
  chunks: AsyncGenerator<Buffer, SourceEnd, void>,
  options: SearchOptions,
): Found {
  const { selection } = options;
  const blocks = readBlocks(chunks, () => options.onNote(longLineNote(input.name)));
  const numbering = { firstLine: options.numbersLines ? 1 : 0, start: input.start ?? 0, options, onTime: undefined };
  if (!asksForEvents(selection) && !options.wantsFacts) {
    return yield* numbered(blocks, { ...numbering, format: untimed });
  }
  const isEnough = (head: Buffer) =>
    factsOfSample(head, contextOf(input, options), options.timeFormat).format !== undefined ||
    selection.window === undefined;
  const { head, blocks: all } = await peekSample(blocks, sampleBytes, isEnough);
  const facts = factsOfSample(head, contextOf(input, options), options.timeFormat);
  if (selection.window !== undefined && facts.format === undefined && head.length > 0) {
    await all.return({ problems: [] });
    return { problems: [noTime(input.name, head)] };
  }
  return yield* numbered(all, { ...numbering, format: { time: facts.format, shape: facts.shape } });
}

interface Numbering {
  firstLine: number;
  /** Byte of the log at which the blocks begin. */
  start: number;
  before?: Buffer | undefined;
  format: LineFormat;
  options: SearchOptions;
  onTime: ((timeMs: number) => void) | undefined;
}

async function* numbered(blocks: Blocks, { firstLine, start, before, format, options, onTime }: Numbering): Found {
  const found = searchBlocks(blocks, options.selection, format, {
    tracks: options.wantsFacts || asksForEvents(options.selection),
    onTime,
    before,
  });
  let line = firstLine;
  try {
    for (;;) {
      const next = await found.next();
      if (next.done === true) return next.value;
      const batch = next.value;
      yield { ...batch, offset: start + batch.offset, firstLine: line, format };
      if (options.numbersLines) line += countLineFeeds(batch.bytes, 0, batch.bytes.length);
    }
  } finally {
    await found.return({ problems: [] });
  }
}

function contextOf({ modifiedSeconds }: LogInput, { zone }: SearchOptions) {
  return { zone: zone(), modifiedSeconds };
}

/** What cannot be read is told by the reading of the rest. */
function readHead(descriptor: number, start: number): Buffer {
  const head = Buffer.alloc(sampleBytes);
  try {
    return head.subarray(0, readSync(descriptor, head, 0, head.length, start));
  } catch {
    return head.subarray(0, 0);
  }
}

function longLineNote(name: string): string {
  return `${name}: has a line of more than 64 MiB, which is searched in pieces`;
}
