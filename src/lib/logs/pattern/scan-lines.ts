import type { LazyAutomaton } from './lazy-automaton.ts';
import { lineEndAt, lineStartAt } from './line-bounds.ts';
import { searchLines, behindAt } from './line-search.ts';
import type { MatchWindow } from './match-window.ts';
import { findWindow } from './match-window.ts';
import { searchLanes } from './scan-lanes.ts';
import type { RequiredLiterals } from './required-literals.ts';
import { textFinder } from './text-finder.ts';

export type OnLine = (lineStart: number, lineEnd: number) => void;

/** Calls back for every line with a match between `start` and `end`, which are the bounds of whole lines. */
export type ScanLines = (chunk: Buffer, start: number, end: number, onLine: OnLine) => void;

/** Bytes from candidate to candidate, on average, below which the next way to look is cheaper. */
const leastGap = { completeLiteral: 64, literal: 700, window: 300 };
/** Bytes of a chunk that are worth the preparations. */
const leastForLanes = 4096;
const candidatesToJudge = 32;

/** Looks at every byte. */
export function scanByAutomaton(automaton: LazyAutomaton): ScanLines {
  return (chunk, start, end, onLine) => {
    if (end - start < leastForLanes) return scanInOrder(automaton, chunk, start, end, onLine);
    for (const lane of searchLanes(automaton, chunk, start, end)) {
      for (let at = 0; at < lane.found.length; at += 2) onLine(lane.found[at]!, lane.found[at + 1]!);
      if (lane.position > lane.end) continue;
      scanInOrder(automaton, chunk, lineStartAt(chunk, lane.position, lane.start), lane.end, onLine);
    }
  };
}

function scanInOrder(automaton: LazyAutomaton, chunk: Buffer, start: number, end: number, onLine: OnLine): void {
  let position = start;
  while (position < end) {
    const found = searchLines(automaton, chunk, position, end, 0);
    if (found === -1) return;
    const lineEnd = lineEndAt(chunk, found, end);
    onLine(lineStartAt(chunk, found, position), lineEnd);
    position = lineEnd + 1;
  }
}

/** Looks for texts that a match must have, and at the lines with one of them; `scanRest` goes on where they are dense. */
export function scanByLiterals(
  { literals, complete }: RequiredLiterals,
  automaton: LazyAutomaton,
  scanRest: ScanLines,
): ScanLines {
  const gap = complete ? leastGap.completeLiteral : leastGap.literal;
  const finders = literals.map(textFinder);
  return (chunk, start, end, onLine) => {
    const bytes = end === chunk.length ? chunk : chunk.subarray(0, end);
    const nexts = literals.map(() => -1);
    let position = start;
    for (let candidates = 1; position < end; candidates++) {
      let found = end;
      for (const [index, findText] of finders.entries()) {
        if (nexts[index]! < position) {
          const next = findText(bytes, position);
          nexts[index] = next === -1 ? end : next;
        }
        found = Math.min(found, nexts[index]!);
      }
      if (found === end) return;
      const lineStart = lineStartAt(bytes, found, position);
      const lineEnd = lineEndAt(bytes, found, end);
      if (complete || searchLines(automaton, bytes, lineStart, lineEnd, 0) !== -1) onLine(lineStart, lineEnd);
      position = lineEnd + 1;
      if (candidates === candidatesToJudge && position - start < gap * candidates) break;
    }
    if (position < end) scanRest(chunk, position, end, onLine);
  };
}

/** Looks for what a match may begin with, and at the lines with that. */
export function scanByWindow(window: MatchWindow, automaton: LazyAutomaton): ScanLines {
  const scanRest = scanByAutomaton(automaton);
  return (chunk, start, end, onLine) => {
    let position = start;
    for (let candidates = 1; position < end; candidates++) {
      const found = findWindow(window, chunk, position, end);
      if (found === -1) return;
      const lineEnd = lineEndAt(chunk, found, end);
      const lineStart = lineStartAt(chunk, found, position);
      // No match begins before the window, so that what is behind it is enough.
      if (searchLines(automaton, chunk, found, lineEnd, behindAt(chunk, found, lineStart)) !== -1) {
        onLine(lineStart, lineEnd);
      }
      position = lineEnd + 1;
      if (candidates === candidatesToJudge && position - start < leastGap.window * candidates) break;
    }
    if (position < end) scanRest(chunk, position, end, onLine);
  };
}
