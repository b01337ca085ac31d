import type { FieldValue } from './field-value.ts';
import { parseNumber } from './parse-literal.ts';
import type { ComparisonOperator, Literal, Where } from './where.ts';

/**
 * Whether a record fulfils a condition; `read` gives its fields.
 *
 * - A field that is not there makes every comparison false, also `!=`, `!~` and `not in`, as NULL does in SQL: an alert on
 *   `status != 200` is not about lines without a status. `!` and `not` turn what they get, so `!(status == 200)` does
 *   mean them. The one exception is null: `== null` is a field that is null or missing, `!= null` one that is neither.
 *   A field that is null is no more equal, greater or matching than a missing one; `has` and `?` see it.
 * - A number on the right is compared as a number with a number or with text that is one (`status=500` in logfmt); text
 *   that is none is unequal and not ordered. Integers beyond 2^53 are compared as texts when the field is text.
 * - A size or a duration is a number, of bytes or of seconds. A field that is text with a unit is converted before
 *   (`took=1.5s`, `250µs`, `1m30s`); a bare number is taken as it is, whatever its name.
 * - A text on the right is compared with the field as text, letter by letter and with its case; `<` and its kin compare
 *   numbers when both sides are numbers, else texts by UTF-16 units, which is right for ISO times.
 * - true and false equal the boolean and the word. A pattern sees numbers and booleans as text.
 */
export function evaluateWhere(where: Where, read: (name: string) => FieldValue | undefined): boolean {
  switch (where.kind) {
    case 'and':
      return where.operands.every((operand) => evaluateWhere(operand, read));
    case 'or':
      return where.operands.some((operand) => evaluateWhere(operand, read));
    case 'not':
      return !evaluateWhere(where.operand, read);
    case 'has':
      return read(where.name) !== undefined;
    case 'comparison':
      return compare(read(where.name) ?? null, where.operator, where.value);
    case 'in': {
      const value = read(where.name) ?? null;
      if (value === null)
        return where.values.some(({ kind }) => kind === 'null') !== where.isNegated && !where.isNegated;
      return where.values.some((literal) => isEqual(value, literal)) !== where.isNegated;
    }
    case 'match': {
      const value = read(where.name) ?? null;
      return value !== null && where.matches(String(value)) !== where.isNegated;
    }
  }
}

function compare(value: FieldValue, operator: ComparisonOperator, literal: Literal): boolean {
  if (literal.kind === 'null') return operator === '==' ? value === null : operator === '!=' && value !== null;
  if (value === null) return false;
  if (operator === '==') return isEqual(value, literal);
  if (operator === '!=') return !isEqual(value, literal);
  if (literal.kind === 'boolean' || typeof value === 'boolean') return false;
  const right = literal.kind === 'text' ? parseNumber(literal.value) : literal.value;
  const left = numberOf(value, literal);
  if (left !== undefined && right !== undefined) return isOrdered(left, operator, right);
  return literal.kind === 'text' && typeof value === 'string' && isOrdered(value, operator, literal.value);
}

function isOrdered<Value extends number | string>(left: Value, operator: ComparisonOperator, right: Value): boolean {
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function isEqual(value: string | number | boolean, literal: Literal): boolean {
  if (literal.kind === 'null') return false;
  if (literal.kind === 'text' || literal.kind === 'boolean') return String(value) === String(literal.value);
  if (value === literal.written) return true;
  const isTooLarge =
    literal.kind === 'number' && Number.isInteger(literal.value) && !Number.isSafeInteger(literal.value);
  if (isTooLarge && typeof value === 'string' && /^\d+$/.test(value)) return false;
  return numberOf(value, literal) === literal.value;
}

function numberOf(value: string | number | boolean, { kind }: Literal): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return undefined;
  const plain = parseNumber(value);
  if (plain !== undefined || value.length > 32) return plain;
  return kind === 'duration' ? secondsOf(value) : kind === 'size' ? bytesOf(value) : undefined;
}

const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

/** A duration as Go and others write it into logs: `1m30.5s`, `250µs`. */
function secondsOf(text: string): number | undefined {
  let seconds = 0;
  let end = 0;
  const part = /(\d+(?:\.\d+)?)(ns|[uµμ]s|ms|[smhd])/gy;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    seconds += Number(match[1]) * unitSeconds[match[2]!]!;
    end = part.lastIndex;
  }
  return end > 0 && end === text.length ? seconds : undefined;
}

/** A size as `parseSize` reads it; a log with many fields that are none is no place for exceptions. */
function bytesOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?(?:([kmgtp])(i?b)?|b)$/i.exec(text);
  if (match === null) return undefined;
  const base = match[3]?.toLowerCase() === 'b' ? 1000 : 1024;
  return Math.round(Number(match[1]) * base ** ' kmgtp'.indexOf(match[2]?.toLowerCase() ?? ' '));
}
