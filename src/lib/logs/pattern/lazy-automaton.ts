import type { ByteClasses } from './byte-classes.ts';
import { holdsByte, lineFeed, wordBytes } from './byte-set.ts';
import type { Assertion } from './pattern.ts';
import type { Step } from './program.ts';

/**
 * What lies behind the automaton: nothing of the line yet, a byte that is no word byte, or one that is. For a reversed
 * program, behind is to the right.
 */
export type Behind = 0 | 1 | 2;

export interface AutomatonOptions {
  readonly reversed: boolean;
  /** Earlier alternatives win over later ones, and what they rule out is forgotten; else all are followed alike. */
  readonly ordered: boolean;
}

/** Entries of the table for a state: one a byte, for a look-up of the byte's class would double the cost of a step. */
const width = 256;
const maximumStates = 4096;
/** Of the sets of steps that are kept, 4 bytes each. */
const maximumEntries = 1 << 21;

/**
 * A deterministic automaton whose states are made when they are first entered (as in RE2): each is a set of steps of the
 * program. Time is linear in the text whatever the pattern; when the states take more than about 12 MiB all are forgotten
 * and made anew as they come.
 *
 * The transition for a byte is found at `table[state | byte]`:
 * 0 unknown (call `transition`), positive the next state, negative the same and a match ends before this byte.
 * The line feed is the end of the line: behind it is the state of the next line's start.
 */
export interface LazyAutomaton {
  /** Its buffer may change with every call of `transition` or `startState`, and so may what states are called. */
  table: Int32Array;
  /** The state in which no match can come before the next line: the smallest of all, and the same for ever. */
  readonly dead: number;
  startState(behind: Behind): number;
  transition(state: number, byte: number): number;
}

export function lazyAutomaton(
  steps: readonly Step[],
  { classOf, representatives }: ByteClasses,
  options: AutomatonOptions,
): LazyAutomaton {
  const isWordClass = representatives.map((byte) => isWord(byte));
  const usesAssertions = steps.some((step) => step.kind === 'assertion');
  const usesWords = steps.some((step) => step.kind === 'assertion' && !['start', 'end'].includes(step.assertion));
  const closure = closureOf(steps, options.reversed);
  const accepts = acceptedClasses(steps, representatives);

  let states: { kernel: Int32Array; behind: Behind }[] = [];
  let byHash = new Map<number, number[]>();
  let entries = 0;
  /** The state before the first byte by what is behind it; 0 until it is made. */
  let starts = [0, 0, 0];
  // Which of the steps are in the next state already, by the number of the turn that put them there.
  const turns = new Uint32Array(steps.length);
  let turn = 0;

  const automaton: LazyAutomaton = {
    table: new Int32Array(width * 16),
    dead: width,
    startState,
    transition,
  };
  forget();
  return automaton;

  function startState(behind: Behind): number {
    return (starts[behind] ||= stateOf(Int32Array.of(0), behind));
  }

  function forget(): void {
    states = [{ kernel: new Int32Array(0), behind: 1 }];
    byHash = new Map();
    starts = [0, 0, 0];
    entries = 0;
    automaton.table.fill(0);
    stateOf(new Int32Array(0), 1);
  }

  function normalize(behind: Behind): Behind {
    if (!usesAssertions) return 1;
    return behind === 2 && !usesWords ? 1 : behind;
  }

  /** Number of the state's first transition. The one numbered 0 is none, for 0 means unknown. */
  function stateOf(kernel: Int32Array, behind: Behind): number {
    const context: Behind = kernel.length === 0 ? 1 : normalize(behind);
    let hash: number = context;
    for (const step of kernel) hash = (Math.imul(hash, 31) + step) | 0;
    const bucket = byHash.get(hash) ?? [];
    for (const index of bucket) {
      const state = states[index]!;
      if (state.behind === context && sameSteps(state.kernel, kernel)) return index * width;
    }
    const index = states.push({ kernel, behind: context }) - 1;
    entries += kernel.length + 16;
    byHash.set(hash, [...bucket, index]);
    if ((index + 1) * width > automaton.table.length) {
      const larger = new Int32Array(automaton.table.length * 2);
      larger.set(automaton.table);
      automaton.table = larger;
    }
    return index * width;
  }

  function transition(from: number, byte: number): number {
    const { kernel, behind } = states[from / width]!;
    const byteClass = classOf[byte]!;
    const isEnd = byte === lineFeed;
    const ahead: Behind = isEnd ? 0 : isWordClass[byteClass] === true ? 2 : 1;
    const next: number[] = [];
    let matches = false;
    turn++;
    closure(kernel, behind, ahead, (step) => {
      const accepted = accepts[step];
      if (accepted === undefined) {
        matches = true;
        return options.ordered;
      }
      if (accepted[byteClass] === 1 && turns[step] !== turn) {
        turns[step] = turn;
        next.push(step + 1);
      }
      return false;
    });
    // All forgotten: `from` is gone too, so that the transition is told but not kept.
    const full = states.length >= maximumStates || entries >= maximumEntries;
    if (full) forget();
    const sorted = options.ordered ? Int32Array.from(next) : Int32Array.from(next).toSorted();
    const to = isEnd ? startState(0) : stateOf(sorted, ahead);
    const value = matches ? -to : to;
    if (full) return value;
    for (let other = 0; other < width; other++) {
      if (classOf[other] === byteClass) automaton.table[from | other] = value;
    }
    return value;
  }
}

