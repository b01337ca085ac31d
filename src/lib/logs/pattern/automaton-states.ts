import type { Behind } from './step-closure.ts';

/** Entries of the table, 4 bytes each. */
const maximumTable = 1 << 20;
/** Of the sets of steps that are kept, 4 bytes each, with what a state costs besides. */
const maximumEntries = 1 << 21;
const stateEntries = 64;

export interface AutomatonState {
  /** The steps that may come next, before those that read nothing are followed. */
  readonly kernel: Int32Array;
  readonly behind: Behind;
}

/**
 * The states of an automaton that are known so far, and their transitions: the one of a state for a symbol is at
 * `table[state | symbol]`, 0 until it is known. A state is called by the place of its first transition, which is never 0.
 */
export interface AutomatonStates {
  /** Its buffer may change with every call of `stateOf`. */
  readonly table: Int32Array;
  at(state: number): AutomatonState;
  /** The state of these steps, in this order; made when it is new. */
  stateOf(kernel: Int32Array, behind: Behind): number;
  /** Whether they take about 16 MiB, so that it is time to forget them. */
  isFull(): boolean;
  forget(): void;
}

/** `width`, a power of two, is more than the greatest symbol. */
export function automatonStates(width: number): AutomatonStates {
  const nothing: AutomatonState = { kernel: new Int32Array(0), behind: 1 };
  let table = new Int32Array(width * 16);
  // The one numbered 0 is none, for 0 means unknown.
  let states = [nothing];
  let byHash = new Map<number, number[]>();
  let entries = 0;

  return {
    get table() {
      return table;
    },
    at: (state) => states[state / width]!,
    stateOf,
    isFull: () => (states.length + 1) * width > maximumTable || entries >= maximumEntries,
    forget() {
      states = [nothing];
      byHash = new Map();
      entries = 0;
      table.fill(0);
    },
  };

  function stateOf(kernel: Int32Array, behind: Behind): number {
    let hash: number = behind;
    for (const step of kernel) hash = (Math.imul(hash, 31) + step) | 0;
    const bucket = byHash.get(hash) ?? [];
    for (const index of bucket) {
      const state = states[index]!;
      if (state.behind === behind && sameSteps(state.kernel, kernel)) return index * width;
    }
    const index = states.push({ kernel, behind }) - 1;
    entries += kernel.length + stateEntries;
    byHash.set(hash, [...bucket, index]);
    if ((index + 1) * width > table.length) {
      const larger = new Int32Array(table.length * 2);
      larger.set(table);
      table = larger;
    }
    return index * width;
  }
}

function sameSteps(one: Int32Array, other: Int32Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}
