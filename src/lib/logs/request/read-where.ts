import { parseWhere } from '../fields/parse-where.ts';
import type { Where } from '../fields/where.ts';
import { compilePatterns } from '../pattern/compile-patterns.ts';

/** The conditions of --where, which have to hold together. */
export function readWhere(texts: readonly string[]): Where {
  const operands = texts.map((text) => parseWhere(text, textMatcher));
  return operands.length === 1 ? operands[0]! : { kind: 'and', operands };
}

function textMatcher(pattern: string): (text: string) => boolean {
  const compiled = compilePatterns([pattern]);
  return (text) => {
    // A field may have line feeds, which no line has.
    const bytes = Buffer.from(text.replaceAll('\n', ' '));
    return compiled.matches(bytes, 0, bytes.length);
  };
}
