import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../src/lib/config/check-config.ts';
import { formatProblem } from '../../../src/lib/config/problem.ts';
import { UserError } from '../../../src/lib/errors/user-error.ts';

/** Each case is a devops.yaml, a line of `====`, and the configuration as JSON or the problems as lines. */
const folder = join(import.meta.dirname, '../../cases/config');
const cases = readdirSync(folder).filter((name) => name.endsWith('.txt'));

function defectiveChecker(): void {
  throw new TypeError('a defect');
}

function checkRule(rule: string): void {
  if (rule === 'bad') throw new UserError(`'bad' is no rule`, { code: 'usage', hints: ['write METRIC > VALUE'] });
}

/** The configuration, or the problems as lines. */
async function outcomeOf(text: string): Promise<unknown> {
  const { config, problems } = await checkConfig(text, checkRule);
  if (config !== undefined) return config;
  const lines = problems.flatMap((problem) => [
    formatProblem(problem, '').slice(1),
    ...(problem.hint === undefined ? [] : [`  hint: ${problem.hint}`]),
  ]);
  return lines.join('\n');
}

describe('test/cases/config', () => {
  test.each(cases)('%s', async (name) => {
    const [yaml, expected] = readFileSync(join(folder, name), 'utf8').split('====\n');
    const wanted: unknown = expected!.startsWith('{') ? JSON.parse(expected!) : expected!.trimEnd();
    expect(await outcomeOf(yaml!)).toEqual(wanted);
  });
});

test('Windows line ends and old Mac line ends give the same places as Unix ones', async () => {
  const text = 'sysinfo:\n  sample: 1s\n  dedline: 2s\n';
  const outcome = await outcomeOf(text);
  expect(outcome).toContain('3:3: sysinfo.dedline');
  expect(await outcomeOf(text.replaceAll('\n', '\r\n'))).toBe(outcome);
  expect(await outcomeOf(text.replaceAll('\n', '\r'))).toBe(outcome);
});

test('a mistake behind a character outside of the basic plane is placed in UTF-16 units', async () => {
  expect(await outcomeOf('sysinfo: { "😀": 1 }')).toContain('1:12: sysinfo');
  expect(await outcomeOf('{ "😀": 1, b: 2 }')).toContain('1:12: b: found an unknown key');
});

test('no prototype is changed by a file that tries to', async () => {
  await checkConfig('__proto__: { polluted: 1 }\nsysinfo: { __proto__: { polluted: 1 } }');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('aliases that would expand to more than 100,000 values are refused before they are expanded', async () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 20; level++) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
  }
  const started = performance.now();
  expect(await outcomeOf(lines.join('\n'))).toBe('5:45: holds more than 100000 values, aliases expanded');
  expect(performance.now() - started).toBeLessThan(2000);
});

