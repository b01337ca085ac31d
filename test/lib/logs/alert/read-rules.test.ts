import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { readRules } from '../../../../src/lib/logs/alert/read-rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'rules.yaml');

async function refusalOf(text: string): Promise<string[]> {
  writeFileSync(path, text);
  try {
    await readRules(path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.code).toBe('config');
    return [error.message, ...error.hints].map((line) => line.replaceAll(`${path}:`, ''));
  }
  throw new Error('it was read');
}

test('the least rule is a name and a pattern', async () => {
  const rule = { name: 'oom', match: ['Out of memory'], severity: 'critical', labels: {} };
  for (const text of [
    '- name: oom\n  match: Out of memory\n',
    'rules:\n  - name: oom\n    match: [Out of memory]\n',
    '[\n\t{"name": "oom", "match": "Out\\u0020of memory"}\n]',
    '{"rules": [{"name": "oom", "match": ["Out of memory"]}]}',
    '\uFEFF- { name: oom, match: Out of memory }',
  ]) {
    writeFileSync(path, text);
    expect(await readRules(path)).toEqual([rule]);
  }
});

test('every key is read', async () => {
  const lines = [
    '- name: a',
    '  match: [b, "c{2}"]',
    '  all: [d]',
    '  not: e',
    '  exclude: [f]',
    '  level: =error',
    '  threshold: { count: 10, per: 5m }',
    '  at_least: 1/h',
    '  severity: warning',
    '  labels: { team: db, tier: 1, on: true }',
    '  message: "{count} for {labels.team}"',
    '- { name: b, level: error, threshold: 5 }',
    '- { name: c, level: error, threshold: 5/m, at_least: { count: 2 } }',
  ];
  writeFileSync(path, lines.join('\n'));
  const least = { severity: 'critical', labels: {}, level: 'error' };
  expect(await readRules(path)).toEqual([
    {
      name: 'a',
      match: ['b', 'c{2}'],
      all: ['d'],
      not: ['e'],
      exclude: ['f'],
      level: '=error',
      threshold: { count: 10, perSeconds: 300 },
      atLeast: { count: 1, perSeconds: 3600 },
      severity: 'warning',
      labels: { team: 'db', tier: '1', on: 'true' },
      message: '{count} for {labels.team}',
    },
    { ...least, name: 'b', threshold: { count: 5 } },
    { ...least, name: 'c', threshold: { count: 5, perSeconds: 60 }, atLeast: { count: 2 } },
  ]);
});

const rule = (text: string): string => `- { name: a, ${text} }`;

