import type { CompiledPatterns } from '../pattern/compile-patterns.ts';
import type { ByteSink } from './byte-sink.ts';
import { createContextLines } from './context-lines.ts';
import { countLineFeeds } from './count-line-feeds.ts';
import type { GrepStyle } from './grep-style.ts';
import { createLineFormatter } from './line-formatter.ts';
import { createLineLimit } from './line-limit.ts';
import type { LogConsumer } from './log-consumer.ts';
import type { FoundBatch } from './search-options.ts';

/** Writes what was found as grep prints it. */
export interface GrepWriter extends LogConsumer {
  /** How many lines were found so far, at least: nobody counts them unless they are asked for. */
  found(): number;
}

export interface GrepWriterOptions {
  style: GrepStyle;
  /** What is marked in colour, and printed alone with -o. */
  patterns: CompiledPatterns | undefined;
  /** With --multiline it is events that -c counts. */
  countsEvents?: boolean;
  /** What a line becomes before it is printed, without its line feed. */
  rewrite?: (line: Buffer) => Buffer;
  sink: ByteSink;
}

export function createGrepWriter(options: GrepWriterOptions): GrepWriter {
  const { style, patterns, rewrite, sink, countsEvents = false } = options;
  const printsLines = !style.count && !style.filesWith && !style.filesWithout;
  const most = mostLines(style);
  // Of files that are not looked at grep says nothing, not even that there is 0 in them.
  const saysNothing = most === 0 && !style.filesWithout;
  const hasContext = printsLines && style.before + style.after > 0;
  const isPlain =
    most === Infinity &&
    !(style.onlyMatching || style.lineNumber || style.withFilename || style.color || hasContext || rewrite);
  const formatter = createLineFormatter({ style, patterns, rewrite, sink });
  const context = createContextLines(style, formatter.line);
  const limit = createLineLimit(most, countsEvents);
  let name = '';
  /** In the logs before this one. */
  let all = 0;

  function addPlain({ bytes, runs }: FoundBatch): void {
    for (let index = 0; index < runs.length; index += 2) {
      const [start, end] = [runs[index]!, runs[index + 1]!];
      sink.copy(bytes, start, end);
      if (bytes[end - 1] !== 0x0a) sink.text('\n');
    }
    if (runs.length > 0) limit.see();
  }

  /** Line by line; true when there were enough. */
  function addLines(batch: FoundBatch): boolean {
    const { bytes, firstLine } = batch;
    let counted = 0;
    let number = firstLine;
    const numberAt = (at: number): number => {
      if (!style.lineNumber) return 0;
      number += countLineFeeds(bytes, counted, at);
      counted = at;
      return number;
    };
    if (hasContext) context.enter(bytes, firstLine);
    const isOver = limit.visit(batch, (start, lineEnd) => {
      if (hasContext) context.match(start, lineEnd);
      else formatter.line(bytes, start, lineEnd, numberAt(start), 'match');
    });
    if (!isOver) {
      if (hasContext) context.leave(bytes.length);
      return false;
    }
    return hasContext ? context.finish(bytes.length) : true;
  }

  /** The lines behind the last one that was wanted. */
  function addRest({ bytes, firstLine }: FoundBatch): boolean {
    context.enter(bytes, firstLine);
    return context.finish(bytes.length);
  }

  return {
    begin(input) {
      ({ name } = input);
      limit.begin();
      formatter.begin(name);
      context.begin();
    },
    add(batch) {
      if (batch.isHidden === true) {
        limit.hide();
        return true;
      }
      if (!printsLines) {
        return limit.count(batch);
      }
      if (!isPlain) return limit.isOver() ? addRest(batch) : addLines(batch);
      addPlain(batch);
      return false;
    },
    end() {
      if (saysNothing) return;
      if (style.filesWith || style.filesWithout) {
        if (style.filesWith === limit.found() > 0) formatter.name(name);
      } else if (style.count) formatter.count(name, limit.found());
      all += limit.found();
    },
    found: () => all,
  };
}

/** How many lines of a file are wanted. Whether there is any is all that names of files need. */
export function mostLines({ filesWith, filesWithout, maxCount = Infinity }: GrepStyle): number {
  return filesWith || filesWithout ? Math.min(1, maxCount) : maxCount;
}
