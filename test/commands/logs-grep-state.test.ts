import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { logsGrep, temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';
import { systemError } from '../support/test-runtime.ts';

/** A log in a folder of its own, and cron that looks at it. */
function scene() {
  const folder = temporaryFolder();
  const path = join(folder, 'app.log');
  const at = (name: string) => join(folder, name);
  return {
    folder,
    path,
    at,
    statePath: at('state/logs/web.json'),
    write: (text: string, name = 'app.log') => writeFileSync(at(name), text),
    append: (text: string, name = 'app.log') => appendFileSync(at(name), text),
    rename: (from: string, to: string) => renameSync(at(from), at(to)),
    gzip(name: string) {
      writeFileSync(at(`${name}.gz`), gzipSync(readFileSync(at(name))));
      rmSync(at(name));
    },
    cron: (words: string | readonly string[] = 'app.log', options = {}) =>
      logsGrep(folder, ['--state', 'web', ...(typeof words === 'string' ? words.split(' ') : words)], options),
  };
}

type Scene = ReturnType<typeof scene>;

const begun = "devops: 'PATH' is read from its end on: nothing before now is looked at\n";

describe('a first run', () => {
  test('begins at the end and says so once', async () => {
    const { write, append, cron, path } = scene();
    write('old\n');
    expect(await cron()).toMatchObject({ code: 1, stdout: '', stderr: begun.replace('PATH', path) });
    expect(await cron()).toMatchObject({ code: 1, stdout: '', stderr: '' });
    append('new\n');
    expect(await cron()).toMatchObject({ code: 0, stdout: 'new\n', stderr: '' });
    expect(await cron()).toMatchObject({ code: 1, stdout: '', stderr: '' });
  });

  test('with --from-start begins with all there is, rotated files first', async () => {
    const { write, append, gzip, cron } = scene();
    write('one\n', 'app.log.2');
    gzip('app.log.2');
    write('two\n', 'app.log.1');
    write('three\n');
    expect(await cron('--from-start app.log')).toMatchObject({ code: 0, stderr: '' });
    append('four\n');
    expect(await cron('--from-start app.log')).toMatchObject({ code: 0, stdout: 'four\n', stderr: '' });
  });

  test('prints the lines of --from-start in order, without names, and with them on demand', async () => {
    const { write, gzip, cron, at } = scene();
    write('one\n', 'app.log.2');
    gzip('app.log.2');
    write('two\n', 'app.log.1');
    write('three\n');
    expect((await cron('--from-start app.log')).stdout).toBe('one\ntwo\nthree\n');
    rmSync(at('state'), { recursive: true });
    expect((await cron('--from-start -H app.log')).stdout).toBe('app.log.2.gz:one\napp.log.1:two\napp.log:three\n');
  });

  test('on a file that does not exist yet says so, and the file is read from its start when it appears', async () => {
    const { write, cron } = scene();
    const words = ['-e', '', 'app.log'];
    const first = await cron(words);
    expect(first.code).toBe(2);
    expect(first.stderr).toContain('does not exist yet');
    expect(await cron(words)).toMatchObject({ code: 2, stdout: '' });
    write('first\n');
    expect(await cron(words)).toMatchObject({ code: 0, stdout: 'first\n', stderr: '' });
  });
});

describe('a later run', () => {
  test('has what is new, and holds back a last line until it is whole', async () => {
    const { write, append, cron } = scene();
    write('');
    await cron();
    append('one\ntw');
    expect((await cron()).stdout).toBe('one\n');
    expect((await cron()).stdout).toBe('');
    append('o\nthree');
    expect((await cron()).stdout).toBe('two\n');
    append('\n');
    expect((await cron()).stdout).toBe('three\n');
  });

  test('searches it for a PATTERN and passes over the rest for good', async () => {
    const { write, append, cron } = scene();
    write('');
    await cron('ERROR app.log');
    append('INFO a\nERROR b\nINFO c\n');
    expect(await cron('ERROR app.log')).toMatchObject({ code: 0, stdout: 'ERROR b\n', stderr: '' });
    expect((await cron()).stdout).toBe('');
  });

  const rotations: [string, (its: Scene) => void][] = [
    [
      'a rename',
      ({ rename, write }) => {
        rename('app.log', 'app.log.1');
        write('four\n');
      },
    ],
    [
      'a rename and gzip',
      ({ rename, write, gzip }) => {
        rename('app.log', 'app.log.1');
        gzip('app.log.1');
        write('four\n');
      },
    ],
    [
      'a rename with a date',
      ({ rename, write }) => {
        rename('app.log', 'app.log-20261120');
        write('four\n');
      },
    ],
    [
      'a copy and truncation',
      ({ path, at, append }) => {
        copyFileSync(path, at('app.log.1'));
        truncateSync(path);
        append('four\n');
      },
    ],
    [
      'a copy and truncation, grown beyond the old place',
      ({ path, at, append }) => {
        copyFileSync(path, at('app.log.1'));
        truncateSync(path);
        append('four\n');
        append('five '.repeat(1000) + '\n');
      },
    ],
  ];
  test.each(rotations)('after %s has the rest of the old file and all of the new one', async (_, rotate) => {
    const its = scene();
    its.write('one\ntwo\n');
    await its.cron();
    its.append('three\n');
    rotate(its);
    const { code, stdout, stderr } = await its.cron('-v five app.log');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'three\nfour\n', stderr: '' });
    expect((await its.cron()).stdout).toBe('');
  });

  test('after two rotations has what was in all three files', async () => {
    const { write, append, rename, gzip, cron } = scene();
    write('one\n');
    await cron();
    append('two\n');
    rename('app.log', 'app.log.1');
    write('three\n');
    rename('app.log.1', 'app.log.2');
    gzip('app.log.2');
    rename('app.log', 'app.log.1');
    write('four\n');
    expect(await cron()).toMatchObject({ code: 0, stdout: 'two\nthree\nfour\n', stderr: '' });
  });

  test('tells once, with exit code 2, of lines that were destroyed', async () => {
    const { write, append, path, cron } = scene();
    write('one\n');
    await cron();
    append('two\n');
    await cron();
    append('three\n');
    rmSync(path);
    write('four\n');
    const told = await cron();
    expect(told).toMatchObject({ code: 2, stdout: 'four\n' });
    expect(told.stderr).toMatch(/^devops: error: .*app\.log: was (replaced|truncated), and no rotated file holds/);
    expect(await cron()).toMatchObject({ code: 1, stdout: '', stderr: '' });
  });

  test('tells of them with --output json, -c, -l, -q and in alert mode, too', async () => {
    for (const [words, code] of [
      ['--output json app.log', 2],
      ['-c app.log', 2],
      ['-l app.log', 2],
      ['--alert nothing app.log', 2],
    ] as const) {
      const { write, append, path, cron } = scene();
      write('one\n');
      await cron();
      append('two\n');
      rmSync(path);
      write('four\n');
      const told = await cron(words);
      expect([words, told.code]).toEqual([words, code]);
      expect(told.stdout + told.stderr, words).toContain('no rotated file holds');
      expect((await cron()).code, words).toBe(1);
    }
  });

  test('has a file that appeared since, from its start, and a file that is named for the first time', async () => {
    const { write, cron } = scene();
    write('a\n', 'a.log');
    await cron(['-e', '', 'a.log']);
    write('b\n', 'b.log');
    expect(await cron(['-e', '', 'a.log', 'b.log'])).toMatchObject({ code: 0, stdout: 'b.log:b\n' });
  });

  test('goes on with the files that are there when one is missing, and says that with 2', async () => {
    const { write, append, cron } = scene();
    write('a\n', 'a.log');
    await cron(['-e', '', 'a.log', 'b.log']);
    append('x\n', 'a.log');
    const run = await cron(['-e', '', 'a.log', 'b.log']);
    expect(run).toMatchObject({ code: 2, stdout: 'a.log:x\n' });
    expect(run.stderr).toContain('b.log');
    expect((await cron(['-e', '', 'a.log', 'b.log'])).stdout).toBe('');
    write('y\n', 'b.log');
    expect(await cron(['-e', '', 'a.log', 'b.log'])).toMatchObject({ code: 0, stdout: 'b.log:y\n' });
  });

  test('a glob that has the rotated files too gives each line once', async () => {
    const { write, append, rename, gzip, cron } = scene();
    write('one\n', 'app.log.1');
    write('two\n');
    for (const words of [['-e', '', 'app.log*']]) {
      await cron(words);
      append('three\n');
      rename('app.log.1', 'app.log.2');
      gzip('app.log.2');
      rename('app.log', 'app.log.1');
      write('four\n');
      expect((await cron(words)).stdout).toBe('three\nfour\n');
      append('five\n');
      expect((await cron(words)).stdout).toBe('five\n');
    }
  });

  test('a directory is followed with all its logs, those that appear later from their start', async () => {
    const { at, write, append, rename, cron } = scene();
    mkdirSync(at('logs'));
    write('one\n', 'logs/a.log');
    await cron(['logs']);
    append('two\n', 'logs/a.log');
    write('three\n', 'logs/b.log');
    expect((await cron(['logs'])).stdout).toBe('logs/a.log:two\nlogs/b.log:three\n');
    append('four\n', 'logs/a.log');
    rename('logs/a.log', 'logs/a.log.1');
    write('five\n', 'logs/a.log');
    expect((await cron(['logs'])).stdout).toBe('logs/a.log.1:four\nlogs/a.log:five\n');
    expect((await cron(['logs'])).stdout).toBe('');
  });

  test('the same file under two names is delivered once', async () => {
    const { write, append, cron } = scene();
    write('one\n');
    const both = ['-e', '', 'app.log', './app.log'];
    await cron(both);
    append('two\n');
    expect((await cron(both)).stdout).toBe('two\n');
  });

  test('that has nothing to do writes nothing', async () => {
    const { write, cron, statePath } = scene();
    write('one\n');
    await cron();
    const before = statSync(statePath, { bigint: true });
    await cron();
    const after = statSync(statePath, { bigint: true });
    expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([before.ino, before.mtimeNs, before.ctimeNs]);
    expect(before.mode & 0o777n).toBe(0o600n);
  });
});

