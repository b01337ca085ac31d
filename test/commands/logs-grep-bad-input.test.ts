import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { runLogsGrep } from '../lib/logs/search/run-grep.ts';
import { runRealDevops } from '../support/run-real-devops.ts';
import { bareEnvironment, bin, node } from '../support/start-devops.ts';
import { testRuntime } from '../support/test-runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-bad-input-'));
const lines = 'one ERROR\ntwo\nthree ERROR\n';

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'app.log'), lines);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const usage = 'devops: hint: devops logs-grep --help shows how it is called\n';

describe('a command line that cannot be meant', () => {
  test.each<[string, string]>([
    [
      '',
      'there is no PATTERN to search for\ndevops: hint: devops logs-grep PATTERN FILE...; without a pattern give a time, a level or --where',
    ],
    [
      '--frobnicate ERROR app.log',
      "unknown option '--frobnicate'\ndevops: hint: devops logs-grep --help lists its options",
    ],
    [
      '--colour always ERROR app.log',
      "unknown option '--colour'\ndevops: hint: did you mean '--color'?\ndevops: hint: devops logs-grep --help lists its options",
    ],
    ['-m x ERROR app.log', "option '--max-count': 'x' is not a whole number\ndevops: hint: use 0, 1, 2 ..."],
    ['-m -1 ERROR app.log', "option '--max-count': '-1' is not a whole number\ndevops: hint: use 0, 1, 2 ..."],
    ['-A ERROR app.log', "option '--after-context': 'ERROR' is not a whole number\ndevops: hint: use 0, 1, 2 ..."],
    ['--color=blue ERROR app.log', "option '--color': 'blue' is not one of always, auto, never"],
    ['--engine grep ERROR app.log', "option '--engine': 'grep' is not one of auto, ripgrep, devops"],
    [
      '( app.log',
      String.raw`cannot search for '(': column 1: it has a ( without its )` +
        '\ndevops: hint: write \\( for the parenthesis',
    ],
    [
      '[a- app.log',
      "cannot search for '[a-': column 1: it has a [ without its ]\ndevops: hint: write \\[ for the bracket",
    ],
    [String.raw`(a)\1 app.log`, ''],
    [
      '(?=a) app.log',
      "cannot search for '(?=a)': column 1: look-around is not known, for no linear-time search can do it\ndevops: hint: search for the whole text, or search twice, the second time with -v",
    ],
    [
      'a{9999999} app.log',
      "cannot search for 'a{9999999}': column 2: it repeats something more than 1000 times\ndevops: hint: write a smaller count, + or *",
    ],
    ['-f nothing app.log', ''],
    ['--since never ERROR app.log', ''],
    ['--since 10:00 --until 09:00 ERROR app.log', ''],
    ['--since 2026-13-45 ERROR app.log', ''],
  ])('%s', async (typed, expected) => {
    const { code, stdout, stderr } = await runLogsGrep(folder, typed === '' ? [] : typed.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    if (expected === '') expect(stderr).toMatch(/^devops: error: .+\n(?:devops: hint: .+\n)*$/);
    else expect(stderr).toBe(`devops: error: ${expected}\n`);
    expect(stderr).not.toContain('    at ');
  });

  test('-P is refused with what the dialect has', async () => {
    const { code, stderr } = await runLogsGrep(folder, ['-P', 'ERROR', 'app.log']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^devops: error: -P is not known: .*linear time.*\ndevops: hint: .*look-around.*\n/);
    expect(stderr.endsWith(usage)).toBe(true);
  });
});

describe('which word is what', () => {
  const found = { code: 0, stdout: '1:one ERROR\n3:three ERROR\n', stderr: '' };

  test.each([
    '-n ERROR app.log',
    '-nE ERROR app.log',
    'ERROR -n app.log',
    'ERROR app.log -n',
    '-n -e ERROR app.log',
    '-ne ERROR app.log',
    '-neERROR app.log',
    '-n --regexp=ERROR app.log',
    '-znI ERROR app.log',
    '-n -- ERROR app.log',
    '-n -e ERROR -- app.log',
  ])('%s', async (typed) => {
    expect(await runLogsGrep(folder, typed.split(' '))).toEqual(found);
  });

  test('-h is help, and searches nothing', async () => {
    const { code, stdout } = await runLogsGrep(folder, ['-h']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: devops logs-grep/);
  });

  test('a pattern may begin with a dash behind -e, -- and in a file', async () => {
    writeFileSync(join(folder, 'dash.log'), '-x 1\n--foo\n');
    expect((await runLogsGrep(folder, ['-e', '-x', 'dash.log'])).stdout).toBe('-x 1\n');
    expect((await runLogsGrep(folder, ['-e', '--foo', 'dash.log'])).stdout).toBe('--foo\n');
    expect(await runLogsGrep(folder, ['--', '-x', 'dash.log'])).toEqual({ code: 0, stdout: '-x 1\n', stderr: '' });
    expect((await runLogsGrep(folder, ['-c', '--', '--foo', 'dash.log', 'app.log'])).stdout).toBe(
      'dash.log:1\napp.log:0\n',
    );
  });

  test('so may a file behind --', async () => {
    writeFileSync(join(folder, '-v'), 'an ERROR\n');
    expect(await runLogsGrep(folder, ['ERROR', '--', '-v'])).toEqual({ code: 0, stdout: 'an ERROR\n', stderr: '' });
  });

  test('a sole word is a FILE when there is one and something else says what is wanted', async () => {
    const errors = { code: 0, stdout: 'one ERROR\nthree ERROR\n', stderr: '' };
    expect(await runLogsGrep(folder, ['--level', 'error', 'app.log'])).toEqual(errors);
    expect(await runLogsGrep(folder, ['--level', 'error', 'three', 'app.log'])).toEqual({
      ...errors,
      stdout: 'three ERROR\n',
    });
    expect(await runLogsGrep(folder, ['app.log'], { stdin: 'see app.log\n' })).toEqual({
      ...errors,
      stdout: 'see app.log\n',
    });
  });

  test('a sole word that looks like a path is never searched for', async () => {
    expect(await runLogsGrep(folder, ['--level', 'error', './none.log'], { stdin: 'x' })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'devops: error: cannot read ./none.log: no such file or directory\n',
    });
  });
});