/**
 * Visits, in the order of preference, the steps that read a byte or match and can be reached from `kernel` without
 * reading; until `visit` says true.
 */
function closureOf(
  steps: readonly Step[],
  reversed: boolean,
): (kernel: Int32Array, behind: Behind, ahead: Behind, visit: (step: number) => boolean) => void {
  const turns = new Uint32Array(steps.length);
  const open = new Int32Array(steps.length * 2 + 2);
  let turn = 0;
  return (kernel, behind, ahead, visit) => {
    turn++;
    const [left, right] = reversed ? [ahead, behind] : [behind, ahead];
    for (const start of kernel) {
      let depth = 0;
      open[depth++] = start;
      while (depth > 0) {
        const index = open[--depth]!;
        if (turns[index] === turn) continue;
        turns[index] = turn;
        const step = steps[index]!;
        if (step.kind === 'fork') {
          open[depth++] = step.second;
          open[depth++] = step.first;
        } else if (step.kind === 'jump') {
          open[depth++] = step.target;
        } else if (step.kind === 'assertion') {
          if (holds(step.assertion, left, right)) open[depth++] = index + 1;
        } else if (visit(index)) {
          return;
        }
      }
    }
  };
}

function holds(assertion: Assertion, left: Behind, right: Behind): boolean {
  switch (assertion) {
    case 'start':
      return left === 0;
    case 'end':
      return right === 0;
    case 'edge':
      return (left === 2) !== (right === 2);
    case 'no-edge':
      return (left === 2) === (right === 2);
    case 'word-start':
      return left !== 2 && right === 2;
    case 'word-end':
      return left === 2 && right !== 2;
    case 'after-no-word':
      return left !== 2;
    case 'before-no-word':
      return right !== 2;
  }
}

export function isWord(byte: number): boolean {
  return holdsByte(wordBytes, byte);
}

/** For each step that reads a byte, 1 for each class that it takes. Alike sets share theirs, for programs are large. */
function acceptedClasses(
  steps: readonly Step[],
  representatives: readonly number[],
): readonly (Uint8Array | undefined)[] {
  const known = new Map<string, Uint8Array>();
  return steps.map((step) => {
    if (step.kind !== 'bytes') return undefined;
    const key = step.set.join(' ');
    const accepted = known.get(key) ?? Uint8Array.from(representatives, (byte) => (holdsByte(step.set, byte) ? 1 : 0));
    known.set(key, accepted);
    return accepted;
  });
}

function sameSteps(one: Int32Array, other: Int32Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}
