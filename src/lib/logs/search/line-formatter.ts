import type { CompiledPatterns } from '../pattern/compile-patterns.ts';
import type { ByteSink } from './byte-sink.ts';
import type { LineKind, PrintLine } from './context-lines.ts';
import type { GrepStyle } from './grep-style.ts';
import { matchesOfLine } from './matches-of-line.ts';

/** One line as grep prints it: name, number, text, in colours where they are wanted. */
export interface LineFormatter {
  begin(name: string): void;
  line: PrintLine;
  name(name: string): void;
  count(name: string, count: number): void;
}

interface FormatterOptions {
  style: GrepStyle;
  patterns: CompiledPatterns | undefined;
  rewrite: ((line: Buffer) => Buffer) | undefined;
  sink: ByteSink;
}

/** The colours of GNU grep, see GREP_COLORS in grep(1). */
const codes = { match: '01;31', name: '35', number: '32', separator: '36' };

export function createLineFormatter({ style, patterns, rewrite, sink }: FormatterOptions): LineFormatter {
  const { color, withFilename, lineNumber, invert } = style;
  // Where no pattern says which part is the wanted one, the line is.
  const onlyMatching = style.onlyMatching && patterns !== undefined;
  /** Whether the patterns match a line; with -v that is one of those around the found ones. */
  const hasMatches = (kind: LineKind): boolean => patterns !== undefined && (kind === 'match') !== invert;
  const paint = (what: keyof typeof codes, text: string): string =>
    color ? `\u001B[${codes[what]}m\u001B[K${text}\u001B[m\u001B[K` : text;
  const matchBegin = Buffer.from(`\u001B[${codes.match}m\u001B[K`);
  const matchEnd = Buffer.from('\u001B[m\u001B[K');
  const separators: Record<LineKind, string> = { match: paint('separator', ':'), context: paint('separator', '-') };
  let lead: Record<LineKind, string> = { match: '', context: '' };

  function prefix(number: number, kind: LineKind): void {
    const numbered = lineNumber ? paint('number', String(number)) + separators[kind] : '';
    if (withFilename || lineNumber) sink.text(lead[kind] + numbered);
  }

  function printMatches(bytes: Buffer, start: number, end: number, number: number, kind: LineKind): void {
    for (const match of matchesOfLine(patterns!, bytes, start, end)) {
      prefix(number, kind);
      if (color) sink.copy(matchBegin, 0, matchBegin.length);
      sink.copy(bytes, match.start, match.end);
      if (color) sink.copy(matchEnd, 0, matchEnd.length);
      sink.text('\n');
    }
  }

  function printMarked(bytes: Buffer, start: number, end: number): void {
    let at = start;
    for (const match of matchesOfLine(patterns!, bytes, start, end, true)) {
      sink.copy(bytes, at, match.start);
      sink.copy(matchBegin, 0, matchBegin.length);
      sink.copy(bytes, match.start, match.end);
      sink.copy(matchEnd, 0, matchEnd.length);
      at = match.end;
    }
    sink.copy(bytes, at, end);
  }

  const print = (bytes: Buffer, start: number, end: number, number: number, kind: LineKind): void => {
    // grep prints the separators of the groups all the same.
    if (onlyMatching && !hasMatches(kind)) return;
    const line = rewrite === undefined ? bytes : rewrite(bytes.subarray(start, end));
    const [from, to] = rewrite === undefined ? [start, end] : [0, line.length];
    if (onlyMatching) return printMatches(line, from, to, number, kind);
    prefix(number, kind);
    if (color && hasMatches(kind)) printMarked(line, from, to);
    else sink.copy(line, from, to);
    sink.text('\n');
  };

  return {
    begin(name) {
      const shown = withFilename ? paint('name', name) : '';
      lead = {
        match: withFilename ? shown + separators.match : '',
        context: withFilename ? shown + separators.context : '',
      };
    },
    line: Object.assign(print, { separator: () => sink.text(`${paint('separator', '--')}\n`) }),
    name: (name) => sink.text(`${paint('name', name)}\n`),
    count: (name, count) => sink.text(`${withFilename ? paint('name', name) + separators.match : ''}${count}\n`),
  };
}
