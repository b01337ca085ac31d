import { execFileSync, spawnSync } from 'node:child_process';
import { parse } from 'csv-parse/sync';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { hostileNames } from '../support/invented/record-commands.ts';
import { runDevops } from '../support/run-devops.ts';
import { requireProgram } from '../support/services.ts';

const python = requireProgram('python3', "csv and yaml are not checked by Python's readers");
const hasYaml = python !== undefined && spawnSync(python, ['-c', 'import yaml']).status === 0;
const wellFormed = hostileNames.map((name) => name.toWellFormed());

test('json of one is an object, of many an array with a record a line', async () => {
  expect(JSON.parse((await runDevops('report ok -o json')).stdout)).toMatchObject({ host: 'h' });
  expect((await runDevops('many ok ok -o json')).stdout).toBe(
    '[\n{"subject":"a","status":"ok","size":10},\n{"subject":"b","status":"ok","size":20}\n]\n',
  );
  expect((await runDevops('many -o json')).stdout).toBe('[]\n');
});

test('yaml says what json says, for one and for many', async () => {
  for (const line of ['report ok warning', 'many', 'many ok warning', 'hostile', 'failing']) {
    const [json, yaml] = [await runDevops(`${line} -o json`), await runDevops(`${line} -o yaml`)];
    expect(load(yaml.stdout), line).toEqual(JSON.parse(json.stdout));
  }
});

test.skipIf(!hasYaml)('so it does for a reader of YAML 1.1, to whom yes, 012 and dates mean other things', async () => {
  const script = 'import json,sys,yaml; json.dump(yaml.safe_load(sys.stdin.buffer), sys.stdout)';
  for (const line of ['many', 'hostile', 'report ok']) {
    const { stdout } = await runDevops(`${line} -o yaml`);
    const read: unknown = JSON.parse(execFileSync(python!, ['-c', script], { input: stdout, encoding: 'utf8' }));
    expect(read).toEqual(JSON.parse((await runDevops(`${line} -o json`)).stdout));
  }
});

test('csv begins with the names of its columns, also when nothing follows', async () => {
  expect((await runDevops('many -o csv')).stdout).toBe('subject,status,size\n');
  expect((await runDevops('many ok -o csv')).stdout).toBe('subject,status,size\na,ok,10\n');
});

test.skipIf(python === undefined)("csv keeps every name for Python's csv module", async () => {
  const script = [
    'import csv,io,json,sys',
    "text = io.TextIOWrapper(sys.stdin.buffer, encoding='utf-8', newline='')",
    'json.dump(list(csv.reader(text)), sys.stdout)',
  ].join('\n');
  const { stdout } = await runDevops('hostile -o csv');
  const rows = JSON.parse(execFileSync(python!, ['-c', script], { input: stdout, encoding: 'utf8' })) as string[][];
  // It ends a name at NUL from 3.11 on and refuses it before.
  expect(rows.slice(1).map(([name]) => name)).toEqual(wellFormed);
});

test('a single empty cell is a row of csv, not an empty line', async () => {
  const { createRenderer } = await import('../../src/output/csv.ts');
  const columns = [{ name: 'x', value: (text: unknown) => text as string }];
  const renderer = createRenderer({ command: { columns }, quiet: false } as never);
  const text = ['', 'a', ''].map((record) => renderer.record(record, [])).join('');
  expect(parse(text, { record_delimiter: '\n', skip_empty_lines: true })).toEqual([['x'], [''], ['a'], ['']]);
});

test("a command's own format is made of all records but the failed ones", async () => {
  expect((await runDevops('many ok ok -o names')).stdout).toBe('a b\n');
  expect(await runDevops('failing -o names')).toMatchObject({
    code: 2,
    stdout: 'a c d\n',
    stderr: expect.stringContaining('devops: error: b: '),
  });
});

test('what json cannot write is told as the defect that it is', async () => {
  const result = await runDevops('unwritable -o jsonl');
  expect(result.code).toBe(2);
  expect(result.stderr).toContain('BigInt');
});