describe('what cannot be read is told, all the rest is searched, and the exit code is 2', () => {
  const rest = 'app.log:one ERROR\napp.log:three ERROR\n';
  const searched = (stderr: string) => ({ code: 2, stdout: rest, stderr: `devops: error: ${stderr}\n` });

  test('a file that is not there', async () => {
    expect(await runLogsGrep(folder, ['ERROR', 'none.log', 'app.log'])).toEqual(
      searched('cannot read none.log: no such file or directory'),
    );
  });

  test('-s says nothing of it, -q has the answer when there is one', async () => {
    const silent = await runLogsGrep(folder, ['-s', 'ERROR', 'none.log', 'app.log']);
    expect(silent).toEqual({ code: 2, stdout: rest, stderr: '' });
    expect(await runLogsGrep(folder, ['-q', 'ERROR', 'none.log', 'app.log'])).toMatchObject({ code: 0, stdout: '' });
    expect(await runLogsGrep(folder, ['-q', 'nothing', 'none.log', 'app.log'])).toMatchObject({ code: 2, stdout: '' });
    expect(await runLogsGrep(folder, ['-q', 'nothing', 'app.log'])).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  test('a link into nowhere, and one in a circle', async () => {
    symlinkSync('gone', join(folder, 'broken'));
    symlinkSync('circle', join(folder, 'circle'));
    expect(await runLogsGrep(folder, ['ERROR', 'broken', 'app.log'])).toEqual(
      searched('cannot read broken: no such file or directory'),
    );
    expect(await runLogsGrep(folder, ['ERROR', 'circle', 'app.log'])).toEqual(
      searched('cannot read circle: too many symbolic links encountered'),
    );
  });

  test('a file as if it were a directory, and an empty name', async () => {
    expect(await runLogsGrep(folder, ['ERROR', 'app.log/x', 'app.log'])).toEqual(
      searched('cannot read app.log/x: not a directory'),
    );
    expect(await runLogsGrep(folder, ['ERROR', '', 'app.log'])).toEqual(
      searched("cannot read '': it is an empty name"),
    );
  });

  test('a device that never ends is not begun with', async () => {
    expect(await runLogsGrep(folder, ['ERROR', '/dev/zero', 'app.log'])).toEqual(
      searched(
        'cannot read /dev/zero: it is a device that may never end\ndevops: hint: `devops logs-grep PATTERN < /dev/zero` reads it all the same',
      ),
    );
    expect(await runLogsGrep(folder, ['-I', 'ERROR', '/dev/null', 'app.log'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('what is not allowed, in a directory and named', () => {
    mkdirSync(join(folder, 'logs/closed'), { recursive: true });
    writeFileSync(join(folder, 'logs/closed/x.log'), 'ERROR\n');
    writeFileSync(join(folder, 'logs/secret.log'), 'ERROR\n', { mode: 0 });
    writeFileSync(join(folder, 'logs/z.log'), 'ERROR z\n');
    spawnSync('chmod', ['0', 'logs/closed'], { cwd: folder });
    const line = [node, bin, 'logs-grep', 'ERROR', 'logs'];
    // As a process whose rights the modes of files decide, also when the tests run as root.
    if (process.getuid!() === 0) line.unshift('setpriv', '--bounding-set', '-dac_override,-dac_read_search');
    const { status, stdout, stderr } = spawnSync(line[0]!, line.slice(1), { cwd: folder, env: bareEnvironment });
    expect({ status, stdout: String(stdout) }).toEqual({ status: 2, stdout: 'logs/z.log:ERROR z\n' });
    expect(String(stderr)).toBe(
      'devops: error: cannot read logs/closed: permission denied\ndevops: error: cannot read logs/secret.log: permission denied\n',
    );
  });

  test('a file that vanishes after it was found', async () => {
    writeFileSync(join(folder, 'b.log'), 'ERROR b\n');
    // Standard input is read first, and until it ends the files are only known by name.
    async function* slowly() {
      yield Buffer.from('ERROR from stdin\n');
      rmSync(join(folder, 'app.log'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { code, stdout, stderr } = await runRealDevops(['logs-grep', 'ERROR', '-', 'app.log', 'b.log'], {
      cwd: folder,
      runtime: { stdin: () => Readable.from(slowly()) },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '(standard input):ERROR from stdin\nb.log:ERROR b\n' });
    expect(stderr).toBe('devops: error: cannot read app.log: no such file or directory\n');
  });

  test('standard input that fails in the middle', async () => {
    async function* breaking() {
      yield Buffer.from('ERROR 1\n');
      await new Promise((resolve) => setImmediate(resolve));
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' });
    }
    const { code, stdout, stderr } = await runRealDevops(['logs-grep', 'ERROR'], {
      cwd: folder,
      runtime: { stdin: () => Readable.from(breaking()) },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: 'ERROR 1\n' });
    expect(stderr).toBe('devops: error: cannot read (standard input): i/o error\n');
  });

  test('a window on a file in which no time can be read', async () => {
    const { code, stdout, stderr } = await runLogsGrep(folder, ['--since', '10m', 'app.log']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^devops: error: app\.log: has no time that can be read, in lines such as 'one ERROR'\ndevops: hint: .*--time-format/,
    );
  });

  test('in records as well', async () => {
    const { code, stdout } = await runLogsGrep(folder, ['--json', 'ERROR', 'none.log', 'app.log']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        kind: 'failure',
        subject: 'none.log',
        error: { code: 'not-found', message: 'no such file or directory' },
      },
      { kind: 'line', text: 'one ERROR' },
      { kind: 'line', text: 'three ERROR' },
    ]);
  });
});

describe('the end of standard output', () => {
  test('no space left', async () => {
    const failing = {
      onStdout: () => Promise.reject(Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC', errno: -28 })),
    };
    const { code, stderr } = await runRealDevops(['logs-grep', 'ERROR', 'app.log'], { cwd: folder, ...failing });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'devops: error: cannot write to standard output: no space left on device\n',
    });
  });

  test('the file that is searched: it is left out, or the search would find itself for ever', async () => {
    const file = await open(join(folder, 'app.log'), 'a');
    try {
      const { stdout: memory } = testRuntime().runtime;
      const stdout = { ...memory, fd: file.fd };
      writeFileSync(join(folder, 'b.log'), 'ERROR b\n');
      for (const words of [['app.log', 'b.log'], ['.'], ['app.log', 'app.log']]) {
        const { code, stderr } = await runLogsGrep(folder, ['ERROR', ...words], { stdout });
        expect(code).toBe(2);
        expect(stderr).toMatch(/^(?:devops: error: (?:\.\/)?app\.log: is where the output goes, and is left out\n)+$/);
      }
      // A count comes when all is read.
      expect(await runLogsGrep(folder, ['-c', 'ERROR', 'app.log'], { stdout })).toMatchObject({ code: 0, stderr: '' });
    } finally {
      await file.close();
    }
  });
});
