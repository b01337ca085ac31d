import { holdsByte, wordBytes } from './byte-set.ts';
import type { Assertion } from './pattern.ts';
import type { Step } from './program.ts';

/**
 * What lies behind the automaton: nothing of the line yet, a byte that is no word byte, or one that is. For a reversed
 * program, behind is to the right.
 */
export type Behind = 0 | 1 | 2;

/**
 * Visits, in the order of preference, the steps that read a byte or match and can be reached from `kernel` without
 * reading; until `visit` says true.
 */
export function closureOf(
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

/**
 * What of `behind` makes a difference to these steps: states that differ in the rest are one. 1 stands for the most
 * of all places, behind a byte that is no word byte.
 */
export function relevantBehind(steps: readonly Step[]): (behind: Behind) => Behind {
  const asserted = steps.flatMap((step) => (step.kind === 'assertion' ? [step.assertion] : []));
  if (asserted.length === 0) return () => 1;
  if (asserted.some((assertion) => assertion !== 'start' && assertion !== 'end')) return (behind) => behind;
  return (behind) => (behind === 2 ? 1 : behind);
}

export function isWord(byte: number): boolean {
  return holdsByte(wordBytes, byte);
}

/** For each step that reads a byte, 1 for each class that it takes. Alike sets share theirs, for programs are large. */
export function acceptedClasses(
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
