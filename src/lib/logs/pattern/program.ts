import { UserError } from '../../errors/user-error.ts';
import type { ByteSet } from './byte-set.ts';
import type { Assertion, PatternNode } from './pattern.ts';

/**
 * One instruction of Thompson's machine (1968). A fork's first target is tried before its second, where that matters;
 * a target is an index into the steps.
 */
export type Step =
  | { readonly kind: 'bytes'; readonly set: ByteSet }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'fork'; first: number; second: number }
  | { readonly kind: 'jump'; target: number }
  | { readonly kind: 'match' };

/** Of one pattern with all its counts written out; also what ripgrep takes without its limits being raised. */
const maximumSteps = 10_000;
/** Of all patterns of a search together. */
const maximumProgram = 200_000;

const anyByte: ByteSet = [[0, 0xff]];

/** Number of steps that a tree becomes; throws the UserError when it is too large to be searched for. */
export function checkSize(node: PatternNode, text: string): number {
  const size = stepsOf(node);
  if (size <= maximumSteps) return size;
  const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  throw new UserError(`cannot search for '${shown}': its counts, written out, make it too large`, {
    code: 'usage',
    hints: ['write smaller counts, + or *, or search for several smaller patterns'],
  });
}

/** Throws the UserError when all patterns together are too large. */
export function checkTotal(steps: number): void {
  if (steps <= maximumProgram) return;
  throw new UserError('cannot search for so many patterns at once', {
    code: 'usage',
    hints: ['search in several turns, with a part of the patterns each'],
  });
}

function stepsOf(node: PatternNode): number {
  switch (node.kind) {
    case 'bytes':
    case 'assertion':
      return 1;
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + stepsOf(part), 0);
    case 'alternatives':
      return node.parts.reduce((sum, part) => sum + stepsOf(part) + 2, 0);
    case 'repetition': {
      const part = stepsOf(node.part);
      if (part === 0) return node.maximum === undefined ? 2 : 0;
      return node.maximum === undefined
        ? part * Math.max(1, node.minimum) + 2
        : part * node.minimum + (part + 1) * (node.maximum - node.minimum);
    }
  }
}

export interface ProgramOptions {
  /** Finds a match at any place: any bytes may come before it. */
  readonly unanchored: boolean;
  /** Reads the text from its end to its start. */
  readonly reversed: boolean;
}

/** The steps of a tree that has passed `checkSize`. */
export function programOf(node: PatternNode, options: ProgramOptions): Step[] {
  const steps: Step[] = [];
  if (options.unanchored) {
    steps.push({ kind: 'fork', first: 3, second: 1 }, { kind: 'bytes', set: anyByte }, { kind: 'jump', target: 0 });
  }
  emit(steps, node, options.reversed);
  steps.push({ kind: 'match' });
  return steps;
}

function emit(steps: Step[], node: PatternNode, reversed: boolean): void {
  switch (node.kind) {
    case 'bytes':
    case 'assertion':
      steps.push(node);
      return;
    case 'sequence':
      for (const part of reversed ? node.parts.toReversed() : node.parts) emit(steps, part, reversed);
      return;
    case 'alternatives':
      return emitAlternatives(steps, node.parts, reversed);
    case 'repetition': {
      const { part, minimum, maximum, lazy } = node;
      // The last of the compulsory turns of `a{3,}` is the loop itself.
      const compulsory = maximum === undefined ? minimum - 1 : minimum;
      for (let count = 0; count < compulsory; count++) {
        const length = steps.length;
        emit(steps, part, reversed);
        // Nothing stays nothing, however often.
        if (steps.length === length) break;
      }
      if (maximum !== undefined) return emitOptional(steps, part, maximum - minimum, lazy, reversed);
      if (minimum === 0) return emitOptional(steps, { ...node, minimum: 1 }, 1, lazy, reversed);
      const start = steps.length;
      emit(steps, part, reversed);
      steps.push(fork(start, steps.length + 1, lazy));
    }
  }
}

function fork(inside: number, behind: number, lazy: boolean): Step {
  return lazy ? { kind: 'fork', first: behind, second: inside } : { kind: 'fork', first: inside, second: behind };
}

function emitAlternatives(steps: Step[], parts: readonly PatternNode[], reversed: boolean): void {
  const exits: { kind: 'jump'; target: number }[] = [];
  for (const part of parts.slice(0, -1)) {
    const choice = { kind: 'fork' as const, first: steps.length + 1, second: 0 };
    steps.push(choice);
    emit(steps, part, reversed);
    const exit = { kind: 'jump' as const, target: 0 };
    steps.push(exit);
    exits.push(exit);
    choice.second = steps.length;
  }
  emit(steps, parts.at(-1)!, reversed);
  for (const exit of exits) exit.target = steps.length;
}

function emitOptional(steps: Step[], part: PatternNode, times: number, lazy: boolean, reversed: boolean): void {
  const choices: { index: number; start: number }[] = [];
  for (let count = 0; count < times; count++) {
    const index = steps.length;
    steps.push({ kind: 'jump', target: 0 });
    emit(steps, part, reversed);
    if (steps.length === index + 1) {
      steps.pop();
      break;
    }
    choices.push({ index, start: index + 1 });
  }
  for (const { index, start } of choices) steps[index] = fork(start, steps.length, lazy);
}
