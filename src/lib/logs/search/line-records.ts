import { formatMoment } from '../../time/format-moment.ts';
import type { Zone } from '../../time/zone.ts';
import type { LogCount, LogLine } from '../log-records.ts';
import type { CompiledPatterns } from '../pattern/compile-patterns.ts';
import { createContextLines, type LineKind } from './context-lines.ts';
import type { GrepStyle } from './grep-style.ts';
import { mostLines } from './grep-writer.ts';
import { matchesOfLine } from './matches-of-line.ts';
import { createLineLimit } from './line-limit.ts';
import type { LogConsumer } from './log-consumer.ts';
import type { FoundBatch } from './search-options.ts';

export interface LineRecordOptions {
  style: GrepStyle;
  patterns: CompiledPatterns | undefined;
  rewrite?: ((line: Buffer) => Buffer) | undefined;
  zone(): Zone;
  /** With --multiline it is events that -c and -m count. */
  countsEvents: boolean;
}

/** Makes records of what was found; `take` hands over those that are made so far. */
export function createLineRecords(options: LineRecordOptions): LogConsumer & {
  take(): (LogLine | LogCount)[];
  found(): number;
} {
  const { style, patterns, rewrite, zone, countsEvents } = options;
  const { invert, lineNumber } = style;
  const onlyMatching = style.onlyMatching && patterns !== undefined;
  const counts = style.count || style.filesWith || style.filesWithout;
  const most = mostLines(style);
  let records: (LogLine | LogCount)[] = [];
  let source = '';
  const limit = createLineLimit(most, countsEvents);
  /** Whether what is found in this log is not part of `all` yet. */
  let isOpen = false;
  let all = 0;
  let batch: FoundBatch | undefined;

  const print = Object.assign(
    (bytes: Buffer, start: number, end: number, number: number, kind: LineKind) => {
      // With -v it is the lines around the found ones that the patterns match.
      if (onlyMatching && (kind === 'match') === invert) return;
      const lineEnd = end > start && bytes[end - 1] === 0x0d ? end - 1 : end;
      const facts = kind === 'match' ? batch?.events.at(start) : undefined;
      const level = facts?.level();
      const line = rewrite === undefined ? bytes : rewrite(bytes.subarray(start, lineEnd));
      const [from, to] = rewrite === undefined ? [start, lineEnd] : [0, line.length];
      const make = (textStart: number, textEnd: number): void => {
        records.push({
          schema: 'devops.logs-grep/1',
          kind: 'line',
          source,
          match: kind === 'match',
          ...(lineNumber ? { line_number: number } : {}),
          ...(facts?.timeMs === undefined ? {} : { time: formatMoment(facts.timeMs / 1000, zone()) }),
          ...(level === undefined ? {} : { level }),
          text: line.toString('utf8', textStart, textEnd),
        });
      };
      if (!onlyMatching) return make(from, to);
      for (const match of matchesOfLine(patterns, line, from, to)) make(match.start, match.end);
    },
    { separator: () => {} },
  );
  const context = createContextLines(style, print);

  return {
    begin(input) {
      source = input.name;
      limit.begin();
      isOpen = true;
      context.begin();
    },
    add(next) {
      if (next.isHidden === true) {
        limit.hide();
        return true;
      }
      batch = next;
      const { bytes, firstLine } = next;
      context.enter(bytes, firstLine);
      const isOver = limit.visit(next, (start, lineEnd) => {
        if (!counts) context.match(start, lineEnd);
      });
      if (isOver) return counts || context.finish(bytes.length);
      if (!counts) context.leave(bytes.length);
      return false;
    },
    end() {
      const found = limit.found();
      isOpen = false;
      all += found;
      if (most === 0 && !style.filesWithout) return;
      const isListed = style.filesWith ? found > 0 : !style.filesWithout || found === 0;
      if (counts && isListed) records.push({ schema: 'devops.logs-grep/1', kind: 'count', source, count: found });
    },
    take() {
      const made = records;
      records = [];
      return made;
    },
    found: () => all + (isOpen ? limit.found() : 0),
  };
}
