import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runDevops } from '../support/run-devops.ts';

const mebibyte = 1024 * 1024;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-summary-'));
  file = join(folder, 'summary.md');
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (line: string) => runDevops(line, { env: { GITHUB_STEP_SUMMARY: file }, cwd: folder });
const read = () => readFileSync(file, 'utf8');

test('with -o github the summary of the step is the same Markdown as -o markdown', async () => {
  const { code, stdout, stderr } = await run('many ok warning critical -o github');
  expect(code).toBe(1);
  expect(stdout).toBe('c\tcritical\t30\nb\twarning\t20\na\tok\t10\n');
  expect(stderr).not.toContain('devops: warning');
  expect(read()).toBe((await runDevops('many ok warning critical -o markdown')).stdout);
});

test('-q leaves nothing out of it, and no other format writes it', async () => {
  await run('many ok critical -o json --report github=x.txt');
  expect(() => statSync(file)).toThrow('ENOENT');
  await run('many ok critical -q -o github');
  expect(read()).toContain('1 critical, 1 ok');
});

test('an empty GITHUB_STEP_SUMMARY is none', async () => {
  const { stderr } = await runDevops('many critical -o github', { env: { GITHUB_STEP_SUMMARY: '' } });
  expect(stderr).not.toContain('devops:');
});

test('it is appended to what others have written, below an empty line that ends whatever they began', async () => {
  writeFileSync(file, '| of | others |');
  await run('many ok -o github');
  await run('many critical -o github');
  expect(read()).toMatch(/^\| of \| others \|\n\n### devops many: 1 ok\n[^]*\n\n### devops many: 1 critical\n/);
});

test('a relative path is meant from where we stand', async () => {
  await runDevops('many ok -o github', { env: { GITHUB_STEP_SUMMARY: 'near.md' }, cwd: folder });
  expect(readFileSync(join(folder, 'near.md'), 'utf8')).toContain('1 ok');
});

test.each(['breaks expected', 'breaks oddly', 'waits --timeout 50ms', 'failing', 'many'])(
  'a run that ends with "%s" is told there, too, without its secrets',
  async (line) => {
    await run(`${line} -o github`);
    expect(read()).toMatch(/^### devops \w+: .*1 unknown/);
    expect(read()).not.toContain('hunter22');
  },
);

test('the whole file stays below 1 MiB: what others wrote is kept, and ours is cut', async () => {
  for (const left of [20_000, 2000, 600]) {
    writeFileSync(file, 'x'.repeat(mebibyte - left));
    const { stderr } = await run('hostile --times 500 -o github');
    expect(stderr).not.toContain('devops: warning');
    const size = statSync(file).size;
    expect(size).toBeLessThan(mebibyte);
    expect(size).toBeGreaterThan(mebibyte - left);
    expect(read().slice(mebibyte - left)).toMatch(
      /^\n\n### devops hostile: 10000 critical\n[^]*And \d+ critical more, /,
    );
  }
});

test('a summary that cannot be written is a warning, and never the exit code', async () => {
  writeFileSync(file, 'x'.repeat(mebibyte - 100));
  const full = await run('many critical -o github');
  expect(full.code).toBe(1);
  expect(full.stderr).toContain(
    `devops: warning: cannot write the step summary ${file}: it is full, for GitHub drops one of more than 1 MiB\n`,
  );
  expect(statSync(file).size).toBe(mebibyte - 100);
  rmSync(file);
  mkdirSync(file);
  const { code, stderr } = await run('many ok -o github');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `devops: warning: cannot write the step summary ${file}: is a directory\n`,
  });
});

test('a named pipe without a reader holds nobody up', async () => {
  execFileSync('mkfifo', [file]);
  const { code, stderr, milliseconds } = await run('many ok -o github');
  expect({ code, isQuick: milliseconds < 2000 }).toEqual({ code: 0, isQuick: true });
  expect(stderr).toContain('warning: cannot write the step summary');
});

test('what others write while we run is kept', async () => {
  let written = false;
  await runDevops('many ok critical -o github', {
    env: { GITHUB_STEP_SUMMARY: file },
    onStdout: () => {
      if (!written) appendFileSync(file, 'from the job\n');
      written = true;
      return undefined;
    },
  });
  expect(read()).toMatch(/^from the job\n\n\n### devops many: 1 critical, 1 ok\n/);
});
