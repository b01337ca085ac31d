import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { logsGrep, temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';
import { requireProgram } from '../support/services.ts';

const journalctl = requireProgram('journalctl', '--journal of devops logs-grep is not tested with a real journal');
const recorded = join(import.meta.dirname, '../lib/logs/journal/web1.journal.gz');

/** A journalctl that looks at a recorded journal. */
function scene() {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'journal'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'journal/web1.journal'), gunzipSync(readFileSync(recorded)));
  const program = join(folder, 'bin/journalctl');
  writeFileSync(program, `#!/bin/sh\nexec ${journalctl} --directory '${join(folder, 'journal')}' "$@"\n`);
  chmodSync(program, 0o755);
  const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` };
  return {
    folder,
    program,
    run: (words: readonly string[]) => logsGrep(folder, words, { env }),
    /** What the real one says. */
    lines: async (...words: string[]) => (await logsGrep(folder, ['--journal', '*', ...words], { env })).stdout,
  };
}

test('a missing journalctl is 2 and told', async () => {
  const folder = temporaryFolder();
  const { code, stdout, stderr } = await logsGrep(folder, ['--journal', 'nginx', 'x'], { env: { PATH: folder } });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('journalctl');
});

test('--journal and FILE, --rotated or --time-format are refused', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'app.log'), 'x\n');
  for (const words of [
    ['x', 'app.log'],
    ['--rotated', 'x'],
    ['--time-format', 'iso', 'x'],
  ]) {
    const { code, stderr } = await logsGrep(folder, ['--journal', '*', ...words]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('devops: hint: ')]);
  }
});

describe.skipIf(journalctl === undefined)('the journal', () => {
  test('is searched like a log', async () => {
    const { run, lines } = scene();
    const all = await lines('-e', '');
    expect(all.split('\n').length).toBeGreaterThan(10);
    const word = /\b[a-z]{5,}\b/.exec(all.split('\n')[3]!)![0];
    const { code, stdout, stderr } = await run(['--journal', '*', word]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      all
        .split('\n')
        .filter((line) => line.includes(word))
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect((await run(['--journal', '*', '-c', 'this is nowhere'])).code).toBe(1);
    expect((await run(['--journal', 'no-such-unit', '-e', ''])).stdout).toBe('');
  });

  test('in a window has what a look at each line finds in it', async () => {
    const { lines } = scene();
    const all = (await lines('-e', '')).split('\n').slice(0, -1);
    const times = all.map((line) => Date.parse(line.split(' ')[0]!.replace(/(\d\d)$/, ':$1')));
    const middle = times.filter((time) => !Number.isNaN(time)).toSorted((one, other) => one - other)[
      Math.floor(times.length / 2)
    ]!;
    const since = await lines('--since', new Date(middle).toISOString(), '-e', '');
    const until = await lines('--until', new Date(middle).toISOString(), '-e', '');
    expect(since.length).toBeGreaterThan(0);
    expect(until.length).toBeGreaterThan(0);
    expect(until + since).toBe(`${all.join('\n')}\n`);
  });

  test('with --level has fewer lines, all of which are lines of it', async () => {
    const { lines } = scene();
    const all = await lines('-e', '');
    const errors = await lines('--level', 'error', '-e', '');
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThan(all.length);
    for (const line of errors.split('\n')) expect(all).toContain(line);
  });

  test('with --state begins at its end and says so once; --from-start has all of it, and each line once', async () => {
    const { run, lines } = scene();
    const all = await lines('-e', '');
    const first = await run(['--journal', '*', '--state', 'one', '-e', '']);
    expect(first).toMatchObject({ code: 1, stdout: '' });
    expect(first.stderr).toBe(
      'devops: journal: begins with what comes from now on; --from-start is for all that is there\n',
    );
    expect(await run(['--journal', '*', '--state', 'one', '-e', ''])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: '',
    });
    const whole = await run(['--journal', '*', '--state', 'two', '--from-start', '-e', '']);
    expect(whole.stdout).toBe(all);
    expect((await run(['--journal', '*', '--state', 'two', '--from-start', '-e', ''])).stdout).toBe('');
  });

  test('that cannot be read is 2, and the state stays where it is', async () => {
    const { run, lines, program } = scene();
    const all = await lines('-e', '');
    const real = readFileSync(program);
    writeFileSync(program, '#!/bin/sh\necho "No journal today" >&2\nexit 3\n');
    const words = ['--journal', '*', '--state', 'one', '--from-start', '-e', ''];
    const { code, stdout, stderr } = await run(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('No journal today');
    writeFileSync(program, real);
    expect((await run(words)).stdout).toBe(all);
  });
});
