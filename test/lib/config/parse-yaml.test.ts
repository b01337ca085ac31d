import { expect, test } from 'vitest';
import { parseYaml } from '../../../src/lib/config/parse-yaml.ts';

async function placesOf(text: string): Promise<Record<string, string>> {
  const { document } = await parseYaml(text);
  const entries = [...document!.positions].map(([path, { key, value }]) => {
    const place = `${value.line}:${value.column}`;
    return [path, key === undefined ? place : `${key.line}:${key.column} ${place}`];
  });
  return Object.fromEntries(entries);
}

async function valueOf(text: string): Promise<unknown> {
  return (await parseYaml(text)).document?.value;
}

test('every key and every value has its line and column', async () => {
  const text = `# comment
plain: text
"quoted":   'single'
list:
  - 1
  - key: "double"
  -
flow: {a: [x, "y"], b}
block: |
    two
    lines
folded: >-

  late
nothing:
anchored: &name
  inner: 1
alias: *name
`;
  expect(await placesOf(text)).toEqual({
    '': '2:1',
    plain: '2:1 2:8',
    quoted: '3:1 3:13',
    list: '4:1 5:3',
    'list[0]': '5:5',
    'list[1]': '6:5',
    'list[1].key': '6:5 6:10',
    'list[2]': '5:3',
    flow: '8:1 8:7',
    'flow.a': '8:8 8:11',
    'flow.a[0]': '8:12',
    'flow.a[1]': '8:15',
    'flow.b': '8:21 8:21',
    block: '9:1 10:5',
    folded: '12:1 14:3',
    nothing: '15:1 15:1',
    anchored: '16:1 17:3',
    'anchored.inner': '17:3 17:10',
    alias: '18:1 18:8',
    'alias.inner': '17:3 17:10',
  });
});

test('scalars are those of the YAML 1.2 core schema', async () => {
  const text = '[yes, no, on, off, true, False, null, ~, 010, 0o10, 0x1F, 1_000, 1.5, 2026-01-31, 1:30, "1", .inf]';
  const expected = [
    'yes',
    'no',
    'on',
    'off',
    true,
    false,
    null,
    null,
    10,
    8,
    31,
    '1_000',
    1.5,
    '2026-01-31',
    '1:30',
    '1',
    Infinity,
  ];
  expect(await valueOf(text)).toEqual(expected);
});

test('a key is the text that was written, whatever it looks like', async () => {
  expect(await valueOf('1: a\ntrue: b\nnull: c\n0x1F: d')).toEqual({ 1: 'a', true: 'b', null: 'c', '0x1F': 'd' });
  expect(await valueOf('&k key: e\nother: { *k : f }')).toEqual({ key: 'e', other: { key: 'f' } });
});

test('the same alias may be used again, and an anchor be given anew', async () => {
  expect(await valueOf('a: &x 1\nb: *x\nc: &x 2\nd: *x')).toEqual({ a: 1, b: 1, c: 2, d: 2 });
});

test('what an alias stands for is a copy', async () => {
  const value = await valueOf('[&x [1], *x]');
  const [first, second] = Array.isArray(value) ? value : [];
  expect(first).toEqual([1]);
  expect(second).toEqual([1]);
  expect(first).not.toBe(second);
});

test('99 levels are read, 100 are not', async () => {
  expect((await parseYaml('['.repeat(99) + ']'.repeat(99))).problems).toEqual([]);
  const { document, problems } = await parseYaml('['.repeat(100) + ']'.repeat(100));
  expect(document).toBeUndefined();
  expect(problems).toEqual([{ line: 1, column: 100, path: '', message: 'nested too deep' }]);
});
