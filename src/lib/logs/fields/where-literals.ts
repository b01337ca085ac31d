import { parseNumber } from './parse-literal.ts';
import type { Shape } from './shape.ts';
import type { Literal, Where } from './where.ts';

/**
 * Texts that a line must contain to fulfil the condition, for a search by bytes before anything is parsed: at least one
 * of each inner list. `level=="error" && (service=="api" || service=="web")` gives `[["error"], ["api", "web"]]`;
 * an empty list says nothing.
 *
 * Only what every writer writes as it is counts: the longest run of ASCII letters, digits, blanks and `_ - .`, because
 * JSON may escape everything else (`\/`, `\u003c`, `\u00e9`), and Docker does it twice. That letters are escaped, too,
 * would be right in JSON and is done by nobody. Numbers do not count (500 is also 5e2), nor do patterns and negations.
 * With `shape` json, the quote before it counts as well. For records of several lines the text may stand in any of them. Case matters.
 */
export function whereLiterals(where: Where, shape: Shape = 'text'): readonly (readonly string[])[] {
  switch (where.kind) {
    case 'and':
      return where.operands.flatMap((operand) => whereLiterals(operand, shape));
    case 'or':
      return alternatives(where.operands.map((operand) => best(whereLiterals(operand, shape))));
    case 'comparison':
      return where.operator === '==' ? alternatives([literalsOf(where.value, shape)]) : [];
    case 'in':
      return where.isNegated ? [] : alternatives(where.values.map((value) => literalsOf(value, shape)));
    case 'not':
    case 'has':
    case 'match':
      return [];
  }
}

/** Each is the literals of one way to fulfil the condition; one without any makes the search useless. */
function alternatives(ways: readonly (readonly string[] | undefined)[]): readonly (readonly string[])[] {
  const all = ways.filter((way) => way !== undefined);
  if (all.length < ways.length) return [];
  const texts = new Set(all.flat());
  return texts.size > mostAlternatives ? [] : [[...texts]];
}

/** With more than this, looking for each costs more than parsing the line. */
const mostAlternatives = 16;

/** Of several lists that all hold, the one with the longest shortest text: it is the rarest, as far as one can tell. */
function best(lists: readonly (readonly string[])[]): readonly string[] | undefined {
  return lists.toSorted((a, b) => shortest(b) - shortest(a))[0];
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length));
}

function literalsOf(literal: Literal, shape: Shape): readonly string[] | undefined {
  if (literal.kind !== 'text') return undefined;
  const { value } = literal;
  // Text that a number, a boolean, or a list prints as need not stand in the line that way.
  if (parseNumber(value) !== undefined || /^(?:true|false|-?Infinity|[[{].*)$/s.test(value)) return undefined;
  const runs = value.match(/[A-Za-z0-9 _.-]+/g) ?? [];
  // A text of JSON begins with a quote, also within one that Docker has wrapped: far fewer lines have that.
  if (shape === 'json' && runs[0]?.length === value.length) return [`"${value}`];
  return runs.length === 0 ? undefined : [runs.reduce((first, run) => (run.length > first.length ? run : first))];
}
