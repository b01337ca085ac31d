import { UserError } from '../../errors/user-error.ts';
import { quoted } from '../../text/quoted.ts';
import type { Mistake } from '../../rules/tokenize.ts';
import { parseList, parseLiteral } from './parse-literal.ts';
import type { CompilePattern, ComparisonOperator, Where } from './where.ts';
import { peekWord, skipBlanks, take, takeKeyword, takeName, takePattern, unexpected } from './where-scanner.ts';
import type { Scanner } from './where-scanner.ts';

// Far beyond any condition a person writes; together they bound the time and the stack that a hostile one can take.
const maximumLength = 4096;
const maximumDepth = 50;

const example = "write a condition such as status >= 500 && service == 'api'";

/**
 * A condition: `name OP value` with `==` (or `=`), `!=`, `<`, `<=`, `>`, `>=`; `name =~ "pattern"`, `name !~ "pattern"`;
 * `name in (a, b)`, `name not in (a, b)`; `name?` or `has(name)`; joined by `&&`, `||`, `!` (or and, or, not; in this
 * order of binding: not, and, or) and parentheses. A name may be dotted (`http.status`, `errors.0.code`), an odd one
 * stands in backquotes. For what may stand on the right side see `parseLiteral`, for what it all means
 * `evaluateWhere`. Throws a UserError `usage` that names the column of the first mistake.
 */
export function parseWhere(text: string, compile: CompilePattern): Where {
  const fail = (mistake: Mistake): never => {
    const column = Array.from(text.slice(0, mistake.offset)).length + 1;
    throw new UserError(`condition ${quoted(text)}, column ${column}: ${mistake.message}`, {
      code: 'usage',
      hints: [mistake.hint],
    });
  };
  if (text.length > maximumLength) {
    fail({ offset: 0, message: `it is longer than ${maximumLength} characters`, hint: 'write a shorter condition' });
  }
  const scanner: Scanner = { text, position: 0, compile, fail };
  const where = parseOr(scanner, 0);
  skipBlanks(scanner);
  if (scanner.position < text.length) unexpectedBehind(scanner, 'the end');
  return where;
}

function parseOr(scanner: Scanner, depth: number): Where {
  const operands = [parseAnd(scanner, depth)];
  while (take(scanner, /\|\|/y) !== undefined || takeKeyword(scanner, 'or')) operands.push(parseAnd(scanner, depth));
  return operands.length === 1 ? operands[0]! : { kind: 'or', operands };
}

function parseAnd(scanner: Scanner, depth: number): Where {
  const operands = [parseOperand(scanner, depth)];
  while (take(scanner, /&&/y) !== undefined || takeKeyword(scanner, 'and')) operands.push(parseOperand(scanner, depth));
  return operands.length === 1 ? operands[0]! : { kind: 'and', operands };
}

function parseOperand(scanner: Scanner, depth: number): Where {
  skipBlanks(scanner);
  if (depth > maximumDepth) {
    const message = `it has more than ${maximumDepth} parentheses and negations inside each other`;
    scanner.fail({ offset: scanner.position, message, hint: 'write fewer' });
  }
  if (take(scanner, /!(?![=~])/y) !== undefined || takeKeyword(scanner, 'not')) {
    return { kind: 'not', operand: parseOperand(scanner, depth + 1) };
  }
  if (take(scanner, /\(/y) === undefined) return parseTest(scanner);
  const where = parseOr(scanner, depth + 1);
  if (take(scanner, /\)/y) === undefined) unexpectedBehind(scanner, "')'");
  return where;
}

/** Fails behind a whole comparison. */
function unexpectedBehind(scanner: Scanner, end: string): never {
  return unexpected(scanner, `&&, || or ${end}`, joinHint(scanner.text[scanner.position], end));
}

function joinHint(character: string | undefined, end: string): string {
  if (character === undefined) return `close it with ${end}`;
  if (character === ')') return 'leave it out, or write its ( before';
  if (character === '&') return 'write && between two conditions';
  if (character === '|') return 'write || between two conditions';
  return 'write && or || between two conditions, and put a text of several words or with other signs in quotes';
}

