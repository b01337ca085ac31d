import { automatonStates } from './automaton-states.ts';
import { byteClasses } from './byte-classes.ts';
import { lineFeed } from './byte-set.ts';
import type { ClassifierProgram } from './classifier-program.ts';
import { acceptedClasses, closureOf, isWord, relevantBehind } from './step-closure.ts';
import type { Behind } from './step-closure.ts';

/**
 * A lazy automaton that forgets no match. A pattern that has matched is in the state by its match step alone, which
 * survives every byte: whatever else it could match makes no more states. Memory is bounded as in `lazyAutomaton`.
 */
export interface ClassifierAutomaton<Answer> {
  /**
   * The next state is at `table[state | classOf[byte]]`, 0 if unknown; `transition` may put another in its place. Many
   * patterns make many states: one entry a class, not a byte, keeps those that a log goes through in the cache.
   */
  readonly table: Int32Array;
  readonly classOf: Uint8Array;
  startState(): number;
  transition(state: number, byte: number): number;
  /** The judge's answer to the patterns that match text which ends here. */
  answerAt(state: number): Answer;
}

export function classifierAutomaton<Answer>(
  { steps, owners, matchSteps }: ClassifierProgram,
  judge: (matched: readonly number[]) => Answer,
): ClassifierAutomaton<Answer> {
  const { classOf, representatives } = byteClasses(steps);
  const closure = closureOf(steps, false);
  const accepts = acceptedClasses(steps, representatives);
  const relevant = relevantBehind(steps);
  const width = 1 << Math.ceil(Math.log2(representatives.length));
  const states = automatonStates(width);
  let start = 0;
  let answers: { readonly value: Answer }[] = [];
  // Whether a pattern has matched, for as long as one closure is followed.
  const hasMatched = new Uint8Array(matchSteps.length);

  return {
    get table() {
      return states.table;
    },
    classOf,
    startState: () => (start ||= states.stateOf(Int32Array.of(0), relevant(0))),
    transition,
    answerAt(state) {
      return (answers[state / width] ??= { value: judge(matchedAt(state)) }).value;
    },
  };

  function matchedAt(state: number): number[] {
    const { kernel, behind } = states.at(state);
    const matched: number[] = [];
    closure(kernel, behind, 0, (step) => {
      if (accepts[step] === undefined) matched.push(owners[step]!);
      return false;
    });
    return matched.toSorted((one, other) => one - other);
  }

  function transition(from: number, byte: number): number {
    const { kernel, behind } = states.at(from);
    const byteClass = classOf[byte]!;
    const ahead: Behind = byte === lineFeed ? 0 : isWord(byte) ? 2 : 1;
    const next: number[] = [];
    hasMatched.fill(0);
    closure(kernel, behind, ahead, (step) => {
      const accepted = accepts[step];
      if (accepted === undefined) hasMatched[owners[step]!] = 1;
      else if (accepted[byteClass] === 1) next.push(step + 1);
      return false;
    });
    const open = next.filter((step) => owners[step] === -1 || hasMatched[owners[step]!] === 0);
    const settled = matchSteps.filter((_, pattern) => hasMatched[pattern] === 1);
    // All forgotten: `from` is gone too, so that the transition is told but not kept.
    const full = states.isFull();
    if (full) {
      states.forget();
      answers = [];
      start = 0;
    }
    const to = states.stateOf(Int32Array.from([...open, ...settled]).toSorted(), relevant(ahead));
    if (!full) states.table[from | byteClass] = to;
    return to;
  }
}
