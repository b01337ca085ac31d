import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateWhere } from '../../../../src/lib/logs/fields/evaluate-where.ts';
import type { FieldValue } from '../../../../src/lib/logs/fields/field-value.ts';
import { formatWhere } from './format-where.ts';
import { parseWhere } from '../../../../src/lib/logs/fields/parse-where.ts';
import { readRecord } from '../../../../src/lib/logs/fields/record-reader.ts';
import { requireProgram } from '../../../support/services.ts';
import { compile } from './compile.ts';

const jq = requireProgram('jq', 'the conditions of logs-grep are not compared with jq');

const fields: Readonly<Record<string, FieldValue>> = {
  number: 500,
  text: '500',
  word: 'api',
  yes: true,
  yesText: 'true',
  nothing: null,
  empty: '',
  time: '2026-11-20T10:00:00Z',
  took: '1.5s',
  micro: '250µs',
  long: '1m30s',
  memory: '10MiB',
  dash: '-',
  id: '12345678901234567890',
};

test.for([
  // Numbers, and text that is one
  ['number == 500', true],
  ['text == 500', true],
  ['text == 500.0', true],
  ['text >= 500 && text < 501', true],
  ['number == "500"', true],
  ['text == "500.0"', false],
  ['text > "90"', true],
  ['number > "90"', true],
  ['word > 5', false],
  ['word <= 5', false],
  ['word != 5', true],
  ['dash == 0', false],
  ['empty == 0', false],
  ['yes == 1', false],
  ['yes > 0', false],
  ['id == 12345678901234567890', true],
  ['id == 12345678901234567891', false],
  // Texts
  ['word == api', true],
  ['word == API', false],
  ['word == "api "', false],
  ['word < "b"', true],
  ['time >= 2026-11-20', true],
  ['time < 2026-11-20T10', false],
  ['number > abc', false],
  ['empty == ""', true],
  // Booleans
  ['yes == true', true],
  ['yes == "true"', true],
  ['yesText == true', true],
  ['yes != false', true],
  // Units
  ['took > 1s && took < 2s', true],
  ['took == 1500ms', true],
  ['took > 1', false],
  ['micro < 1ms', true],
  ['long == 90s', true],
  ['memory == 10MiB', true],
  ['memory > 10MB', true],
  ['number > 1s', true],
  ['number == 500B', true],
  // What is missing, and what is null
  ['missing == 1', false],
  ['missing != 1', false],
  ['missing !~ "x"', false],
  ['missing =~ ""', false],
  ['missing in (1)', false],
  ['missing not in (1)', false],
  ['!(missing == 1)', true],
  ['missing == null', true],
  ['missing != null', false],
  ['missing in (1, null)', true],
  ['nothing == null', true],
  ['nothing in (null)', true],
  ['nothing not in (null)', false],
  ['nothing != 1', false],
  ['nothing == "null"', false],
  ['number == null', false],
  ['number != null', true],
  ['nothing?', true],
  ['has(missing)', false],
  ['word?', true],
  // Lists, patterns, logic
  ['word in (web, api)', true],
  ['word not in (web, api)', false],
  ['number in (499, 500)', true],
  ['number not in ("499")', true],
  ['word =~ "^a.i$"', true],
  ['word !~ "p"', false],
  ['number =~ "^5"', true],
  ['yes =~ "tru"', true],
  ['word == web or number == 500 and text == 1', false],
  ['(word == web or number == 500) and text == 500', true],
  ['not word == web', true],
  ['!word? || number?', true],
] as const)('%s: %s', ([text, expected]) => {
  const where = parseWhere(text, compile);
  const read = (name: string): FieldValue | undefined => (Object.hasOwn(fields, name) ? fields[name] : undefined);
  expect(evaluateWhere(where, read)).toBe(expected);
  expect(evaluateWhere(parseWhere(formatWhere(where), compile), read)).toBe(expected);
});

interface Sample {
  ours: string;
  jq: string;
}

const names = ['a', 'b', 'c.d', 'e.0'];
const texts = ['x', 'y z', 'ä"\\', ''];
const numbers = [-1.5, 0, 7, 500];

function pathOf(name: string): string {
  return `getpath([${name
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? part : JSON.stringify(part)))
    .join(',')}])`;
}

/** One comparison in both languages; jq has null for what is missing, and an order over all types. */
const comparison: fc.Arbitrary<Sample> = fc
  .record({
    name: fc.constantFrom(...names),
    operator: fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
    value: fc.constantFrom<string | number>(...texts, ...numbers),
  })
  .map(({ name, operator, value }) => {
    const kind = typeof value;
    const isOrder = operator.startsWith('<') || operator.startsWith('>');
    const guard = isOrder ? `type == "${kind}"` : '. != null';
    return {
      ours: `${name} ${operator} ${JSON.stringify(value)}`,
      jq: `(${pathOf(name)} | ${guard} and . ${operator} ${JSON.stringify(value)})`,
    };
  });

const condition: fc.Arbitrary<Sample> = fc.letrec<{ tree: Sample }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    comparison,
    fc.constantFrom(...names).map((name) => ({ ours: `${name} != null`, jq: `(${pathOf(name)} != null)` })),
    tie('tree').map(({ ours, jq: theirs }) => ({ ours: `!(${ours})`, jq: `(${theirs} | not)` })),
    fc.tuple(tie('tree'), tie('tree')).map(([first, second]) => ({
      ours: `(${first.ours}) && (${second.ours})`,
      jq: `(${first.jq} and ${second.jq})`,
    })),
    fc.tuple(tie('tree'), tie('tree')).map(([first, second]) => ({
      ours: `${first.ours} || (${second.ours})`,
      jq: `(${first.jq} or ${second.jq})`,
    })),
  ),
})).tree;

test.skipIf(jq === undefined)('conditions on JSON lines are answered as jq answers them', () => {
  const leaf = fc.constantFrom<string | number | boolean | null>(...texts, ...numbers, true, null);
  const record = fc.record(
    { a: leaf, b: leaf, c: fc.record({ d: leaf }, { requiredKeys: [] }), e: fc.array(leaf, { maxLength: 2 }) },
    { requiredKeys: [] },
  );
  const lines = fc.sample(record, { numRuns: 100, seed: 1 }).map((value) => JSON.stringify(value));
  const conditions = fc.sample(condition, { numRuns: 150, seed: 2 });
  const program = `[${conditions.map(({ jq: theirs }) => theirs).join(',\n')}]`;
  const output = execFileSync(jq!, ['-c', program], { input: lines.join('\n'), encoding: 'utf8' });
  const expected = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as boolean[]);
  const wheres = conditions.map(({ ours }) => parseWhere(ours, compile));
  for (const [index, line] of lines.entries()) {
    const bytes = Buffer.from(line);
    const read = readRecord(bytes, 0, bytes.length, 'json');
    for (const [number, where] of wheres.entries()) {
      expect(evaluateWhere(where, read), `${conditions[number]!.ours} on ${line}`).toBe(expected[index]![number]);
    }
  }
  expect(new Set(expected.flat()).size).toBe(2);
});