function parseTest(scanner: Scanner): Where {
  if (takeCall(scanner, 'has')) {
    const name = takeName(scanner) ?? unexpected(scanner, 'the name of a field', 'write has(name) or name?');
    if (take(scanner, /\)/y) === undefined) unexpected(scanner, "')'", 'write has(name) or name?');
    return { kind: 'has', name };
  }
  const name = takeName(scanner) ?? unexpected(scanner, 'the name of a field', nameHint(scanner));
  if (take(scanner, /\?/y) !== undefined) return { kind: 'has', name };
  if (takeKeyword(scanner, 'in')) return { kind: 'in', name, isNegated: false, values: parseList(scanner, name) };
  if (takeKeyword(scanner, 'not')) {
    if (!takeKeyword(scanner, 'in')) unexpected(scanner, "'in'", `write ${name} not in (a, b), or not before the name`);
    return { kind: 'in', name, isNegated: true, values: parseList(scanner, name) };
  }
  skipBlanks(scanner);
  const offset = scanner.position;
  const operator = take(scanner, /[=!<>~:+*|&^-]+?(?=[^=!<>~:]|$)/y);
  if (operator === '=~' || operator === '!~') return parseMatch(scanner, name, operator === '!~');
  const known = operator === undefined ? undefined : operators[operator];
  if (known !== undefined) {
    return { kind: 'comparison', name, operator: known, value: parseLiteral(scanner, name, known) };
  }
  scanner.position = offset;
  return unexpected(scanner, 'a comparison such as == or >=', operatorHint(scanner, name, operator));
}

function takeCall(scanner: Scanner, name: string): boolean {
  const { position } = scanner;
  if (takeKeyword(scanner, name) && take(scanner, /\(/y) !== undefined) return true;
  scanner.position = position;
  return false;
}

const operators: Readonly<Record<string, ComparisonOperator | undefined>> = {
  '==': '==',
  '=': '==',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function nameHint(scanner: Scanner): string {
  const character = scanner.text[scanner.position] ?? '';
  if (character === '.') return 'write the name without the point before it';
  if (character === '"' || character === "'" || /\d/.test(character)) {
    return 'write the name before the value, such as status >= 500, and an odd name in backquotes';
  }
  if (peekWord(scanner) !== undefined) return 'write a field that has the name of a keyword in backquotes';
  return example;
}

const operatorHints: Readonly<Record<string, string>> = {
  '===': 'write == for equal',
  '!==': 'write != for not equal',
  '<>': 'write != for not equal',
  '=>': 'write >= for at least',
  '=<': 'write <= for at most',
  '=!': 'write != for not equal',
  ':=': 'write == to compare; nothing is assigned here',
  '+=': 'write == to compare; nothing is assigned here',
  ':': 'write == for equal, or =~ "text" for what contains it',
  ':>': 'write the comparison without the colon',
  '~': 'write =~ "pattern"',
  '~=': 'write =~ "pattern"',
  '==~': 'write =~ "pattern"',
};

const wordHints: Readonly<Record<string, string>> = {
  is: 'write == null for what is missing or null, and has(name) for what is there',
  eq: 'write ==',
  equals: 'write ==',
  ne: 'write !=',
  gt: 'write >',
  ge: 'write >=',
  gte: 'write >=',
  lt: 'write <',
  le: 'write <=',
  lte: 'write <=',
  contains: 'write =~ "text"',
  like: 'write =~ "pattern"',
  ilike: 'write =~ "pattern"',
  matches: 'write =~ "pattern"',
  between: 'write name >= 1 && name <= 5',
  exists: 'write name? or has(name)',
};

function operatorHint(scanner: Scanner, name: string, operator: string | undefined): string {
  const word = peekWord(scanner)?.toLowerCase() ?? '';
  const known = operatorHints[operator ?? ''] ?? (Object.hasOwn(wordHints, word) ? wordHints[word] : undefined);
  if (known !== undefined) return known;
  const character = scanner.text[scanner.position];
  if (character === '[') return `write ${quoted(`${name}.0`)} for the first element`;
  if (character === '(') return 'the only function is has(name); a condition has its parentheses around all of it';
  if (character === undefined || ')&|'.includes(character) || word === 'and' || word === 'or')
    return `write ${name}? for a field that is there, or ${name} == true`;
  return example;
}

function parseMatch(scanner: Scanner, name: string, isNegated: boolean): Where {
  skipBlanks(scanner);
  const offset = scanner.position;
  const pattern = takePattern(scanner) ?? unexpected(scanner, 'a pattern in quotes', `write ${name} =~ "^/api/"`);
  try {
    return { kind: 'match', name, isNegated, pattern, matches: scanner.compile(pattern) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof UserError)) throw error;
    const hint = error instanceof UserError ? error.hints[0] : undefined;
    return scanner.fail({
      offset,
      message: `${quoted(pattern)} is no pattern: ${error.message}`,
      hint: hint ?? 'mend the pattern, or compare with ==',
    });
  }
}
