import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { allDocuments, generatedFolders } from '../../scripts/docs/all-documents.ts';
import { recordFinder } from '../../scripts/docs/command-record.ts';
import { type RecordType, recordsWithin, type ValueType } from '../../scripts/docs/record-type.ts';
import { unitOfName } from '../../scripts/docs/unit.ts';
import { commands } from '../../src/commands.ts';
import { checkSystemRule } from '../../src/lib/system/check-system-rule.ts';
import { requireProgram } from '../support/services.ts';

const checkout = join(import.meta.dirname, '../..');
const mandoc = requireProgram('mandoc', 'the man pages are not checked by mandoc');
const man = requireProgram('man', 'the man pages are not checked by groff');
const pages = Object.keys(commands).map((name) => name.replaceAll(' ', '-'));
const manuals = readdirSync(join(checkout, 'docs/man')).map((name) => join(checkout, 'docs/man', name));

test('the generated documents are those of the definitions: npm run docs writes them', async () => {
  const documents = await allDocuments(checkout);
  const inFolders = generatedFolders.flatMap((folder) =>
    readdirSync(join(checkout, folder)).map((name) => `${folder}/${name}`),
  );
  const onDisk = [...inFolders, 'docs/rules.md'].map(
    (path) => [path, readFileSync(join(checkout, path), 'utf8')] as const,
  );
  const stale = [
    ...onDisk.filter(([path, text]) => documents.get(path) !== text).map(([path]) => path),
    ...[...documents.keys()].filter((path) => !onDisk.some(([known]) => known === path)),
  ];
  expect(stale, 'run npm run docs').toEqual([]);
});

test('--check says the same without writing', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate-docs.ts', '--check'], { cwd: checkout });
  expect(stderr.toString()).toBe('');
  expect(status).toBe(0);
});

test('every command has its page, its manual and a line in the list', () => {
  const list = readFileSync(join(checkout, 'docs/commands/README.md'), 'utf8');
  const product = readFileSync(join(checkout, 'docs/man/devops.1'), 'utf8');
  expect(readdirSync(join(checkout, 'docs/commands')).toSorted()).toEqual(
    [...pages.map((page) => `${page}.md`), 'README.md'].toSorted(),
  );
  for (const page of pages) {
    expect(list).toContain(`(${page}.md)`);
    expect(product).toContain(`\\fBdevops\\-${page.replaceAll('-', '\\-')}\\fR(1)`);
    expect(manuals).toContain(join(checkout, `docs/man/devops-${page}.1`));
  }
});

test('every document ends with one line feed, and says nothing of this machine', async () => {
  const documents = [...(await allDocuments(checkout))];
  const wrong = documents.filter(([, text]) => !/[^\n]\n$/.test(text) || text.includes(checkout));
  expect(wrong.map(([path]) => path)).toEqual([]);
});

test.skipIf(mandoc === undefined)('mandoc has nothing to warn of', () => {
  const { stdout } = spawnSync(mandoc!, ['-T', 'lint', '-W', 'warning', ...manuals], { encoding: 'utf8' });
  // The date is that of the newest release, and before the first release there is none.
  expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
});

test.skipIf(man === undefined)('groff has nothing to warn of', { timeout: 60_000 }, async () => {
  const words = ['--warnings', '-E', 'UTF-8', '-l', '-Z'];
  const answers = await Promise.all(manuals.map((page) => promisify(execFile)(man!, [...words, page])));
  expect(answers.map(({ stderr }) => stderr).join('')).toBe('');
});

test.skipIf(man === undefined)('a manual fits a terminal of 80 columns', () => {
  const env = { PATH: process.env['PATH'], MANWIDTH: '80', LANG: 'C.UTF-8', MANPAGER: 'cat', MANROFFOPT: '-c' };
  const { stdout } = spawnSync(man!, ['-l', join(checkout, 'docs/man/devops.1')], { env, encoding: 'utf8' });
  // eslint-disable-next-line no-control-regex -- bold and underlined characters are printed twice, with a backspace between
  const lines = stdout.replaceAll(/.\u0008/g, '').split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.trim())).toEqual(
    expect.arrayContaining([
      'NAME',
      'SYNOPSIS',
      'DESCRIPTION',
      'OPTIONS',
      'EXIT STATUS',
      'FILES',
      'ENVIRONMENT',
      'SEE ALSO',
    ]),
  );
});

