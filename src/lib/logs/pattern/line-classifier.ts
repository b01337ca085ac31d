import { lineFeed } from './byte-set.ts';
import { classifierAutomaton } from './classifier-automaton.ts';
import { classifierProgram } from './classifier-program.ts';
import { patternTrees, wordOnly } from './pattern-tree.ts';
import type { PatternOptions } from './pattern-tree.ts';
import { alternativesOf } from './pattern.ts';
import { checkTotal } from './program.ts';

/** Tells many patterns apart in one pass over a line. */
export interface LineClassifier<Answer> {
  /**
   * What the judge says to the patterns that match the line from `start` to `end`; of several lines, to those that match
   * at least one of them. Takes one step of an automaton per byte, however many patterns there are.
   */
  classify(bytes: Buffer, start: number, end: number): Answer;
}

/**
 * A classifier of lines by the patterns that they match, which `judge` is given by their indices in ascending order. It is
 * asked once for each state of the automaton, not once a line: its answer must follow from the indices alone.
 * Throws a UserError for what is no pattern or too large.
 */
export function createLineClassifier<Answer>(
  patterns: readonly string[],
  judge: (matched: readonly number[]) => Answer,
  options: PatternOptions = {},
): LineClassifier<Answer> {
  let total = 0;
  const nodes = patterns.map((pattern) => {
    const trees = patternTrees(pattern, options);
    for (const { steps } of trees) total += steps;
    checkTotal(total);
    return alternativesOf(trees.map(({ node }) => wordOnly(node, options)));
  });
  const automaton = classifierAutomaton(classifierProgram(nodes), judge);
  const { classOf } = automaton;
  return {
    classify(bytes, start, end) {
      const last = end > start && bytes[end - 1] === lineFeed ? end - 1 : end;
      let state = automaton.startState();
      for (let index = start; index < last; index++) {
        const { table } = automaton;
        // All of the time goes here: nothing in this loop changes but the state and the place.
        for (; index < last; index++) {
          const next = table[state | classOf[bytes[index]!]!]!;
          if (next === 0) break;
          state = next;
        }
        if (index < last) state = automaton.transition(state, bytes[index]!);
      }
      return automaton.answerAt(state);
    },
  };
}
