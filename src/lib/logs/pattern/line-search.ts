import { lineFeed } from './byte-set.ts';
import type { LazyAutomaton } from './lazy-automaton.ts';
import { isWord } from './step-closure.ts';
import type { Behind } from './step-closure.ts';

/** What an automaton has behind it at `at` in a line that begins at `lineStart`. */
export function behindAt(bytes: Buffer, at: number, lineStart: number): Behind {
  if (at <= lineStart) return 0;
  return isWord(bytes[at - 1]!) ? 2 : 1;
}

/**
 * A place in the first line with a match, at or behind `from`: its line feed is the next one from there. -1 when there is
 * no match before `end`, which ends the last line. Costs one step of the automaton per byte.
 */
export function searchLines(
  automaton: LazyAutomaton,
  bytes: Buffer,
  from: number,
  end: number,
  behind: Behind,
): number {
  const { dead } = automaton;
  let state = automaton.startState(behind);
  let index = from;
  while (index < end) {
    const { table } = automaton;
    let next = 0;
    // All of the time goes here: nothing in this loop changes but the state and the place.
    for (; index < end; index++) {
      next = table[state | bytes[index]!]!;
      if (next <= dead) break;
      state = next;
    }
    if (index === end) break;
    if (next === 0) next = automaton.transition(state, bytes[index]!);
    if (next < 0) return index;
    if (next === dead) {
      index = bytes.indexOf(lineFeed, index);
      if (index === -1 || index >= end) return -1;
      next = automaton.startState(0);
    }
    state = next;
    index++;
  }
  if (from < end && bytes[end - 1] === lineFeed) return -1;
  const last = automaton.table[state | lineFeed]! || automaton.transition(state, lineFeed);
  return last < 0 ? end : -1;
}

/**
 * Where the leftmost match that begins at or behind `from` ends, by the preferences of the pattern; -1 without one.
 * `reach`: how far it had to look to be sure.
 */
export function searchMatchEnd(
  automaton: LazyAutomaton,
  bytes: Buffer,
  from: number,
  end: number,
  behind: Behind,
): { end: number; reach: number } {
  const { dead } = automaton;
  let state = automaton.startState(behind);
  let found = -1;
  let index = from;
  for (;;) {
    const { table } = automaton;
    let next = 0;
    // All of the time goes here, in the middle of a long match.
    for (; index < end; index++) {
      next = table[state | bytes[index]!]!;
      if (next <= dead) break;
      state = next;
    }
    if (next === 0 || index === end) next = automaton.transition(state, index === end ? lineFeed : bytes[index]!);
    if (next < 0) found = index;
    state = Math.abs(next);
    if (index === end || state === dead) return { end: found, reach: index };
    index++;
  }
}

/** The farthest start of a match that ends at `matchEnd`, not before `from`; `automaton` is of the reversed program. */
export function searchMatchStart(
  automaton: LazyAutomaton,
  bytes: Buffer,
  bounds: { lineStart: number; from: number; matchEnd: number; end: number },
): number {
  const { dead } = automaton;
  const { lineStart, from, matchEnd, end } = bounds;
  let state = automaton.startState(matchEnd === end ? 0 : isWord(bytes[matchEnd]!) ? 2 : 1);
  let found = matchEnd;
  for (let index = matchEnd; ; index--) {
    // At `from` the byte before it is looked at, for \b, but no match goes on over it.
    const byte = index === lineStart ? lineFeed : bytes[index - 1]!;
    const next = automaton.table[state | byte]! || automaton.transition(state, byte);
    if (next < 0) found = index;
    state = Math.abs(next);
    if (index === from || state === dead) return found;
  }
}
