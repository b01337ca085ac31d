import { parsePattern } from './parse-pattern.ts';
import type { PatternNode } from './parse-pattern.ts';

/**
 * A matcher for a whole text, as Prometheus anchors the regular expressions of label matchers.
 *
 * It is not JavaScript's RegExp because that one backtracks: `(a|a)*b` or `.*.*.*x` against a long mount or container
 * name would hang the program, and no list of forbidden shapes catches all of them. This one walks all alternatives at
 * once (Thompson 1968, the way of RE2), so a match costs at most `maximumSteps` times the length of the text. What such a
 * machine cannot do (look-around, back references) is not in Prometheus either.
 * Throws a SyntaxError whose message says what is wrong with the pattern.
 */
export function compileRegularExpression(pattern: string): (text: string) => boolean {
  const program: Step[] = [];
  emit(program, parsePattern(pattern));
  program.push({ kind: 'match' });
  return (text) => run(program, text);
}

const maximumSteps = 1000;

type Step =
  | { kind: 'character'; accepts: (code: number) => boolean }
  | { kind: 'fork'; targets: number[] }
  | { kind: 'start' | 'end' | 'match' };

function emit(program: Step[], node: PatternNode): void {
  if (program.length > maximumSteps) throw new SyntaxError('it is too large: write fewer or smaller repetitions');
  switch (node.kind) {
    case 'character':
    case 'start':
    case 'end':
      program.push(node);
      return;
    case 'sequence':
      for (const part of node.parts) emit(program, part);
      return;
    case 'alternatives':
      return emitAlternatives(program, node.parts);
    case 'repetition':
      for (let count = 0; count < node.minimum; count++) {
        const length = program.length;
        emit(program, node.part);
        // Nothing stays nothing, however often: ((((){999}){999}){999}){999} must not take its 10^12 turns.
        if (program.length === length) break;
      }
      if (node.maximum === undefined) emitLoop(program, node.part);
      else emitOptional(program, node.part, node.maximum - node.minimum);
      return;
  }
}

function emitAlternatives(program: Step[], parts: readonly PatternNode[]): void {
  const fork: number[] = [];
  const exits: number[][] = [];
  program.push({ kind: 'fork', targets: fork });
  for (const part of parts) {
    fork.push(program.length);
    emit(program, part);
    const exit: number[] = [];
    program.push({ kind: 'fork', targets: exit });
    exits.push(exit);
  }
  for (const exit of exits) exit.push(program.length);
}

function emitLoop(program: Step[], part: PatternNode): void {
  const start = program.length;
  const fork = [start + 1];
  program.push({ kind: 'fork', targets: fork });
  emit(program, part);
  program.push({ kind: 'fork', targets: [start] });
  fork.push(program.length);
}

function emitOptional(program: Step[], part: PatternNode, times: number): void {
  const forks: number[][] = [];
  for (let count = 0; count < times; count++) {
    const fork = [program.length + 1];
    program.push({ kind: 'fork', targets: fork });
    emit(program, part);
    forks.push(fork);
  }
  for (const fork of forks) fork.push(program.length);
}

function run(program: readonly Step[], text: string): boolean {
  const characters = Array.from(text, (character) => character.codePointAt(0)!);
  let current = follow(program, [0], 0, characters.length);
  for (const [position, code] of characters.entries()) {
    if (current.size === 0) return false;
    const next: number[] = [];
    for (const index of current) {
      const step = program[index]!;
      if (step.kind === 'character' && step.accepts(code)) next.push(index + 1);
    }
    current = follow(program, next, position + 1, characters.length);
  }
  return current.has(program.length - 1);
}

/** Every step that can be reached without reading a character. */
function follow(program: readonly Step[], from: readonly number[], position: number, length: number): Set<number> {
  const reached = new Set<number>();
  const open = [...from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const step = program[index]!;
    if (step.kind === 'fork') open.push(...step.targets);
    else if ((step.kind === 'start' && position === 0) || (step.kind === 'end' && position === length)) {
      open.push(index + 1);
    }
  }
  return reached;
}