test.each([
  ['', '1:1: found nothing, expected a list of rules'],
  ['hello', "1:1: found 'hello', expected a list of rules"],
  ['[]', '1:1: found an empty list, expected a list of 1 to 1000 rules'],
  ['rules: []', '1:8: rules: found an empty list, expected a list of 1 to 1000 rules'],
  ['rule: []', '1:1: rules: is missing'],
  ['- a\n-b: {', '2:1: this is no YAML'],
  ['- match: x', '1:3: [0].name: is missing, expected a name of at most 200 characters'],
  ['- { name: "", match: x }', '1:11: [0].name: found empty text'],
  [rule('level: 3'), '1:21: [0].level: found the number 3, expected a level such as error'],
  [rule('level: eror'), "1:21: [0].level: 'eror' is not a level"],
  [rule('exclude: x'), '1:3: [0]: says nothing that a line must be'],
  [rule('match: "a("'), "1:21: [0].match: cannot search for 'a(': column 2: it has a ( without its )"],
  [rule('match: [x, "a(?=b)"]'), "1:25: [0].match[1]: cannot search for 'a(?=b)': column 2"],
  [rule('match: []'), '1:21: [0].match: found an empty list, expected a pattern, or a list of 1 to 1000 patterns'],
  [rule('match: [x, 5]'), '1:25: [0].match[1]: found the number 5, expected a pattern'],
  [rule('match: { b: 1 }'), '1:21: [0].match: found a mapping, expected a pattern, or a list'],
  [rule(`match: ${'x'.repeat(5000)}`), `1:21: [0].match: found '${'x'.repeat(60)}...', expected a pattern`],
  [rule('match: x, severity: high'), "1:34: [0].severity: found 'high', expected one of warning, critical"],
  [rule('match: x, threshold: 0'), '1:35: [0].threshold: found the number 0, expected a count such as 10'],
  [rule('match: x, threshold: 1.5'), '1:35: [0].threshold: found the number 1.5, expected a count such as 10'],
  [rule('match: x, threshold: 5/5'), "1:35: [0].threshold: '5/5' is not a threshold"],
  [rule('match: x, threshold: { per: 5m }'), '1:35: [0].threshold.count: is missing, expected a whole number'],
  [
    rule('match: x, threshold: { count: 1, per: 300 }'),
    '1:52: [0].threshold.per: found the number 300, expected a dur',
  ],
  [rule('match: x, threshold: { count: 1, per: 5 y }'), "1:52: [0].threshold.per: '5 y' is not a threshold"],
  [rule('match: x, at_least: true'), '1:34: [0].at_least: found true, expected a count such as 10'],
  [rule('match: x, at_least: 2000000/m'), '1:34: [0].at_least: found the count 2000000 within a period'],
  [rule('match: x, labels: b'), "1:32: [0].labels: found 'b', expected a mapping of names to texts"],
  [rule('match: x, labels: { b c: d }'), "1:39: [0].labels['b c']: 'b c' is no name of a label"],
  [rule('match: x, labels: { severity: page }'), "1:44: [0].labels.severity: the label 'severity' is given by others"],
  [rule('match: x, labels: { b: {} }'), '1:37: [0].labels.b: expected a text of at most 4096 characters'],
  [rule('match: x, labels: { __proto__: b }'), '1:34: [0].labels.__proto__: this key is not allowed'],
  [rule('match: x, message: "{b}"'), "1:33: [0].message: message '{b}', column 1: there is no {b}"],
  [
    `${rule('match: x')}\n${rule('match: y')}`,
    "2:11: [1].name: the name 'a' is there twice, first as that of rules[0]",
  ],
])('%j is refused with its place', async (text, message) => {
  const [first] = await refusalOf(text);
  expect(first!.slice(0, message.length)).toBe(message);
});

test('all mistakes are told, in the order of the file, with the nearest known key', async () => {
  expect(await refusalOf('- name: a\n  match: "("\n  treshold: 1\n- name: b\n')).toEqual([
    "2:10: [0].match: cannot search for '(': column 1: it has a ( without its )",
    String.raw`write \( for the parenthesis`,
    expect.stringMatching(/^also 3:3: \[0\]\.treshold: found an unknown key, .* \(did you mean 'threshold'\?\)$/),
    expect.stringMatching(/^also 4:3: \[1\]: says nothing that a line must be/),
  ]);
  const many = await refusalOf('- {}\n'.repeat(100));
  expect(many).toHaveLength(22);
  expect(many.at(-1)).toBe('and 79 more mistakes');
});

test('what is no file of rules is an error with its name', async () => {
  await expect(readRules(join(folder, 'none'))).rejects.toMatchObject({ name: 'UserError', code: 'not-found' });
  await expect(readRules(folder)).rejects.toThrow('it is not a regular file');
  await expect(readRules('/dev/zero')).rejects.toThrow('it is not a regular file');
  writeFileSync(path, Buffer.from([0x2d, 0x20, 0xff]));
  await expect(readRules(path)).rejects.toThrow('byte 0xff at offset 2 is not UTF-8');
  writeFileSync(path, 'x'.repeat(2 * 1024 * 1024));
  await expect(readRules(path)).rejects.toThrow('it is larger than');
});
