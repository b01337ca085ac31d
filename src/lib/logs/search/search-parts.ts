import type { SourceEnd } from '../source/source-problem.ts';
import { printable } from '../../text/printable.ts';
import { slowestPattern } from '../pattern/slowest-pattern.ts';
import { countLineFeeds } from './count-line-feeds.ts';
import { lineFeedsBefore } from './lines-around.ts';
import { createPace } from './pace.ts';
import { readBlocks, type Blocks } from './read-blocks.ts';
import { searchBlocks } from './search-blocks.ts';
import type { Found, SearchOptions } from './search-options.ts';
import { asksForEvents, type LineFormat } from './selection.ts';

/** A stretch of a plain file. */
export interface Part {
  start: number;
  end: number | undefined;
  /** Lines before `start` that tell to which event the first ones behind it belong. */
  before?: Buffer;
}

/** A plain file that is searched part by part. */
export interface PlainFile {
  open(start: number, end: number | undefined): AsyncGenerator<Buffer, SourceEnd, void>;
  descriptor: number;
  name: string;
  options: SearchOptions;
}

export async function* searchPart(
  { open, descriptor, name, options }: PlainFile,
  { start, end, before }: Part,
  format: LineFormat,
  onTime?: (timeMs: number) => void,
): Found {
  if (end !== undefined && start >= end) return { problems: [] };
  const firstLine = options.numbersLines ? 1 + lineFeedsBefore(descriptor, start, name) : 0;
  const blocks = wholeLines(open(start, end), name, options);
  return yield* searchLines(blocks, { firstLine, start, before, format, options, onTime });
}

/** The lines of a log, those that are too long in pieces. */
export function wholeLines(
  chunks: AsyncGenerator<Buffer, SourceEnd, void>,
  name: string,
  { onNote }: SearchOptions,
): Blocks {
  return readBlocks(chunks, () => onNote(`${name}: has a line of more than 64 MiB, which is searched in pieces`));
}

export interface LinesOptions {
  /** Number of the first line; 0 unless lines are numbered. */
  firstLine: number;
  /** Byte of the log at which the blocks begin. */
  start: number;
  before?: Buffer | undefined;
  format: LineFormat;
  options: SearchOptions;
  onTime?: ((timeMs: number) => void) | undefined;
}

export async function* searchLines(
  blocks: Blocks,
  { firstLine, start, before, format, options, onTime }: LinesOptions,
): Found {
  const found = searchBlocks(blocks, options.selection, format, {
    tracks: options.wantsFacts || asksForEvents(options.selection),
    onTime,
    before,
    pace: createPace(
      () => Date.now(),
      (piece, rate) => tellSlow(piece, rate, options),
    ),
    signal: options.signal,
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

/** The watchdog: which of the patterns it is that takes so long. */
function tellSlow(piece: Buffer, rate: number, { selection, onNote }: SearchOptions): void {
  const texts = selection.patterns?.texts ?? [];
  const slowest = texts.length > 1 ? slowestPattern(texts, {}, piece, () => Date.now() / 1000) : texts[0];
  if (slowest === undefined) return;
  const shown = printable(slowest.length > 80 ? `${slowest.slice(0, 80)}...` : slowest);
  onNote(`the pattern '${shown}' is slow to search for: ${Math.ceil(rate / 1024)} KiB a second`);
}
