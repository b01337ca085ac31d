import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import { findRipgrep } from '../../../../src/lib/logs/ripgrep/find-ripgrep.ts';
import { ripgrepArguments } from '../../../../src/lib/logs/ripgrep/ripgrep-arguments.ts';
import { runWithOutput } from '../../../../src/lib/shell/run-with-output.ts';
import { plainLines } from '../../../../src/lib/logs/search/grep-style.ts';

const own = await findRipgrep({ PATH: '' }, AbortSignal.timeout(9000));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-ripgrep-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(own === undefined)('ripgrep with our arguments', () => {
  async function run(pattern: string, names: readonly string[], signal = AbortSignal.timeout(20_000)) {
    const output = join(folder, 'output');
    const stdout = openSync(output, 'w');
    const { args } = ripgrepArguments(compilePatterns([pattern]), { ...plainLines, lineNumber: true });
    const argv: [string, ...string[]] = [own!.path, ...args, ...names];
    const result = await runWithOutput({ argv, env: {}, stdout, signal });
    closeSync(stdout);
    return { ...result, stdout: readFileSync(output, 'utf8') };
  }

  test('writes lines to our descriptor, and tells beside them what it cannot read', async () => {
    const name = join(folder, 'lines.log');
    writeFileSync(name, 'one\ntwo\n');
    expect(await run('two', [name])).toEqual({ end: { kind: 'exited', code: 0 }, stderr: '', stdout: '2:two\n' });
    const { end, stderr, stdout } = await run('two', [name, join(folder, 'none')]);
    expect({ end, stdout }).toEqual({ end: { kind: 'exited', code: 2 }, stdout: '2:two\n' });
    expect(stderr).toContain('No such file');
  });

  test('is ended by an abort', async () => {
    const name = join(folder, 'sparse.log');
    writeFileSync(name, '');
    truncateSync(name, 2 ** 36);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    const { end } = await run('none', [name], controller.signal);
    expect(end).toEqual({ kind: 'aborted' });
  });

  test('finds thousands of patterns, which come by its standard input', () => {
    const rust = Array.from({ length: 9000 }, (_, index) => `word${index}x \\(end`);
    const { args, input } = ripgrepArguments({ ...compilePatterns(['x']), rust }, plainLines);
    expect(input!.length).toBeGreaterThan(100_000);
    expect(args.join(' ').length).toBeLessThan(1000);
    writeFileSync(join(folder, 'a.log'), 'no\nword8999x (end\nword1x\n');
    const { stdout, status } = spawnSync(own!.path, [...args, 'a.log'], { cwd: folder, input });
    expect({ status, stdout: String(stdout) }).toEqual({ status: 0, stdout: 'word8999x (end\n' });
  });
});
