import { nearest } from '../errors/nearest.ts';
import type { DeclaredMetric } from './declared-metric.ts';
import { compileRegularExpression } from './regular-expression.ts';
import type { Matcher, MatchOperator } from './rule.ts';
import { current, takeSymbol, unexpected } from './rule-parser.ts';
import type { Parser } from './rule-parser.ts';
import type { Token } from './tokenize.ts';

/** What stands between the braces behind a metric; the opening one is already taken. */
export function parseMatchers(parser: Parser, metric: DeclaredMetric): Matcher[] {
  const matchers: Matcher[] = [];
  // A comma may stand behind the last matcher, as in PromQL.
  while (!takeSymbol(parser, '}')) {
    if (matchers.length > 0 && !takeSymbol(parser, ',')) unexpected(parser, "',' or '}'");
    if (matchers.length > 0 && takeSymbol(parser, '}')) break;
    matchers.push(parseMatcher(parser, metric));
  }
  return matchers;
}

function parseMatcher(parser: Parser, metric: DeclaredMetric): Matcher {
  const label = current(parser);
  if (label.kind !== 'word') unexpected(parser, 'the name of a label');
  const labels = [...metric.labels, ...(metric.furtherLabels ?? [])];
  if (!labels.includes(label.text)) {
    const near = nearest(label.text, labels);
    const known = labels.length === 0 ? 'it has no labels at all' : `its labels are ${labels.join(', ')}`;
    parser.fail({
      offset: label.offset,
      message: `${metric.name} has no label ${label.text}`,
      hint: near === undefined ? known : `did you mean ${near}?`,
    });
  }
  parser.position++;
  const operator = current(parser).text;
  if (current(parser).kind !== 'symbol' || !isMatchOperator(operator))
    unexpected(parser, 'one of = != =~ !~', 'write = between a label and its value');
  parser.position++;
  const value = current(parser);
  if (value.kind !== 'string') unexpected(parser, 'a text in quotes');
  if (operator === '=~' || operator === '!~') checkPattern(parser, value);
  parser.position++;
  return { label: label.text, operator, value: value.text };
}

function checkPattern(parser: Parser, token: Token): void {
  try {
    compileRegularExpression(token.text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    parser.fail({
      offset: token.offset,
      message: `the regular expression cannot be used: ${error.message}`,
      hint: 'known are . [a-z] [^a-z] \\\\d \\\\w \\\\s ( ) | * + ? {2,3}; it must match the whole value',
    });
  }
}

function isMatchOperator(text: string): text is MatchOperator {
  return ['=', '!=', '=~', '!~'].includes(text);
}