test('aliases that nest too deep are refused', async () => {
  const lines = [
    'a0: &a0 [x]',
    ...Array.from({ length: 200 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}]`),
  ];
  expect(await outcomeOf(lines.join('\n'))).toContain('nested too deep, aliases expanded');
});

test('a rule checker that fails for another reason is not taken for a mistake of the file', async () => {
  await expect(checkConfig('sysinfo: { rules: [{ if: a }] }', defectiveChecker)).rejects.toThrow('a defect');
});

const mebibyte = 1024 * 1024;
const hostile: Record<string, string> = {
  '100,000 opening brackets': '['.repeat(100_000),
  '100,000 opening braces': '{'.repeat(100_000),
  '100,000 nested keys on one line': '? '.repeat(100_000),
  '1 MiB of anchors': '- &a x\n'.repeat(mebibyte / 7),
  '1 MiB of distinct anchors': Array.from({ length: mebibyte / 14 }, (_, index) => `- &a${index} x`).join('\n'),
  '1 MiB of aliases': `- &a x\n${'- *a\n'.repeat(mebibyte / 5)}`,
  '1 MiB of unknown aliases': '- *a\n'.repeat(mebibyte / 5),
  '1 MiB of tags': '- !a x\n'.repeat(mebibyte / 7),
  '1 MiB of unknown keys': Array.from({ length: mebibyte / 11 }, (_, index) => `k${index}: 1`).join('\n'),
  '1 MiB of the same key': 'a: 1\n'.repeat(mebibyte / 5),
  '1 MiB of merge keys': '<<: 1\n'.repeat(mebibyte / 6),
  '1 MiB of rules that are empty': `sysinfo:\n  rules:\n${'    -\n'.repeat(45_000)}`,
  '20,000 targets that cannot be read': `ssl-expiry: { targets: [${'-a,'.repeat(20_000)}] }`,
  '20,000 times the same target': `ssl-expiry: { targets: [${'a,'.repeat(20_000)}] }`,
  '1 MiB of one key': `${'k'.repeat(mebibyte)}: 1`,
  '1 MiB of one value': `sysinfo: ${'v'.repeat(mebibyte)}`,
  '1 MiB of values on one line': `[${'a,'.repeat(mebibyte / 2)}]`,
  '1 MiB of documents': '---\n'.repeat(mebibyte / 4),
  '1 MiB of spaces': ' '.repeat(mebibyte),
  '1 MiB of tabs': '\t'.repeat(mebibyte),
  '1 MiB of line ends': '\r\n'.repeat(mebibyte / 2),
  '1 MiB of byte order marks': '\uFEFF'.repeat(mebibyte / 3),
  '1 MiB of NUL': '\0'.repeat(mebibyte),
  '1 MiB of question marks': '?\n'.repeat(mebibyte / 2),
};

describe('what nobody would write ends within seconds and without an exception', () => {
  test.each(Object.entries(hostile))('%s', async (_name, text) => {
    const started = performance.now();
    const { config, problems } = await checkConfig(text, checkRule);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(config === undefined).toBe(problems.length > 0);
  });
});

/** Words of ours and what the grammar of YAML turns on. */
const words = [
  'sysinfo',
  'rules',
  'sections',
  'sample',
  'if',
  'cpu',
  '5s',
  'yes',
  '~',
  '__proto__',
  'constructor',
  '<<',
];
const signs = [
  ': ',
  ':',
  '- ',
  '? ',
  ', ',
  '[',
  ']',
  '{',
  '}',
  '#',
  '&a ',
  '*a ',
  '!',
  '!!str ',
  '%',
  '@',
  '"',
  "'",
  '|\n',
  '>-\n',
];
const lines = [
  '\n',
  '\n  ',
  '\n    ',
  '\r',
  '\t',
  '---\n',
  '...\n',
  '\u2028',
  '\u0085',
  '\uFEFF',
  '\0',
  '\uD800',
  '\u{1F600}',
];
const literals = ['\\', '\\x', '\\UFFFFFFFF', '1e999', '.inf', '.nan', '0x', '-0', '99999999999999999999'];

test('random text gives a configuration or problems, never an exception', async () => {
  const part = fc.constantFrom(...words, ...signs, ...lines, ...literals);
  const text = fc.oneof(
    fc.array(part, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 80 }),
  );
  await fc.assert(
    fc.asyncProperty(text, async (yaml) => {
      const { config, problems } = await checkConfig(yaml, checkRule);
      expect(config === undefined).toBe(problems.length > 0);
      const split = yaml.split(/\r\n|\n|\r/);
      for (const { line, column } of problems) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(split.length);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(split[line - 1]!.length + 1);
      }
    }),
    { numRuns: 1000 },
  );
});

test('any JSON value gives a configuration or problems, never an exception', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const { config, problems } = await checkConfig(JSON.stringify({ sysinfo: value }), checkRule);
      expect(config === undefined).toBe(problems.length > 0);
    }),
    { numRuns: 500 },
  );
});
