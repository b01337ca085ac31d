import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordFinder } from '../../scripts/docs/command-record.ts';
import { fieldTables } from '../../scripts/docs/field-tables.ts';
import { recordSchema } from '../../scripts/docs/record-schema.ts';
import { recordsWithin } from '../../scripts/docs/record-type.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-docs-'));
  writeFileSync(join(folder, 'base.ts'), base);
});

afterAll(() => rmSync(folder, { recursive: true }));

const base = `
export const colors = ['red', 'green'] as const;
export type Color = (typeof colors)[number];
/** What all have. */
export interface Base {
  /**
   * Given by ünï→😀,
   * on two lines.
   */
  name: string;
}
export interface Node { child?: Node; size_bytes: number }
`;

const command = (declarations: string, type = 'Found') => `
import { type Base as Ground, type Color, type Node } from './base.ts';
${declarations}
export default defineCommand({ define: (spec) => spec, async *run(): AsyncGenerator<${type}, void> {} });
`;

function recordOf(source: string) {
  const file = join(folder, 'command.ts');
  writeFileSync(file, source);
  return recordFinder()(file);
}

const found = `
/** One thing. */
export interface Found extends Ground {
  color: Color;
  state: 'a|b' | 3;
  readonly tags: readonly string[];
  labels: Record<string, string>;
  'odd-name'?: null;
  value: unknown;
  /* no doc comment */
  done: boolean;
  nodes?: Node[];
}`;

test('interfaces are read with what they extend, across files, with their comments', () => {
  const record = recordOf(command(found))!;
  expect(record.doc).toBe('One thing.');
  expect(record.fields.map(({ name, optional }) => name + (optional ? '?' : ''))).toEqual([
    'name',
    'color',
    'state',
    'tags',
    'labels',
    'odd-name?',
    'value',
    'done',
    'nodes?',
  ]);
  expect(record.fields.map(({ doc }) => doc).filter((doc) => doc !== undefined)).toEqual([
    'Given by ünï→😀, on two lines.',
  ]);
});

test('the JSON Schema has a definition for each inner record, also for one that holds itself', () => {
  expect(recordSchema('find it', recordOf(command(found))!)).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:devops-toolkit:find-it',
    title: 'a record of devops find it',
    description: 'One thing.',
    type: 'object',
    properties: {
      name: { type: 'string', description: 'Given by ünï→😀, on two lines.' },
      color: { enum: ['red', 'green'] },
      state: { enum: ['a|b', 3] },
      tags: { type: 'array', items: { type: 'string' } },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      'odd-name': { type: 'null' },
      value: {},
      done: { type: 'boolean' },
      nodes: { type: 'array', items: { $ref: '#/$defs/Node' } },
    },
    required: ['name', 'color', 'state', 'tags', 'labels', 'value', 'done'],
    additionalProperties: false,
    $defs: {
      Node: {
        type: 'object',
        properties: { child: { $ref: '#/$defs/Node' }, size_bytes: { type: 'integer', minimum: 0 } },
        required: ['size_bytes'],
        additionalProperties: false,
      },
    },
  });
});

test('the tables name type, unit and way, and keep a bar inside its cell', () => {
  const tables = fieldTables(recordOf(command(found))!);
  expect(tables).toContain('| `state` | `"a\\|b"` or `3` |  |  |');
  expect(tables).toContain('### Node\n\nAt `.nodes[]`.');
  expect(tables).toContain('| `size_bytes` | number | bytes |  |');
  expect(tables).toContain('list of [Node](#node)');
});

test('a record within is found under every way that leads to it, and once in a circle', () => {
  const two = 'export interface Found { first: Node; all: Node[] }';
  const records = [...recordsWithin(recordOf(command(two))!)];
  expect(records.map(([{ name }, paths]) => [name, paths])).toEqual([
    ['Found', ['.']],
    ['Node', ['.first', '.all[]']],
  ]);
});

test('a document of somebody else has no fields', () => {
  expect(recordOf(command('', 'Record<string, unknown>'))).toBeUndefined();
});

describe('what the reference has no form for is an error with its place', () => {
  test.for([
    ['a tuple', 'export interface Found { at: [number, number] }'],
    ['a function', 'export interface Found { at(): void }'],
    ['a class of the language', 'export interface Found { at: Date }'],
    ['an intersection', 'export interface Found { at: Node & Ground }'],
    ['a type parameter', 'export interface Found<T> { at: T }'],
    ['undefined beside a type', 'export interface Found { at: string | undefined }'],
    ['a map by anything but text', 'export interface Found { at: Record<Color, string> }'],
    ['a field given twice', 'export interface Found extends Ground { name: "x" }'],
    ['a conditional type', 'type At = Color extends string ? 1 : 2; export interface Found { at: At }'],
  ])('%s', ([, declaration]) => {
    expect(() => recordOf(command(declaration!))).toThrow(/command\.ts:\d+: the reference cannot show/);
  });

  test('run() without the type of its records', () => {
    const source = 'export default defineCommand({ async *run() {} });';
    expect(() => recordOf(source)).toThrow(/run\(\) without AsyncGenerator/);
  });
});
