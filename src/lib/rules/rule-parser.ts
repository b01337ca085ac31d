import { quoted } from '../text/quoted.ts';
import type { DeclaredMetric } from './declared-metric.ts';
import type { Mistake, Token } from './tokenize.ts';

/** Where the parser stands in the words of one rule. */
export interface Parser {
  readonly tokens: readonly Token[];
  position: number;
  readonly metrics: ReadonlyMap<string, DeclaredMetric>;
  readonly fail: (mistake: Mistake) => never;
}

export function current(parser: Parser): Token {
  return parser.tokens[parser.position]!;
}

export function takeSymbol(parser: Parser, text: string): boolean {
  const found = current(parser).kind === 'symbol' && current(parser).text === text;
  if (found) parser.position++;
  return found;
}

export function takeKeyword(parser: Parser, keyword: string): boolean {
  const found = keywordOf(current(parser)) === keyword;
  if (found) parser.position++;
  return found;
}

/** As in PromQL, keywords may be written in capitals. */
export function keywordOf(token: Token): string | undefined {
  const word = token.text.toLowerCase();
  return token.kind === 'word' && ['and', 'or', 'for'].includes(word) ? word : undefined;
}

/** Fails on the current word. */
export function unexpected(parser: Parser, expected: string, hint?: string): never {
  const token = current(parser);
  const found = token.kind === 'end' ? 'the end of the rule' : quoted(token.text);
  parser.fail({
    offset: token.offset,
    message: `expected ${expected}, but found ${found}`,
    hint: hint ?? 'write a rule such as disk.used_pct{mount="/var"} > 90%',
  });
}
