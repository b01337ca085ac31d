import { automatonStates } from './automaton-states.ts';
import type { ByteClasses } from './byte-classes.ts';
import { lineFeed } from './byte-set.ts';
import type { Step } from './program.ts';
import { acceptedClasses, closureOf, isWord, relevantBehind } from './step-closure.ts';
import type { Behind } from './step-closure.ts';

/** Entries of the table for a state: one a byte, for a look-up of the byte's class would double the cost of a step. */
const width = 256;

export interface AutomatonOptions {
  readonly reversed: boolean;
  /** Earlier alternatives win over later ones, and what they rule out is forgotten; else all are followed alike. */
  readonly ordered: boolean;
}

/**
 * A deterministic automaton whose states are made when they are first entered (as in RE2): each is a set of steps of the
 * program. Time is linear in the text whatever the pattern; when the states take more than about 16 MiB all are forgotten
 * and made anew as they come.
 *
 * The transition for a byte is found at `table[state | byte]`:
 * 0 unknown (call `transition`), positive the next state, negative the same and a match ends before this byte.
 * The line feed is the end of the line: behind it is the state of the next line's start.
 */
export interface LazyAutomaton {
  /** Its buffer may change with every call of `transition` or `startState`, and so may what states are called. */
  readonly table: Int32Array;
  /** The state in which no match can come before the next line: the smallest of all, and the same for ever. */
  readonly dead: number;
  /** How often all states have been forgotten. */
  readonly generation: number;
  startState(behind: Behind): number;
  transition(state: number, byte: number): number;
}

export function lazyAutomaton(
  steps: readonly Step[],
  { classOf, representatives }: ByteClasses,
  options: AutomatonOptions,
): LazyAutomaton {
  const closure = closureOf(steps, options.reversed);
  const accepts = acceptedClasses(steps, representatives);
  const relevant = relevantBehind(steps);
  const states = automatonStates(width);
  /** The state before the first byte by what is behind it; 0 until it is made. */
  let starts = [0, 0, 0];
  let generation = 0;
  stateOf(new Int32Array(0), 1);

  return {
    get table() {
      return states.table;
    },
    get generation() {
      return generation;
    },
    dead: width,
    startState,
    transition,
  };

  function startState(behind: Behind): number {
    return (starts[behind] ||= stateOf(Int32Array.of(0), behind));
  }

  function stateOf(kernel: Int32Array, behind: Behind): number {
    return states.stateOf(kernel, kernel.length === 0 ? 1 : relevant(behind));
  }

  function transition(from: number, byte: number): number {
    const { kernel, behind } = states.at(from);
    const byteClass = classOf[byte]!;
    const isEnd = byte === lineFeed;
    const ahead: Behind = isEnd ? 0 : isWord(byte) ? 2 : 1;
    const next: number[] = [];
    let matches = false;
    closure(kernel, behind, ahead, (step) => {
      const accepted = accepts[step];
      matches ||= accepted === undefined;
      if (accepted?.[byteClass] === 1) next.push(step + 1);
      return options.ordered && matches;
    });
    // All forgotten: `from` is gone too, so that the transition is told but not kept.
    const full = states.isFull();
    if (full) {
      states.forget();
      generation++;
      starts = [0, 0, 0];
      stateOf(new Int32Array(0), 1);
    }
    const sorted = options.ordered ? Int32Array.from(next) : Int32Array.from(next).toSorted();
    const to = isEnd ? startState(0) : stateOf(sorted, ahead);
    const value = matches ? -to : to;
    if (full) return value;
    const { table } = states;
    for (let other = 0; other < width; other++) {
      if (classOf[other] === byteClass) table[from | other] = value;
    }
    return value;
  }
}
