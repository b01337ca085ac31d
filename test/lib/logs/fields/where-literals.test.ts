import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateWhere } from '../../../../src/lib/logs/fields/evaluate-where.ts';
import { parseWhere } from '../../../../src/lib/logs/fields/parse-where.ts';
import { readRecord } from '../../../../src/lib/logs/fields/record-reader.ts';
import { whereLiterals } from '../../../../src/lib/logs/fields/where-literals.ts';
import { compile } from './compile.ts';

test.for([
  ['level=="error" && service=="api"', [['error'], ['api']]],
  ['level=="error" || service=="api"', [['error', 'api']]],
  ['level in (error, fatal) && duration_ms > 1000', [['error', 'fatal']]],
  ['level=="error" && (service=="api" || service=="web")', [['error'], ['api', 'web']]],
  ['(a == x && b == longer) || c == other', [['longer', 'other']]],
  ['level=="error" || status >= 500', []],
  ['status == 500', []],
  ['status == "500"', []],
  ['ok == true', []],
  ['ok == "true"', []],
  ['a == "[1]"', []],
  ['a == null', []],
  ['level in (error, 5)', []],
  ['level in (error, null)', []],
  ['level not in (error)', []],
  ['level != error', []],
  ['level > error1', []],
  ['!(level == error)', []],
  ['a? && b =~ "error"', []],
  ['a == ""', []],
  ['a == "/api/v1/users"', [['users']]],
  ['a == "grün ist <b>alle</b> Theorie"', [[' Theorie']]],
  ['a == "äöü"', []],
] as const)('%s needs %j', ([text, expected]) => {
  expect(whereLiterals(parseWhere(text, compile))).toEqual(expected);
});

test('a list of hundreds is no search', () => {
  const values = Array.from({ length: 300 }, (_, index) => `id${index}`);
  expect(whereLiterals(parseWhere(`a in (${values.join(',')})`, compile))).toEqual([]);
});

test('a line that fulfils a condition contains what is said, however its writer escapes', () => {
  const value = fc.oneof(
    fc.constantFrom('error', 'a/b', 'x<y>', 'née', 'a"b', '500', 'true', '1e3', '[1]'),
    fc.string(),
  );
  const number = fc.constantFrom<string | number | boolean>(500, 1e21, true, 1000);
  let fulfilled = 0;
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 3 }),
      fc.oneof(value, number),
      value,
      (values, first, second) => {
        const escaped = JSON.stringify({ a: first, b: second }).replace(/[^ -~]|[/<>&']/g, (character) => {
          return Array.from({ length: character.length }, (_, index) => {
            return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
          }).join('');
        });
        const texts = [...values, String(first)].map((text) => quote(text));
        const where = parseWhere(`a in (${texts.join(', ')}) && (a == ${texts.at(-1)} || b == ${texts[0]})`, compile);
        const bytes = Buffer.from(escaped);
        if (!evaluateWhere(where, readRecord(bytes, 0, bytes.length, 'json'))) return;
        fulfilled++;
        for (const alternatives of whereLiterals(where)) {
          expect(alternatives.some((text) => escaped.includes(text))).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(fulfilled).toBeGreaterThan(100);
});

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
