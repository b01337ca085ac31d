import type { CompiledPatterns } from '../pattern/compile-patterns.ts';
import { lineEndAt } from '../pattern/line-bounds.ts';
import type { ByteSink } from './byte-sink.ts';
import { createContextLines } from './context-lines.ts';
import { countLineFeeds } from './count-line-feeds.ts';
import type { GrepStyle } from './grep-style.ts';
import { createLineFormatter } from './line-formatter.ts';
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
  /** What a line becomes before it is printed, without its line feed. */
  rewrite?: (line: Buffer) => Buffer;
  sink: ByteSink;
}

export function createGrepWriter({ style, patterns, rewrite, sink }: GrepWriterOptions): GrepWriter {
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
  let name = '';
  /** In this log, and in those before. */
  let found = 0;
  let all = 0;

  function addPlain({ bytes, runs }: FoundBatch): void {
    for (let index = 0; index < runs.length; index += 2) {
      const [start, end] = [runs[index]!, runs[index + 1]!];
      sink.copy(bytes, start, end);
      if (bytes[end - 1] !== 0x0a) sink.text('\n');
    }
  }

  /** Line by line; true when there were enough. */
  function addLines({ bytes, runs, firstLine }: FoundBatch): boolean {
    let counted = 0;
    let number = firstLine;
    const numberAt = (at: number): number => {
      if (!style.lineNumber) return 0;
      number += countLineFeeds(bytes, counted, at);
      counted = at;
      return number;
    };
    if (hasContext) context.enter(bytes, firstLine);
    for (let index = 0; index < runs.length && found < most; index += 2) {
      const end = runs[index + 1]!;
      for (let start = runs[index]!; start < end && found < most;) {
        const lineEnd = lineEndAt(bytes, start, end);
        found++;
        if (hasContext) context.match(start, lineEnd);
        else formatter.line(bytes, start, lineEnd, numberAt(start), 'match');
        start = lineEnd + 1;
      }
    }
    if (found < most) {
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
      found = 0;
      formatter.begin(name);
      context.begin();
    },
    add(batch) {
      if (batch.isHidden === true) {
        found = Math.max(found, Math.min(1, most));
        return true;
      }
      if (!printsLines) {
        if (batch.lines !== undefined) found += batch.lines;
        else
          for (let index = 0; index < batch.runs.length && found < most; index += 2) {
            found += countLines(batch.bytes, batch.runs[index]!, batch.runs[index + 1]!);
          }
        found = Math.min(found, most);
        return found >= most;
      }
      if (!isPlain) return found >= most ? addRest(batch) : addLines(batch);
      addPlain(batch);
      found += batch.runs.length / 2;
      return false;
    },
    end() {
      if (saysNothing) return;
      if (style.filesWith || style.filesWithout) {
        if (style.filesWith === found > 0) formatter.name(name);
      } else if (style.count) formatter.count(name, found);
      all += found;
    },
    found: () => all,
  };
}

/** How many lines of a file are wanted. Whether there is any is all that names of files need. */
export function mostLines({ filesWith, filesWithout, maxCount = Infinity }: GrepStyle): number {
  return filesWith || filesWithout ? Math.min(1, maxCount) : maxCount;
}

function countLines(bytes: Buffer, start: number, end: number): number {
  return countLineFeeds(bytes, start, end) + (bytes[end - 1] === 0x0a ? 0 : 1);
}
