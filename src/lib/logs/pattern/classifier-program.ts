import type { PatternNode } from './pattern.ts';
import { programOf } from './program.ts';
import type { Step } from './program.ts';

/** One program for many patterns, each of which has a match step of its own. */
export interface ClassifierProgram {
  readonly steps: readonly Step[];
  /** The pattern that a step belongs to; -1 for the steps that all have in common. */
  readonly owners: Int32Array;
  /** The match step of each pattern. */
  readonly matchSteps: Int32Array;
}

/** The program that looks for all of these at any place of a line. */
export function classifierProgram(nodes: readonly PatternNode[]): ClassifierProgram {
  const steps: Step[] = [
    { kind: 'fork', first: 3, second: 1 },
    { kind: 'bytes', set: [[0, 0xff]] },
    { kind: 'jump', target: 0 },
  ];
  const owners = [-1, -1, -1];
  const matchSteps = nodes.map((node, pattern) => {
    const program = programOf(node, { unanchored: false, reversed: false });
    const first = steps.length + 1;
    steps.push({ kind: 'fork', first, second: first + program.length });
    owners.push(-1);
    for (const step of program) {
      steps.push(moved(step, first));
      owners.push(pattern);
    }
    return steps.length - 1;
  });
  // Where the last of the forks leads to: a step that nothing passes.
  steps.push({ kind: 'bytes', set: [] });
  owners.push(-1);
  return { steps, owners: Int32Array.from(owners), matchSteps: Int32Array.from(matchSteps) };
}

function moved(step: Step, by: number): Step {
  if (step.kind === 'fork') return { kind: 'fork', first: step.first + by, second: step.second + by };
  return step.kind === 'jump' ? { kind: 'jump', target: step.target + by } : step;
}
