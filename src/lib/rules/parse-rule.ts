import { nearest } from '../errors/nearest.ts';
import { UserError } from '../errors/user-error.ts';
import { parseDuration } from '../quantity/duration.ts';
import type { DeclaredMetric } from './declared-metric.ts';
import { limitWords, parseLimit } from './parse-limit.ts';
import { parseMatchers } from './parse-matchers.ts';
import type { ComparisonOperator, Condition, Rule } from './rule.ts';
import { quoted } from '../text/quoted.ts';
import { current, keywordOf, takeKeyword, takeSymbol, unexpected } from './rule-parser.ts';
import type { Parser } from './rule-parser.ts';
import { tokenize } from './tokenize.ts';
import type { Mistake } from './tokenize.ts';

// Far beyond any rule a person writes; together they bound the time and the stack that a hostile one can take.
const maximumLength = 4096;
const maximumDepth = 50;

/**
 * A rule: `METRIC[{label="x", ...}] OP VALUE[UNIT]`, joined by `and` and `or` (`and` binds tighter) and parentheses, and
 * at its end `for DURATION`. The keys of `metrics` are the names that may be written, aliases included.
 * Throws a UserError `usage` that names the column of the first mistake.
 */
export function parseRule(text: string, metrics: ReadonlyMap<string, DeclaredMetric>): Rule {
  const fail = (mistake: Mistake): never => {
    const column = Array.from(text.slice(0, mistake.offset)).length + 1;
    throw new UserError(`rule ${quoted(text)}, column ${column}: ${mistake.message}`, {
      code: 'usage',
      hints: [mistake.hint],
    });
  };
  if (text.length > maximumLength) {
    fail({ offset: 0, message: `it is longer than ${maximumLength} characters`, hint: 'write several rules instead' });
  }
  const parser: Parser = { tokens: tokenize(text, fail), position: 0, metrics, fail };
  const condition = parseOr(parser, 0);
  const rule: Rule = { text, condition };
  if (takeKeyword(parser, 'for')) rule.forSeconds = parseFor(parser);
  if (current(parser).kind !== 'end') unexpected(parser, "'and', 'or', 'for' or the end of the rule");
  return rule;
}

function parseOr(parser: Parser, depth: number): Condition {
  const operands = [parseAnd(parser, depth)];
  while (takeKeyword(parser, 'or')) operands.push(parseAnd(parser, depth));
  return operands.length === 1 ? operands[0]! : { kind: 'or', operands };
}

function parseAnd(parser: Parser, depth: number): Condition {
  const operands = [parseOperand(parser, depth)];
  while (takeKeyword(parser, 'and')) operands.push(parseOperand(parser, depth));
  return operands.length === 1 ? operands[0]! : { kind: 'and', operands };
}

function parseOperand(parser: Parser, depth: number): Condition {
  const { offset } = current(parser);
  if (!takeSymbol(parser, '(')) return parseComparison(parser);
  if (depth === maximumDepth) {
    parser.fail({
      offset,
      message: `it has more than ${maximumDepth} parentheses inside each other`,
      hint: 'write fewer',
    });
  }
  const condition = parseOr(parser, depth + 1);
  if (keywordOf(current(parser)) === 'for') {
    parser.fail({
      offset: current(parser).offset,
      message: "'for' belongs to the whole rule, not to a part of it",
      hint: "write 'for' once, at the end of the rule, or write two rules",
    });
  }
  if (!takeSymbol(parser, ')')) unexpected(parser, "'and', 'or' or ')'");
  return condition;
}

function parseComparison(parser: Parser): Condition {
  const metric = parseMetric(parser);
  const matchers = takeSymbol(parser, '{') ? parseMatchers(parser, metric) : [];
  const operator = parseOperator(parser, matchers.length > 0);
  return { kind: 'comparison', metric, matchers, operator, limit: parseValue(parser, metric) };
}

function parseMetric(parser: Parser): DeclaredMetric {
  const token = current(parser);
  if (token.kind !== 'word' || keywordOf(token) !== undefined) unexpected(parser, 'the name of a metric');
  const metric = parser.metrics.get(token.text);
  if (metric === undefined) {
    parser.fail({
      offset: token.offset,
      message: `there is no metric ${token.text}`,
      hint: metricHint(parser, token.text),
    });
  }
  parser.position++;
  return metric;
}

function metricHint(parser: Parser, name: string): string {
  const names = [...parser.metrics.keys()];
  const near = nearest(name, names);
  if (near !== undefined) return `did you mean ${near}?`;
  const family = name.slice(0, name.indexOf('.') + 1);
  const siblings = family === '' ? [] : names.filter((other) => other.startsWith(family));
  if (siblings.length > 0) return `known are ${siblings.join(', ')}`;
  const families = new Set(names.filter((other) => other.includes('.')).map((other) => other.replace(/\..*/, '.*')));
  return `known are ${[...families].join(', ')}`;
}

function isComparisonOperator(text: string): text is ComparisonOperator {
  return ['>', '>=', '<', '<=', '==', '!='].includes(text);
}

function parseOperator(parser: Parser, hasMatchers: boolean): ComparisonOperator {
  const token = current(parser);
  if (token.kind !== 'symbol' || !isComparisonOperator(token.text)) {
    const hint = token.text === '=' ? "write == for 'is equal to'" : undefined;
    unexpected(parser, `one of > >= < <= == !=${hasMatchers ? '' : ' or {'}`, hint);
  }
  parser.position++;
  return token.text;
}

function parseValue(parser: Parser, metric: DeclaredMetric): number {
  const token = current(parser);
  const words = limitWords[metric.unit];
  if (token.kind === 'end' || token.kind === 'symbol' || keywordOf(token) !== undefined)
    unexpected(parser, words.example);
  parser.position++;
  const text = token.text + (token.kind === 'number' ? takeUnit(parser) : '');
  const limit = token.kind === 'string' ? undefined : parseLimit(text, metric.unit);
  if (limit === undefined) {
    const message = `${metric.name} is ${words.is}, so it cannot be compared with ${quoted(text)}`;
    parser.fail({ offset: token.offset, message, hint: `write ${words.example}` });
  }
  return limit;
}

/** The unit behind a number when a space stands between them. */
function takeUnit(parser: Parser): string {
  const token = current(parser);
  const isWord = token.kind === 'word' && keywordOf(token) === undefined && /^[A-Za-z]+$/.test(token.text);
  const isUnit = isWord || (token.kind === 'symbol' && token.text === '%');
  if (!isUnit) return '';
  parser.position++;
  return token.text;
}

function parseFor(parser: Parser): number {
  const token = current(parser);
  const hint = "write a duration such as 'for 15m'; the rule must have been true at every run for that long";
  if (token.kind !== 'number') unexpected(parser, 'a duration such as 15m', hint);
  parser.position++;
  const text = token.text + takeUnit(parser);
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return parser.fail({ offset: token.offset, message: `${quoted(text)} is not a duration`, hint });
  }
}