test('every rule that the documents show can be read', async () => {
  const text = [...(await allDocuments(checkout)).entries()].filter(([path]) => path.endsWith('.md')).join('\n');
  const rules = Array.from(text.matchAll(/^devops .*$/gm), ([line]) => [...line.matchAll(/-if '([^']+)'/g)]).flat();
  expect(rules.length).toBeGreaterThan(6);
  for (const [, rule] of rules) expect(() => checkSystemRule(rule!)).not.toThrow();
});

function schemaOf(page: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(checkout, `docs/schema/${page}.schema.json`), 'utf8'));
}

test.for(readdirSync(join(checkout, 'docs/schema')))('%s is a valid JSON Schema without a loose end', (file) => {
  const schema = schemaOf(file.replace('.schema.json', ''));
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  expect(ajv.validateSchema(schema)).toBe(true);
  expect(() => ajv.compile(schema)).not.toThrow();
});

test.for([
  ['sysinfo', []],
  ['sysinfo', ['--warn-if', 'load1 > 0', '--fail-if', 'disk.used_pct > 1 for 5m']],
  ['doctor', []],
  ['config check', []],
  ['config show', []],
  ['completion', ['bash']],
] as const)('what devops %s %j prints is as its schema says', { timeout: 60_000 }, ([name, more]) => {
  const home = mkdtempSync(join(tmpdir(), 'devops-schema-'));
  try {
    const words = [join(checkout, 'bin/devops'), ...name.split(' '), ...more, '--json'];
    const env = { PATH: process.env['PATH'], HOME: home, STATE_DIRECTORY: home };
    const { stdout } = spawnSync(process.execPath, words, { cwd: home, env, encoding: 'utf8' });
    const printed: unknown = JSON.parse(stdout);
    const validate = new Ajv2020({ allErrors: true }).compile(schemaOf(name.replaceAll(' ', '-')));
    for (const record of [printed].flat()) {
      validate(record);
      expect(validate.errors ?? []).toEqual([]);
    }
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('a field too many, or one too few, is no record of sysinfo', () => {
  const validate = new Ajv2020().compile(schemaOf('sysinfo'));
  const report = {
    schema: 'devops.sysinfo/1',
    host: 'h',
    time: '2026-01-01T00:00:00.000Z',
    took_ms: 1,
    sample_ms: 0,
    rules: [],
    errors: [],
    unavailable: [],
    status: 'none',
  };
  expect(validate(report)).toBe(true);
  expect(validate({ ...report, hosts: 'h' })).toBe(false);
  expect(validate({ ...report, host: undefined })).toBe(false);
  expect(validate({ ...report, status: 'fine' })).toBe(false);
});

/** Numbers that are counts, identifiers or load averages by the very name they have. */
const plainNumbers =
  /s$|^(pid|parent_pid|cpu|port|mtu|load\d+|limit|current|entries|total|running|sleeping|blocked|zombie|stopped|active|pending|security|procs_.*|.*_(free|limit|total|count)|established|time_wait|close_wait|listen|other)$/;

test('every number in a report of sysinfo says what it counts', () => {
  const root = recordFinder()(join(checkout, 'src/commands/sysinfo.ts'))!;
  const records = [...recordsWithin(root).keys()];
  const unexplained = records.flatMap((record) =>
    record.fields
      .filter(({ name, type, doc }) => type.kind === 'number' && doc === undefined && unitOfName(name) === undefined)
      .filter(({ name }) => !plainNumbers.test(name) && !isExplained(record, records))
      .map(({ name }) => `${record.name}.${name}: give it a comment, or a name that ends with its unit`),
  );
  expect(unexplained).toEqual([]);
});

/** By a comment of its own, or by every field that holds it. */
function isExplained(record: RecordType, records: readonly RecordType[]): boolean {
  const holders = records.flatMap(({ fields }) => fields).filter(({ type }) => holds(type, record));
  return record.doc !== undefined || holders.every(({ name, doc }) => (doc ?? unitOfName(name)) !== undefined);
}

function holds(type: ValueType, record: RecordType): boolean {
  if (type.kind === 'list') return holds(type.item, record);
  return type.kind === 'record' && type.record === record;
}
