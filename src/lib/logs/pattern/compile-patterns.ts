import { byteClasses } from './byte-classes.ts';
import { lazyAutomaton } from './lazy-automaton.ts';
import { behindAt, searchLines, searchMatchEnd, searchMatchStart } from './line-search.ts';
import { matchWindow } from './match-window.ts';
import { assertsLineEnd, patternTrees, wordOnly } from './pattern-tree.ts';
import type { PatternOptions } from './pattern-tree.ts';
import type { PatternNode } from './pattern.ts';
import { alternativesOf } from './pattern.ts';
import { checkTotal, programOf } from './program.ts';
import { renderRust } from './render-rust.ts';
import { requiredLiterals } from './required-literals.ts';
import { scanByText } from './scan-by-text.ts';
import { scanByAutomaton, scanByLiterals, scanByWindow } from './scan-lines.ts';
import type { ScanLines } from './scan-lines.ts';

export interface Match {
  start: number;
  end: number;
  reach: number;
}

/** Patterns of which a line matches one or more. Offsets are in bytes of the buffer that they go with. */
export interface CompiledPatterns {
  /** As they were written. */
  readonly texts: readonly string[];
  /** For `rg --no-unicode`, each after an -e of its own; with -w, `rustFlags` belong to them. None: no match. */
  readonly rust: readonly string[];
  readonly rustFlags: readonly string[];
  /**
   * Some pattern asks for the end of the line, by `$` or -x. It may stand before a carriage return, which `find` leaves
   * out of the match and ripgrep's -o would print.
   */
  readonly endsAtLineEnd: boolean;
  /** Whether a line, from `start` to `end` without its line feed, matches. */
  matches(bytes: Buffer, start: number, end: number): boolean;
  /**
   * The leftmost match of a line that begins at or behind `from`, which is `start` if left out; of several that begin
   * there the one that the pattern prefers, as in Rust and JavaScript. It may be empty. `reach`: how far it had to look.
   */
  find(bytes: Buffer, start: number, end: number, from?: number): Match | undefined;
  /** Calls back for every line that matches in a chunk of whole lines; the last of them may lack its line feed. */
  scan: ScanLines;
}

/**
 * Compiles patterns of the dialect of `parsePattern`; a line feed in one parts two patterns, as in grep. Every search
 * takes time linear in the text, whatever the patterns. Throws a UserError for what is no pattern or too large.
 */
export function compilePatterns(patterns: readonly string[], options: PatternOptions = {}): CompiledPatterns {
  // ripgrep may do all of the work, or nothing new be there to search: what takes milliseconds is made when it is used.
  const parsed = once(() => {
    const trees = patterns.flatMap((pattern) => patternTrees(pattern, options));
    checkTotal(trees.reduce((sum, { steps }) => sum + steps, 0));
    // No pattern at all: the set of no bytes, which nothing is in.
    const node: PatternNode =
      trees.length === 0
        ? { kind: 'bytes', set: [] }
        : alternativesOf(trees.map((tree) => wordOnly(tree.node, options)));
    return { trees, node };
  });
  // Only of letters and the like nothing can be wrong.
  if (!patterns.every((pattern) => /^[\w -]{0,100}$/.test(pattern)) || patterns.length > 100) parsed();
  const program = once(() => {
    const { node } = parsed();
    const searching = programOf(node, { unanchored: !beginsLine(node), reversed: false });
    return { searching, classes: byteClasses(searching) };
  });
  const automaton = once(() => {
    const { searching, classes } = program();
    return lazyAutomaton(searching, classes, { reversed: false, ordered: false });
  });
  const [scan, find] = [once(scanner), once(finder)];
  return {
    texts: patterns,
    get rust() {
      return parsed().trees.map((tree) => renderRust(tree.node));
    },
    rustFlags: options.word === true && options.line !== true ? ['--word-regexp'] : [],
    get endsAtLineEnd() {
      return assertsLineEnd(parsed().node);
    },
    matches: (bytes, start, end) => searchLines(automaton(), bytes, start, end, 0) !== -1,
    find: (bytes, start, end, from) => find()(bytes, start, end, from),
    scan: (chunk, start, end, onLine) => scan()(chunk, start, end, onLine),
  };

  function scanner(): ScanLines {
    const { node } = parsed();
    const literals = requiredLiterals(node);
    if (literals?.complete === true && literals.literals.length === 1) return scanByText(literals.literals[0]!);
    const every = automaton();
    const window = matchWindow(programOf(node, { unanchored: false, reversed: false }));
    const scanRest = window === undefined ? scanByAutomaton(every) : scanByWindow(window, every);
    return literals === undefined ? scanRest : scanByLiterals(literals, every, scanRest);
  }

  function finder(): CompiledPatterns['find'] {
    const { node } = parsed();
    const endsAtLineEnd = assertsLineEnd(node);
    const { searching, classes } = program();
    const forward = lazyAutomaton(searching, classes, { reversed: false, ordered: true });
    const reversed = programOf(node, { unanchored: false, reversed: true });
    const backward = lazyAutomaton(reversed, classes, { reversed: true, ordered: false });
    return (bytes, start, end, from = start) => {
      const { end: matchEnd, reach } = searchMatchEnd(forward, bytes, from, end, behindAt(bytes, from, start));
      if (matchEnd === -1) return undefined;
      const matchStart = searchMatchStart(backward, bytes, { lineStart: start, from, matchEnd, end });
      const endsInReturn = endsAtLineEnd && matchEnd === end && matchEnd > matchStart && bytes[end - 1] === 0x0d;
      return { start: matchStart, end: endsInReturn ? end - 1 : matchEnd, reach };
    };
  }
}

function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
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
