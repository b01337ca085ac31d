import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { formatWhere } from './format-where.ts';
import { parseWhere } from '../../../../src/lib/logs/fields/parse-where.ts';
import { compile } from './compile.ts';

test.for([
  ['status>=500&&service=="api"', 'status >= 500 && service == "api"'],
  ['a=1 or b=2 and not c=3', 'a == 1 || b == 2 && not c == 3'],
  ['(a=1 OR b=2) AND !(c=3)', '(a == 1 || b == 2) && not c == 3'],
  ['!(a=1 || b=2)', 'not (a == 1 || b == 2)'],
  ['((a=1))', 'a == 1'],
  ['a? && has(b.c)', 'has(a) && has(b.c)'],
  ['method in (GET, "POST", 5,)', 'method in ("GET", "POST", 5)'],
  ['method not in (GET)', 'method not in ("GET")'],
  ['msg == \'it is "x"\'', 'msg == "it is \\"x\\""'],
  ['msg == "a\\\\b\\n"', 'msg == "a\\\\b\\n"'],
  ['`user agent` == x', '`user agent` == "x"'],
  ['`a``b` == x', '`a``b` == "x"'],
  ['`in` == 1 && has == 2', '`in` == 1 && `has` == 2'],
  ['http.status == 5 && errors.0.code == 7', 'http.status == 5 && errors.0.code == 7'],
  [
    '@level == x && user-agent == y && app.kubernetes.io/name == z',
    '@level == "x" && user-agent == "y" && app.kubernetes.io/name == "z"',
  ],
  ['path =~ "^/api/\\d+\\"" && path !~ \'x\\\'\'', 'path =~ "^/api/\\d+\\"" && path !~ "x\'"'],
  [
    'remote == 10.0.0.1 && path == /health && t >= 2026-11-20T10:00:00Z',
    'remote == "10.0.0.1" && path == "/health" && t >= "2026-11-20T10:00:00Z"',
  ],
  ['a>-5 && b<=.5 && c != 1e3', 'a > -5 && b <= .5 && c != 1e3'],
  ['a > 10MiB && b > 1.5s && c == true && d != null', 'a > 10MiB && b > 1.5s && c == true && d != null'],
  ['größe == süß', 'größe == "süß"'],
] as const)('%s is %s', ([text, expected]) => {
  const where = parseWhere(text, compile);
  expect(formatWhere(where)).toBe(expected);
  expect(formatWhere(parseWhere(expected, compile))).toBe(expected);
});

test.for([
  ['a > 10MiB', 10_485_760],
  ['a > 10M', 10_485_760],
  ['a > 1.5GB', 1_500_000_000],
  ['a > 10m', 600],
  ['a > 250ms', 0.25],
  ['a > 2h30m', 9000],
  ['a > -2.5e3', -2500],
] as const)('the number of %s is %d', ([text, expected]) => {
  expect(parseWhere(text, compile)).toMatchObject({ value: { value: expected } });
});

