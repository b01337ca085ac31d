import { closeSync, constants, openSync } from 'node:fs';
import { streamProgram } from '../../shell/stream-program.ts';
import { readAt } from '../cursor/stored-file.ts';
import type { CompiledPatterns } from '../pattern/compile-patterns.ts';
import { ripgrepArguments } from '../ripgrep/ripgrep-arguments.ts';
import { ripgrepProblems } from '../ripgrep/ripgrep-problems.ts';
import { lineEndAt } from '../pattern/line-bounds.ts';
import { createLineSplitter } from '../source/split-lines.ts';
import { type SourceEnd, unreadable } from '../source/source-problem.ts';
import { factsOfSample, sampleBytes } from '../window/read-sample.ts';
import { createEventTracker } from './event-tracker.ts';
import { plainLines } from './grep-style.ts';
import type { LogInput } from './log-input.ts';
import { createLoneEvents } from './lone-events.ts';
import { longestLine } from './read-blocks.ts';
import { createOffsetLines, type OffsetLines } from './offset-lines.ts';
import type { Found, FoundBatch, SearchOptions } from './search-options.ts';
import type { LineFormat } from './selection.ts';

/**
 * The lines of a plain file that ripgrep finds, to be looked at more closely by us. Their events are told as if the
 * file had been read: the time of a line that has none is looked for before it, by its place.
 */
export async function* searchByRipgrep(
  input: LogInput & { source: { kind: 'file' } },
  patterns: CompiledPatterns,
  program: string,
  options: SearchOptions,
): Found {
  const { path } = input.source;
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return { problems: [unreadable(input.name, error)] };
  }
  try {
    const head = readAt(descriptor, 0, sampleBytes);
    const context = { zone: options.zone(), modifiedSeconds: input.modifiedSeconds };
    const facts = factsOfSample(head, context, options.timeFormat);
    const format: LineFormat = { time: facts.format, shape: facts.shape };
    const bytes = head.subarray(0, head.lastIndexOf(0x0a) + 1);
    const events = createEventTracker(options.selection, format);
    // When the log begins is not told by what was found in it.
    yield { bytes, offset: 0, runs: [], events, firstLine: 0, format };
    const find = (more: readonly string[]): Lines => {
      const { args, input: patternLines } = ripgrepArguments(patterns, plainLines);
      return streamProgram({
        argv: [program, ...args.slice(0, -1), ...more, '--', path],
        env: options.env,
        signal: options.signal,
        ...(patternLines === undefined ? {} : { input: once(patternLines) }),
      });
    };
    const batches = { format, options };
    // Only where lines go on with others have their places to be known, which costs ripgrep half as much again.
    const alone: SourceEnd | Stopped = facts.hasContinuations ? { lines: 0 } : yield* linesAlone(find([]), batches);
    if (!('lines' in alone)) return alone;
    const places = createOffsetLines(descriptor, format);
    return yield* linesByPlace(find(['--byte-offset']), { ...batches, places, passOver: alone.lines });
  } finally {
    closeSync(descriptor);
  }
}

type Lines = ReturnType<typeof streamProgram>;

/** How many lines came before one that goes on with another. */
interface Stopped {
  lines: number;
}

interface Batches {
  format: LineFormat;
  options: SearchOptions;
}

/** Lines that each begin an event, up to the first one that does not: nobody knows by itself what it goes on with. */
async function* linesAlone(
  lines: Lines,
  { format, options: { signal } }: Batches,
): AsyncGenerator<FoundBatch, SourceEnd | Stopped, void> {
  const events = createLoneEvents(format);
  const end = yield* blocksOf(lines, signal, function* (bytes) {
    const length = events.take(bytes);
    const whole = bytes.subarray(0, length);
    if (length > 0) yield { bytes: whole, offset: 0, runs: [0, length], events, firstLine: 0, format };
    return length < bytes.length;
  });
  return end ?? { lines: events.count() };
}

/** Lines that begin with their offset in the file, but for those that are passed over. */
async function* linesByPlace(
  lines: Lines,
  { format, options, places, passOver }: Batches & { places: OffsetLines; passOver: number },
): Found {
  let left = passOver;
  const end = yield* blocksOf(lines, options.signal, function* (block) {
    let start = 0;
    for (; left > 0 && start < block.length; left--) start = lineEndAt(block, start, block.length) + 1;
    if (start >= block.length) return false;
    const bytes = block.subarray(start);
    yield { bytes, offset: 0, runs: places.take(bytes), events: places, firstLine: 0, format };
    return false;
  });
  return end ?? { problems: [] };
}

/** Makes batches of what ripgrep prints, block by block; undefined when one of them was enough. */
async function* blocksOf(
  lines: Lines,
  signal: AbortSignal,
  batchesOf: (bytes: Buffer) => Generator<FoundBatch, boolean, void>,
): AsyncGenerator<FoundBatch, SourceEnd | undefined, void> {
  const splitter = createLineSplitter({ longestLine });
  try {
    for (;;) {
      const next = await lines.next();
      if (next.done === true) {
        signal.throwIfAborted();
        return { kind: 'plain', problems: ripgrepProblems(next.value.stderr, next.value.end) };
      }
      for (const { bytes, startsLine } of splitter.push(next.value)) {
        // What a line of more than 64 MiB is about is told by its first piece.
        const whole = startsLine ? bytes : bytes.subarray(lineEndAt(bytes, 0, bytes.length) + 1);
        if (yield* batchesOf(whole)) return undefined;
      }
    }
  } finally {
    await lines.return({ end: { kind: 'aborted' }, stderr: '' });
  }
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
