import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const checkout = join(import.meta.dirname, '..');
const caseFolder = join(import.meta.dirname, 'cases/lint-rules');

/** One file that breaks a boundary in every line of code, or one that breaks none. */
interface Case {
  name: string;
  /** Where it would stand. */
  path: string;
  /** Part of what the linter has to say; undefined: nothing. */
  expected: string | undefined;
  /** Lines of code, from 1. */
  lines: number[];
}

const cases = readdirSync(caseFolder).map((file): Case => {
  const text = readFileSync(join(caseFolder, file), 'utf8');
  const name = basename(file, '.ts.txt');
  const [, folder, expected] = /^\/\/ in (\S+): (.*)$/m.exec(text)!;
  const lines = text.split('\n').flatMap((line, at) => (line === '' || line.startsWith('//') ? [] : [at + 1]));
  return { name, path: `${folder}/${name}.ts`, expected: expected === 'nothing' ? undefined : expected, lines };
});

interface Finding {
  rule: string;
  path: string;
  line: number;
  message: string;
}

let folder: string;
let found: Finding[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-lint-'));
  for (const { name, path } of cases) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    cpSync(join(caseFolder, `${name}.ts.txt`), join(folder, path));
  }
  for (const path of sourceFiles()) {
    // No rule looks at `import()`: the same words as an import statement, where every rule looks.
    const text = readFileSync(join(checkout, path), 'utf8');
    const dynamic = [...text.matchAll(/(?<!typeof )\bimport\('([^']+)'\)/g)].map(([, name]) => `import '${name}';\n`);
    if (dynamic.length === 0) continue;
    mkdirSync(join(folder, 'dynamic', dirname(path)), { recursive: true });
    writeFileSync(join(folder, 'dynamic', path), dynamic.join(''));
  }
  found = [...lint(folder), ...lint(join(folder, 'dynamic'))];
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(cases.filter(({ expected }) => expected !== undefined))(
  '$name: every line is reported, with the reason',
  ({ path, expected, lines }) => {
    const reported = found.filter((finding) => finding.path === path && finding.message.includes(expected!));
    expect(new Set(reported.map(({ line }) => line))).toEqual(new Set(lines));
  },
);

test.each(cases.filter(({ expected }) => expected === undefined))('$name: nothing is reported', ({ path }) => {
  expect(found.filter((finding) => finding.path === path)).toEqual([]);
});

test('what our own sources import when they need it keeps within the same boundaries', () => {
  const ours = found.filter(({ path }) => path.startsWith('dynamic/'));
  expect(ours.length).toBeGreaterThan(0);
  expect(ours.filter(({ rule }) => rule.includes('no-restricted-imports'))).toEqual([]);
});

test('no file is named for what it holds nothing of, and none is only a list of others', () => {
  const vague = /^(index|utils?|helpers?|common|misc|types?|shared|base)\.ts$/;
  expect(sourceFiles().filter((path) => vague.test(basename(path)))).toEqual([]);
  const reExport = /^export (\*|\{[^}]*\}|type \{[^}]*\})( as \w+)? from /m;
  expect(sourceFiles().filter((path) => reExport.test(readFileSync(join(checkout, path), 'utf8')))).toEqual([]);
});

/** The linter with our rules, without types, for which these files are no project. */
function lint(cwd: string): Finding[] {
  const config = JSON.parse(readFileSync(join(checkout, '.eslintrc.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(cwd, '.eslintrc.json'), JSON.stringify({ ...config, options: {} }));
  const oxlint = join(checkout, 'node_modules/oxlint/bin/oxlint');
  const args = [oxlint, '-c', '.eslintrc.json', '-f', 'json', 'src'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 60_000 });
  if (!stdout.startsWith('{')) throw new Error(stdout + stderr);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: {
      code: string;
      message: string;
      help?: string;
      filename: string;
      labels: { span: { line: number } }[];
    }[];
  };
  return diagnostics.map(({ code, message, help = '', filename, labels }) => ({
    rule: code,
    path: relative(folder, join(cwd, filename)),
    line: labels[0]!.span.line,
    message: `${message} ${help}`,
  }));
}

function sourceFiles(): string[] {
  return readdirSync(join(checkout, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `src/${path}`);
}