test.for([
  ['', 1, 'expected the name of a field, but found the end', 'write a condition'],
  ['a', 2, 'but found the end', 'write a? for a field that is there'],
  ['a := 5', 3, "found ':='", 'nothing is assigned'],
  ['a += 5', 3, "found '+='", 'nothing is assigned'],
  ['a === 5', 3, "found '==='", 'write =='],
  ['a <> 5', 3, "found '<>'", 'write !='],
  ['a => 5', 3, "found '=>'", 'write >='],
  ['a =! 5', 3, "found '=!'", 'write !='],
  ['level:error', 6, "found ':'", 'write =='],
  ['a ~ "x"', 3, "found '~'", 'write =~'],
  ['a is null', 3, "found 'is'", 'write == null'],
  ['a contains b', 3, "found 'contains'", 'write =~'],
  ['a constructor b', 3, "found 'constructor'", 'write a condition'],
  ['a == 1 & b == 2', 8, "found '&'", 'write &&'],
  ['a == 1 | b == 2', 8, "found '|'", 'write ||'],
  ['a == 1 b == 2', 8, "found 'b'", 'write && or ||'],
  ['msg == connection refused', 19, "found 'refused'", 'in quotes'],
  ['path == /x?a=1', 13, "found '='", 'in quotes'],
  ['(a == 1', 8, 'the end', "close it with ')'"],
  ['a == 1)', 7, "found ')'", 'leave it out'],
  ['a == ', 6, 'expected a value', 'write a number'],
  ['a == and b == 1', 6, "found 'and'", 'in quotes'],
  ['a == `b`', 6, "found '`'", 'backquotes are for names'],
  ['a == "b', 6, 'has no end', 'close it with "'],
  ['`a == 1', 1, 'backquotes has no end', 'between two backquotes'],
  ['a == "\\d"', 7, 'a backslash in quotes', 'only a pattern'],
  ['5 == a', 1, "found '5'", 'the name before the value'],
  ['"a" == 5', 1, 'expected the name of a field', 'an odd name in backquotes'],
  ['.a == 5', 1, "found '.'", 'without the point'],
  ['errors[0] == 5', 7, "found '['", "'errors.0'"],
  ['lower(a) == 5', 6, "found '('", 'the only function is has(name)'],
  ['in == 5', 1, "found 'in'", 'in backquotes'],
  ['a in b', 6, "expected '('", 'write a in (a, b)'],
  ['a in (b c)', 9, "expected ',' or ')'", 'write a in (a, b)'],
  ['a not b', 7, "expected 'in'", 'a not in (a, b)'],
  ['has()', 5, 'expected the name of a field', 'has(name)'],
  ['has(a', 6, "expected ')'", 'has(name)'],
  ['a =~ b', 6, 'expected a pattern in quotes', 'a =~ "^/api/"'],
  ['ü == 1 && a =~ "("', 16, "'(' is no pattern", 'mend the pattern'],
  ['status == 5xx', 11, "'5xx' is no number", 'status >= 500 && status <= 599'],
  ['a > 90%', 5, "'90%' is no number", 'durations 250ms'],
  ['duration_ms > 1.5s', 15, 'named as milliseconds', 'duration_ms > 1500'],
  ['latency_us in (1ms)', 16, 'named as microseconds', 'latency_us == 1000'],
  ['level >= warn', 10, 'letter by letter', 'write --level warn'],
  ['a > true', 5, 'neither more nor less', 'write == or !='],
  [`${'('.repeat(60)}a?${')'.repeat(60)}`, 52, 'more than 50 parentheses', 'write fewer'],
  [`${'!'.repeat(5000)}a?`, 1, 'longer than 4096', 'shorter'],
  [`${'!'.repeat(4000)}a?`, 52, 'more than 50', 'write fewer'],
] as const)('%j is refused at column %d', ([text, column, message, hint]) => {
  const error = mistakeIn(text);
  expect(error.message).toContain(`, column ${column}: `);
  expect(error.message).toContain(message);
  expect(error.hints[0]).toContain(hint);
  expect(error.code).toBe('usage');
});

function mistakeIn(text: string): UserError {
  try {
    parseWhere(text, compile);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`${text} was not refused`);
}

test('what a matcher does not understand is told with its own hint, and its defects are not hidden', () => {
  const refuse = (): never => {
    throw new UserError('it looks behind', { hints: ['write it without (?<='] });
  };
  expect(() => parseWhere('a =~ "(?<=x)"', refuse)).toThrow("column 6: '(?<=x)' is no pattern: it looks behind");
  const broken = (): never => {
    throw new RangeError('a defect');
  };
  expect(() => parseWhere('a =~ "x"', broken)).toThrow(RangeError);
});

const piece = fc.oneof(
  fc.constantFrom('a', 'b.c', 'status', 'has(', '(', ')', ',', '&&', '||', '!', 'and', 'or', 'not', 'in', '?'),
  fc.constantFrom('==', '=', '!=', '<', '>=', '=~', '!~', '"x"', "'y\\n'", '`n`', '5', '-1.5', '10MiB', '1.5s', 'true'),
  fc.constantFrom(' ', ' ', ' ', '\n', '"', "'", '`', '\\', '.', '[', 'null', '/p', '10.0.0.1', '5xx', 'é', '\u0000'),
  fc.string({ maxLength: 3 }),
);

test('any text is a condition or a UserError, and a condition that is printed is read as the same', () => {
  let parsed = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      let where;
      try {
        where = parseWhere(pieces.join(''), compile);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        return;
      }
      parsed++;
      const printed = formatWhere(where);
      const again = parseWhere(printed, compile);
      expect(formatWhere(again)).toBe(printed);
      expect(JSON.stringify(again)).toBe(JSON.stringify(where));
    }),
    { numRuns: 5000, seed: 7 },
  );
  expect(parsed).toBeGreaterThan(20);
});
