import { parseFixedText, parsePattern } from './parse-pattern.ts';
import type { Assertion, PatternNode } from './pattern.ts';
import { sequenceOf } from './pattern.ts';
import { checkSize } from './program.ts';

export interface PatternOptions {
  /** -F: no character is special. */
  readonly fixed?: boolean;
  /** -i: of ASCII letters only. */
  readonly ignoreCase?: boolean;
  /** -w: no word byte next to the match. */
  readonly word?: boolean;
  /** -x: the match is the whole line; -w says nothing then. */
  readonly line?: boolean;
}

/** A pattern of the command line, with -x in it and without -w, which `wordOnly` adds. */
export interface PatternTree {
  readonly node: PatternNode;
  /** Of the program that it becomes. */
  readonly steps: number;
}

const carriageReturn: PatternNode = {
  kind: 'repetition',
  part: { kind: 'bytes', set: [[0x0d, 0x0d]] },
  minimum: 0,
  maximum: 1,
  lazy: false,
};

/**
 * The trees of one pattern: a line feed in it parts two, as in grep. Throws a UserError for what is no pattern or too
 * large.
 */
export function patternTrees(pattern: string, options: PatternOptions): PatternTree[] {
  return pattern.split('\n').map((text) => {
    const parsed = options.fixed === true ? parseFixedText(text, options) : parsePattern(text, options);
    const node = withLineEnds(options.line === true ? between('start', parsed, 'end') : parsed);
    return { node, steps: checkSize(node, text) };
  });
}

/** What -w makes of a tree; ripgrep has a flag for it. */
export function wordOnly(node: PatternNode, { word, line }: PatternOptions): PatternNode {
  return word === true && line !== true ? between('after-no-word', node, 'before-no-word') : node;
}

/** Whether some place in the tree asks for the end of the line. */
export function assertsLineEnd(node: PatternNode): boolean {
  switch (node.kind) {
    case 'bytes':
      return false;
    case 'assertion':
      return node.assertion === 'end';
    case 'repetition':
      return assertsLineEnd(node.part);
    case 'sequence':
    case 'alternatives':
      return node.parts.some(assertsLineEnd);
  }
}

function between(before: Assertion, node: PatternNode, behind: Assertion): PatternNode {
  return sequenceOf([{ kind: 'assertion', assertion: before }, node, { kind: 'assertion', assertion: behind }]);
}

/**
 * Programs on Windows, and HTTP dumps, end their lines with CR LF. Who types `done$` means the end that an editor shows,
 * so that a carriage return may stand before it. It is made part of the tree, for both engines and every lane to see the
 * same: ripgrep's own --crlf would change what `.` matches too, for lines that have no CR as well.
 */
function withLineEnds(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'bytes':
      return node;
    case 'assertion':
      return node.assertion === 'end' ? { kind: 'sequence', parts: [carriageReturn, node] } : node;
    case 'repetition':
      return { ...node, part: withLineEnds(node.part) };
    case 'sequence':
    case 'alternatives':
      return { kind: node.kind, parts: node.parts.map(withLineEnds) };
  }
}
