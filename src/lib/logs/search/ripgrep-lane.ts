import { closeSync, constants, openSync, readSync } from 'node:fs';
import { streamProgram } from '../../shell/stream-program.ts';
import type { CompiledPatterns } from '../pattern/compile-patterns.ts';
import { ripgrepArguments } from '../ripgrep/ripgrep-arguments.ts';
import { ripgrepProblems } from '../ripgrep/ripgrep-problems.ts';
import { createLineSplitter } from '../source/split-lines.ts';
import { type SourceEnd, unreadable } from '../source/source-problem.ts';
import { factsOfSample } from '../window/read-sample.ts';
import { createEventTracker } from './event-tracker.ts';
import type { GrepStyle } from './grep-style.ts';
import type { LogInput } from './log-input.ts';
import { longestLine } from './read-blocks.ts';
import { createOffsetLines } from './offset-lines.ts';
import type { Found, SearchOptions } from './search-log.ts';
import type { LineFormat } from './selection.ts';

const sampleBytes = 65_536;

/** Lines and nothing but lines. */
export const plainLines: GrepStyle = {
  invert: false,
  count: false,
  filesWith: false,
  filesWithout: false,
  onlyMatching: false,
  lineNumber: false,
  maxCount: undefined,
  before: 0,
  after: 0,
  withFilename: false,
  color: false,
};

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
    const head = Buffer.alloc(sampleBytes);
    const count = readSync(descriptor, head, 0, head.length, 0);
    const context = { zone: options.zone(), modifiedSeconds: input.modifiedSeconds };
    const facts = factsOfSample(head.subarray(0, count), context, options.timeFormat);
    const format: LineFormat = { time: facts.format, shape: facts.shape };
    // Only where lines go on with others have their places to be known, which costs ripgrep half as much again.
    const places = facts.hasContinuations ? createOffsetLines(descriptor, format) : undefined;
    const { args, input: patternLines } = ripgrepArguments(patterns, plainLines);
    const lines = streamProgram({
      argv: [program, ...args.slice(0, -1), ...(places === undefined ? [] : ['--byte-offset']), '--', path],
      env: options.env,
      signal: options.signal,
      ...(patternLines === undefined ? {} : { input: once(patternLines) }),
    });
    const bytes = head.subarray(0, head.lastIndexOf(0x0a, count - 1) + 1);
    // When the log begins is not told by what was found in it.
    const events = createEventTracker(options.selection, format);
    yield { bytes, offset: 0, runs: [], events, firstLine: 0, format };
    return yield* batchesOf(lines, format, places, options);
  } finally {
    closeSync(descriptor);
  }
}

async function* batchesOf(
  lines: ReturnType<typeof streamProgram>,
  format: LineFormat,
  places: ReturnType<typeof createOffsetLines> | undefined,
  { selection, signal }: SearchOptions,
): Found {
  const splitter = createLineSplitter({ longestLine });
  const tracker = createEventTracker(selection, format);
  try {
    for (;;) {
      const next = await lines.next();
      if (next.done === true) {
        signal.throwIfAborted();
        return { kind: 'plain', problems: ripgrepProblems(next.value.stderr, next.value.end) } satisfies SourceEnd;
      }
      for (const block of splitter.push(next.value)) {
        const bytes = places === undefined ? block.bytes : places.enter(block.bytes);
        const events = places ?? tracker;
        if (places === undefined) tracker.enter(bytes);
        yield { bytes, offset: 0, runs: [0, bytes.length], events, firstLine: 0, format };
      }
    }
  } finally {
    await lines.return({ end: { kind: 'aborted' }, stderr: '' });
  }
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
