import { expect, test } from 'vitest';
import { runDevops } from '../support/run-devops.ts';

const now = () => new Date('2026-11-20T08:00:00Z');

test('warnings and errors are told, and with -v also what is being done, each on one line and without secrets', async () => {
  const quiet = await runDevops('logs');
  expect(quiet.stderr).toBe(
    'devops: warning: slow\\nanswer token="[redacted]" headers={"authorization":"[redacted]"}\ndevops: error: last words\n',
  );
  const loud = await runDevops('logs -v');
  expect(loud.stderr).toBe(
    `devops: debug: connecting url="https://me:[redacted]@example.test/" attempt=1\n${quiet.stderr}`,
  );
  expect(loud.stdout).toBe('done\n');
});

test('with --log-format json every line is an object with its time and level, and the last one is not lost', async () => {
  const result = await runDevops('--log-format json -v logs', { now });
  const lines = result.stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ level }) => level)).toEqual(['debug', 'warn', 'error']);
  expect(lines.map(({ time }) => time)).toEqual(Array.from({ length: 3 }, () => '2026-11-20T08:00:00.000Z'));
  expect(lines[1]).toMatchObject({ msg: 'slow\nanswer', token: '[redacted]', name: 'devops' });
  expect(result.stderr).not.toContain('hunter22');
});

test.each(['', '-o json', '-o yaml', '-o nagios', '-o junit', '-o github', '-o prometheus'])(
  'no secret of a failure gets out with "%s"',
  async (format) => {
    for (const line of [`failing ${format}`, `breaks expected ${format}`]) {
      const { stdout, stderr } = await runDevops(line);
      expect(stdout + stderr).not.toContain('hunter22');
    }
  },
);

test.each([
  ['on a terminal', {}, true],
  ['with NO_COLOR', { NO_COLOR: '1' }, false],
  ['with an empty NO_COLOR', { NO_COLOR: '' }, true],
  ['with TERM=dumb', { TERM: 'dumb' }, false],
  ['with FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
])('colour %s', async (_, env, colored) => {
  const result = await runDevops('many ok', { terminalColumns: 80, env });
  expect(result.stdout.includes('\u001B[')).toBe(colored);
  expect((await runDevops('many ok --no-color', { terminalColumns: 80, env })).stdout).not.toContain('\u001B[');
});

test('FORCE_COLOR colours a pipe, and --no-color and NO_COLOR outrank it', async () => {
  const line = 'report critical';
  expect((await runDevops(line, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001B[31m');
  expect((await runDevops(line, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\u001B[');
  expect((await runDevops(`${line} --no-color`, { env: { FORCE_COLOR: '1' } })).stdout).not.toContain('\u001B[');
});

test.each([
  [{ LANG: 'C' }, false],
  [{}, false],
  [{ LANG: 'en_US.ISO-8859-1' }, false],
  [{ LANG: 'en_US.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
  [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, true],
])('%j: characters beyond ASCII only where the locale can show them', async (env, unicode) => {
  const { stdout } = await runDevops('report', { env });
  expect(stdout.includes('█')).toBe(unicode);
});

test('progress on a terminal never stands in the way of a line of text', async () => {
  const result = await runDevops('progresses', { terminalColumns: 40, env: { NO_COLOR: '1', LANG: 'C' } });
  expect(result.stdout).toBe('a\nb\nc\n');
  // Each line that is drawn is taken away before the text comes.
  expect(result.stderr).toMatch(/^(\r[#.]+ \d\/3 working\u001B\[K\r\u001B\[K){3}$/);
  expect((await runDevops('progresses')).stderr).toBe('');
  expect((await runDevops('progresses -q', { terminalColumns: 40 })).stderr).toBe('');
});
