import type { Literal, Where } from '../../../../src/lib/logs/fields/where.ts';

/**
 * A condition as text that `parseWhere` reads as the same condition: with `&&`, `||` and `not`, all texts in quotes, and
 * parentheses only where they are needed, so that it is never nested deeper than what was parsed.
 */
export function formatWhere(where: Where): string {
  switch (where.kind) {
    case 'and':
    case 'or':
      return where.operands
        .map((operand) => formatOperand(operand, where.kind))
        .join(where.kind === 'and' ? ' && ' : ' || ');
    case 'not':
      return `not ${formatOperand(where.operand, 'not')}`;
    case 'has':
      return `has(${formatName(where.name)})`;
    case 'comparison':
      return `${formatName(where.name)} ${where.operator} ${formatLiteral(where.value)}`;
    case 'in':
      return `${formatName(where.name)} ${where.isNegated ? 'not in' : 'in'} (${where.values.map(formatLiteral).join(', ')})`;
    case 'match':
      return `${formatName(where.name)} ${where.isNegated ? '!~' : '=~'} ${formatPattern(where.pattern)}`;
  }
}

function formatOperand(where: Where, around: 'and' | 'or' | 'not'): string {
  const binds = where.kind === 'or' || (where.kind === 'and' && around !== 'or');
  return binds ? `(${formatWhere(where)})` : formatWhere(where);
}

const plainName = /^(?!(?:and|or|not|in|has)$)[\p{L}_@$][\p{L}\p{N}_@$\-/]*(?:\.[\p{L}\p{N}_@$\-/]+)*$/iu;

function formatName(name: string): string {
  return plainName.test(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}

function formatLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'text':
      return `"${literal.value.replace(/[\n\t"\\]/g, (found) => escapes[found]!)}"`;
    case 'number':
    case 'size':
    case 'duration':
      return literal.written;
    case 'boolean':
      return String(literal.value);
    case 'null':
      return 'null';
  }
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/** A pattern keeps its backslashes; only a quote gets one. */
function formatPattern(pattern: string): string {
  return `"${pattern.replace(/\\[^]|"/g, (found) => (found === '"' ? '\\"' : found))}"`;
}
