import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { openChunks, sniffFile } from '../source/open-chunks.ts';
import type { SourceKind } from '../source/source-kind.ts';
import { type SourceEnd, sourceProblem, unreadable } from '../source/source-problem.ts';
import type { LogInput } from './log-input.ts';
import type { Found, SearchOptions } from './search-options.ts';
import { searchLines, searchPart, wholeLines } from './search-parts.ts';
import { asksForEvents, type LineFormat } from './selection.ts';

const untimed: LineFormat = { time: undefined, shape: 'text' };

/**
 * Searches one log. Never throws for what the log is: the value in the end tells what could not be read. What knows of
 * times, levels and fields is loaded only for those who ask for them.
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
  const { env, signal } = options;
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
  // Files of /proc have no size and are not empty.
  if ((stored !== 'plain' && stored !== 'utf-8-bom' && stored !== 'empty') || (size === 0 && stored !== 'empty')) {
    return yield* searchStream(input, open(input.start, input.end), options);
  }
  const file = { open, descriptor, name, options };
  if (!knowsEvents(options)) return yield* searchPart(file, { start: input.start ?? 0, end: input.end }, untimed);
  const { searchFileByEvents } = await import('./search-events.ts');
  return yield* searchFileByEvents(file, input, { stored, size });
}

async function* searchStream(
  input: LogInput,
  chunks: AsyncGenerator<Buffer, SourceEnd, void>,
  options: SearchOptions,
): Found {
  if (knowsEvents(options)) {
    const { searchStreamByEvents } = await import('./search-events.ts');
    return yield* searchStreamByEvents(input, chunks, options);
  }
  const firstLine = options.numbersLines ? 1 : 0;
  const blocks = wholeLines(chunks, input.name, options);
  return yield* searchLines(blocks, { firstLine, start: input.start ?? 0, format: untimed, options });
}

function knowsEvents({ selection, wantsFacts }: SearchOptions): boolean {
  return wantsFacts || asksForEvents(selection);
}