describe('a rotated file that is compressed while cron looks', () => {
  test('and is not whole yet is read on when it is, no line lost or twice', async () => {
    const { write, append, at, path, cron } = scene();
    write('one\n');
    await cron();
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${(index * 2654435761) % 1e9}\n`);
    append(lines.join(''));
    const whole = gzipSync(readFileSync(path));
    writeFileSync(at('app.log.1.gz'), whole.subarray(0, whole.length / 2));
    rmSync(path);
    write('new\n');
    const first = await cron();
    expect(first.code).toBe(2);
    expect(first.stderr).toContain('app.log.1.gz');
    writeFileSync(at('app.log.1.gz'), whole);
    const second = await cron();
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect((first.stdout + second.stdout).length).toBe(lines.join('').length + 4);
    expect(first.stdout + second.stdout).toBe(`${lines.join('')}new\n`);
    expect(gunzipSync(whole).length).toBeGreaterThan(0);
  });
});

describe('the state', () => {
  test.each([
    ['corrupt', '{"kind":"devops log cursor","version":1,"files":', /damaged/],
    ['somebody else’s', '{"hello":1}', /is not the state of a log search/],
    ['newer', '{"kind":"devops log cursor","version":99,"files":{}}', /newer devops/],
    ['empty', '', /damaged/],
  ])('that is %s is refused and left as it is', async (_, text, message) => {
    const { at, write, statePath, cron } = scene();
    mkdirSync(at('state/logs'), { recursive: true });
    writeFileSync(statePath, text);
    write('one\n');
    const run = await cron();
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
    expect(run.stderr).toContain('devops: hint:');
    expect(readFileSync(statePath, 'utf8')).toBe(text);
  });

  test('that is a directory is refused', async () => {
    const { write, statePath, cron } = scene();
    mkdirSync(statePath, { recursive: true });
    write('one\n');
    const run = await cron();
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('web.json');
  });

  test('is a file of its own when the name has a slash', async () => {
    const { folder, at, write, append } = scene();
    write('one\n');
    await logsGrep(folder, ['--state', './here.json', 'app.log']);
    expect(existsSync(at('here.json'))).toBe(true);
    append('two\n');
    expect((await logsGrep(folder, ['--state', './here.json', 'app.log'])).stdout).toBe('two\n');
  });

  test.each(['', '../x y', '.hidden', 'a b', 'ü', '..'])('has no name like %j', async (name) => {
    const { folder, write } = scene();
    write('one\n');
    const run = await logsGrep(folder, ['--state', name, 'app.log']);
    expect(run.code === 2 || name.includes('/')).toBe(true);
  });

  test('is not for standard input', async () => {
    const { cron } = scene();
    expect(await cron('ERROR', { stdin: 'ERROR\n' })).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('what is not delivered stays new', () => {
  const many = Array.from({ length: 30_000 }, (_, index) => `line ${index}\n`).join('');

  test.each([
    ['a full disk', 'ENOSPC', 2],
    ['a closed pipe', 'EPIPE', 0],
  ] as const)('with %s', async (_, code, exitCode) => {
    const { write, append, cron, statePath } = scene();
    write('');
    await cron();
    const before = readFileSync(statePath, 'utf8');
    append(many);
    const run = await cron('app.log', { onStdout: () => Promise.reject(systemError(code)) });
    expect(run.code).toBe(exitCode);
    expect(readFileSync(statePath, 'utf8')).toBe(before);
    expect((await cron()).stdout).toBe(many);
  });

  test('after a signal and a timeout', async () => {
    const { write, append, cron, statePath } = scene();
    write('');
    await cron();
    const before = readFileSync(statePath, 'utf8');
    append(many);
    const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 200));
    const interrupted = await cron('app.log', {
      onStdout: slow,
      interruptAfter: { milliseconds: 60, reason: 'SIGINT' },
    });
    expect(interrupted.code).toBe(130);
    expect(readFileSync(statePath, 'utf8')).toBe(before);
    const late = await cron('--timeout 0.05s app.log', { onStdout: slow });
    expect(late.code).toBe(2);
    expect(readFileSync(statePath, 'utf8')).toBe(before);
    expect((await cron()).stdout).toBe(many);
  });
});

describe('all that is new is passed over', () => {
  test.each([
    ['-c app.log', '3\n'],
    ['-l app.log', 'app.log\n'],
    ['-m 1 app.log', 'x 1\n'],
    ['-q x app.log', ''],
    ['-L zzz app.log', 'app.log\n'],
    ['--level error app.log', ''],
    ['--alert x app.log', 'x 1\nx 2\nx 3\n'],
  ])('with %s', async (words, stdout) => {
    const { write, append, cron } = scene();
    write('');
    await cron();
    append('x 1\nx 2\nx 3\n');
    expect((await cron(words)).stdout).toBe(stdout);
    expect((await cron()).stdout).toBe('');
    append('x 4\n');
    expect((await cron()).stdout).toBe('x 4\n');
  });

  test('with --output json and jsonl', async () => {
    const { write, append, cron } = scene();
    write('');
    await cron();
    append('x 1\nx 2\n');
    const { code, stdout } = await cron('--output json x app.log');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { text: string }[]).map(({ text }) => text)).toEqual(['x 1', 'x 2']);
    append('x 3\n');
    const lines = (await cron('--output jsonl x app.log')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(['x 3']);
    expect((await cron()).stdout).toBe('');
  });
});

test('two states on one log know nothing of each other', async () => {
  const { folder, write, append } = scene();
  const run = (name: string) => logsGrep(folder, ['--state', name, 'app.log']);
  write('');
  await run('one');
  await run('two');
  append('a\n');
  expect((await run('one')).stdout).toBe('a\n');
  append('b\n');
  expect((await run('two')).stdout).toBe('a\nb\n');
  expect((await run('one')).stdout).toBe('b\n');
});

test('two runs at once: the second one is busy with 75, and nothing is lost', async () => {
  const { write, append, cron } = scene();
  write('');
  await cron();
  append('x\n');
  const slow = cron('app.log', { onStdout: () => new Promise<void>((resolve) => setTimeout(resolve, 300)) });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const second = await cron();
  expect(second).toMatchObject({ code: 75, stdout: '' });
  expect(second.stderr).toContain("another run is at work on the state 'web'");
  expect((await slow).code).toBe(0);
  append('y\n');
  expect((await cron()).stdout).toBe('y\n');
});

test('a threshold counts over two runs', async () => {
  const { write, append, cron } = scene();
  const line = (second: number) => `2026-11-20T14:00:${String(second).padStart(2, '0')}Z ERROR x\n`;
  const now = () => new Date('2026-11-20T14:01:00Z');
  const words = '--threshold 10/5m ERROR app.log';
  write('');
  await cron(words, { now });
  append(Array.from({ length: 6 }, (_, index) => line(index)).join(''));
  expect((await cron(words, { now })).code).toBe(0);
  append(Array.from({ length: 3 }, (_, index) => line(index + 6)).join(''));
  expect((await cron(words, { now })).code).toBe(0);
  append(line(20));
  expect((await cron(words, { now })).code).toBe(1);
});

test('a stack trace that goes on in the next run keeps the level of its event', async () => {
  const { write, append, cron } = scene();
  write('');
  await cron();
  append('2026-11-20T14:00:00Z ERROR boom\n  at a\n');
  expect((await cron('--level error app.log')).stdout).toContain('boom');
  append('  at b\n2026-11-20T14:00:01Z INFO fine\n  at c\n');
  expect((await cron('--level error app.log')).stdout).toBe('  at b\n');
});

test('a window and a state go together', async () => {
  const { write, append, cron } = scene();
  write('');
  await cron();
  append('2026-11-20T14:00:00Z one\n2026-11-20T15:00:00Z two\n  at two\n2026-11-20T16:00:00Z three\n');
  const words = ['--since', '2026-11-20T14:30:00Z', 'app.log'];
  expect((await cron(words)).stdout).toBe('2026-11-20T15:00:00Z two\n  at two\n2026-11-20T16:00:00Z three\n');
  append('  at three\n2026-11-20T16:30:00Z four\n');
  expect((await cron(words)).stdout).toBe('  at three\n2026-11-20T16:30:00Z four\n');
});
