import { byteClasses } from './byte-classes.ts';
import { lazyAutomaton } from './lazy-automaton.ts';
import { behindAt, searchLines, searchMatchEnd, searchMatchStart } from './line-search.ts';
import { matchWindow } from './match-window.ts';
import { parseFixedText, parsePattern } from './parse-pattern.ts';
import type { Assertion, PatternNode } from './pattern.ts';
import { alternativesOf, sequenceOf } from './pattern.ts';
import { checkSize, checkTotal, programOf } from './program.ts';
import { renderRust } from './render-rust.ts';
import { requiredLiterals } from './required-literals.ts';
import { scanByAutomaton, scanByLiterals, scanByWindow } from './scan-lines.ts';
import type { ScanLines } from './scan-lines.ts';

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

/** Patterns of which a line matches one or more. Offsets are in bytes of the buffer that they go with. */
export interface CompiledPatterns {
  /** For `rg --no-unicode`, each after an -e of its own; with -w or -x, `rustFlags` belong to them. None: no match. */
  readonly rust: readonly string[];
  readonly rustFlags: readonly string[];
  /** Whether a line, from `start` to `end` without its line feed, matches. */
  matches(bytes: Buffer, start: number, end: number): boolean;
  /**
   * The leftmost match of a line that begins at or behind `from`, which is `start` if left out; of several that begin
   * there the one that the pattern prefers, as in Rust and JavaScript. It may be empty.
   */
  find(bytes: Buffer, start: number, end: number, from?: number): { start: number; end: number } | undefined;
  /** Calls back for every line that matches in a chunk of whole lines; the last of them may lack its line feed. */
  scan: ScanLines;
}

/**
 * Compiles patterns of the dialect of `parsePattern`; a line feed in one parts two patterns, as in grep. Every search
 * takes time linear in the text, whatever the patterns. Throws a UserError for what is no pattern or too large.
 */
export function compilePatterns(patterns: readonly string[], options: PatternOptions = {}): CompiledPatterns {
  const nodes: PatternNode[] = [];
  let total = 0;
  for (const text of patterns.flatMap((pattern) => pattern.split('\n'))) {
    const node = options.fixed === true ? parseFixedText(text, options) : parsePattern(text, options);
    total += checkSize(node, text);
    checkTotal(total);
    nodes.push(node);
  }
  // No pattern at all: the set of no bytes, which nothing is in.
  const node = nodes.length === 0 ? ({ kind: 'bytes', set: [] } as const) : bounded(alternativesOf(nodes), options);
  const searching = programOf(node, { unanchored: !beginsLine(node), reversed: false });
  const classes = byteClasses(searching);
  const every = lazyAutomaton(searching, classes, { reversed: false, ordered: false });
  return {
    rust: nodes.map(renderRust),
    rustFlags: options.line === true ? ['--line-regexp'] : options.word === true ? ['--word-regexp'] : [],
    matches: (bytes, start, end) => searchLines(every, bytes, start, end, 0) !== -1,
    find: finder(),
    scan: scanner(),
  };

  function scanner(): ScanLines {
    const literals = requiredLiterals(node);
    const window = matchWindow(programOf(node, { unanchored: false, reversed: false }));
    const scanRest = window === undefined ? scanByAutomaton(every) : scanByWindow(window, every);
    return literals === undefined ? scanRest : scanByLiterals(literals, every, scanRest);
  }

  function finder(): CompiledPatterns['find'] {
    const forward = lazyAutomaton(searching, classes, { reversed: false, ordered: true });
    const reversed = programOf(node, { unanchored: false, reversed: true });
    const backward = lazyAutomaton(reversed, classes, { reversed: true, ordered: false });
    return (bytes, start, end, from = start) => {
      const matchEnd = searchMatchEnd(forward, bytes, from, end, behindAt(bytes, from, start));
      if (matchEnd === -1) return undefined;
      return { start: searchMatchStart(backward, bytes, { lineStart: start, from, matchEnd, end }), end: matchEnd };
    };
  }
}

function bounded(node: PatternNode, { word, line }: PatternOptions): PatternNode {
  const between = (before: Assertion, behind: Assertion): PatternNode =>
    sequenceOf([{ kind: 'assertion', assertion: before }, node, { kind: 'assertion', assertion: behind }]);
  if (line === true) return between('start', 'end');
  return word === true ? between('after-no-word', 'before-no-word') : node;
}

/** Whether every match is at the start of its line, so that no other place needs a look. */
function beginsLine(node: PatternNode): boolean {
  switch (node.kind) {
    case 'bytes':
      return false;
    case 'assertion':
      return node.assertion === 'start';
    case 'sequence':
      return node.parts.length > 0 && beginsLine(node.parts[0]!);
    case 'alternatives':
      return node.parts.every(beginsLine);
    case 'repetition':
      return node.minimum > 0 && beginsLine(node.part);
  }
}
