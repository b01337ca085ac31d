import type { CompiledPatterns } from '../pattern/compile-patterns.ts';
import { lineEndAt, lineStartAt } from '../pattern/line-bounds.ts';
import type { EventTracker } from './event-tracker.ts';
import type { Selection } from './selection.ts';

/** Stretches of whole lines, start and end in turn, ascending and apart. An end is behind the line feed, if there is one. */
export type Runs = number[];

export interface Selected {
  runs: Runs;
  /** How many lines they have, where that is known without counting. */
  lines?: number;
}

/**
 * Finds the wanted lines of a block of whole lines; with `multiline` of whole events. Lines are looked for by their
 * bytes first, at a GiB a second and more, and only those that match are asked for their time, level and fields.
 * `required`: texts of which the first line of every wanted event has one (requiredByWhere).
 */
export function createRunSelector(
  selection: Selection,
  required?: CompiledPatterns,
): (bytes: Buffer, events: EventTracker) => Selected {
  const { patterns, invert, multiline } = selection;
  const fields = selection.levels !== undefined || selection.where !== undefined || selection.window !== undefined;
  const literals = patterns === undefined && !invert && !multiline ? required : undefined;
  return (bytes, events) => {
    if (literals !== undefined) return { runs: eventsWith(literals, bytes, events) };
    const matching = patterns === undefined ? { runs: [0, bytes.length] } : matchingLines(patterns, bytes);
    if (!multiline && !invert && !fields) return matching;
    let { runs } = matching;
    if (multiline) {
      if (patterns !== undefined) runs = wholeEvents(runs, bytes, events);
      if (invert) runs = complement(runs, bytes.length);
    } else if (invert) runs = complement(runs, bytes.length);
    return { runs: fields ? passing(runs, bytes, events) : runs };
  };
}

function matchingLines(patterns: CompiledPatterns, bytes: Buffer): Selected {
  const runs: Runs = [];
  let lines = 0;
  patterns.scan(bytes, 0, bytes.length, (lineStart, lineEnd) => {
    add(runs, lineStart, Math.min(lineEnd + 1, bytes.length));
    lines++;
  });
  return { runs, lines };
}

function add(runs: Runs, start: number, end: number): void {
  if (runs.length > 0 && runs[runs.length - 1] === start) runs[runs.length - 1] = end;
  else runs.push(start, end);
}

function complement(runs: Runs, length: number): Runs {
  const others: Runs = [];
  let at = 0;
  for (let index = 0; index < runs.length; index += 2) {
    if (runs[index]! > at) others.push(at, runs[index]!);
    at = runs[index + 1]!;
  }
  if (at < length) others.push(at, length);
  return others;
}

/** The lines of the runs whose event has the time, the level and the fields. */
function passing(runs: Runs, bytes: Buffer, events: EventTracker): Runs {
  const kept: Runs = [];
  for (let index = 0; index < runs.length; index += 2) {
    const end = runs[index + 1]!;
    for (let lineStart = runs[index]!; lineStart < end;) {
      const lineEnd = Math.min(lineEndAt(bytes, lineStart, end) + 1, end);
      if (events.at(lineStart).passes()) add(kept, lineStart, lineEnd);
      lineStart = lineEnd;
    }
  }
  return kept;
}

/** Grows each run to the events that its lines belong to; the block begins with one and ends with one. */
function wholeEvents(runs: Runs, bytes: Buffer, events: EventTracker): Runs {
  const grown: Runs = [];
  let behind = 0;
  for (let index = 0; index < runs.length; index += 2) {
    if (runs[index + 1]! <= behind) continue;
    let start = Math.max(runs[index]!, behind);
    while (start > behind && !events.isStart(start, lineEndAt(bytes, start, bytes.length))) {
      start = lineStartAt(bytes, start - 1, behind);
    }
    behind = nextStart(runs[index + 1]!, bytes, events);
    add(grown, start, behind);
  }
  return grown;
}

/** Where the next event begins, at or behind this line. */
function nextStart(lineStart: number, bytes: Buffer, events: EventTracker): number {
  let at = lineStart;
  while (at < bytes.length) {
    const lineEnd = lineEndAt(bytes, at, bytes.length);
    if (events.isStart(at, lineEnd)) return at;
    at = Math.min(lineEnd + 1, bytes.length);
  }
  return at;
}

/** The events that pass, looked for by a text that their first lines have. */
function eventsWith(literals: CompiledPatterns, bytes: Buffer, events: EventTracker): Runs {
  const runs: Runs = [];
  const leading = nextStart(0, bytes, events);
  if (leading > 0 && events.at(0).passes()) add(runs, 0, leading);
  let behind = leading;
  literals.scan(bytes, leading, bytes.length, (lineStart, lineEnd) => {
    if (lineStart < behind || !events.isStart(lineStart, lineEnd) || !events.at(lineStart).passes()) return;
    behind = nextStart(Math.min(lineEnd + 1, bytes.length), bytes, events);
    add(runs, lineStart, behind);
  });
  return runs;
}
