import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startShell } from '../support/start-devops.ts';

const full = 'devops: error: cannot write to standard output: no space left on device\n';

test.each(['spin', 'ticks', 'records', 'bytes --endless'])(
  'head -1 of %s ends it at once with 0 and without a word',
  async (command) => {
    const result = await startShell(`$INVENTED ${command} | head -c 1 | wc -c; echo "\${PIPESTATUS[0]}"`);
    expect(result).toMatchObject({ stdout: '1\n0\n', stderr: '' });
  },
);

test('a reader that is gone before the first line is a success, too', async () => {
  for (const line of [
    '$INVENTED ticks',
    '$INVENTED many ok',
    '$DEVOPS --help',
    '$DEVOPS --version',
    '$DEVOPS config schema',
  ]) {
    const result = await startShell(`{ sleep 0.2; ${line}; echo "$?" >&2; } | true`);
    expect(result.stderr, line).toBe('0\n');
  }
});

test('every record reaches a slow reader through a pipe', async () => {
  const result = await startShell('$INVENTED records | { sleep 0.5; cksum; }; $INVENTED records > /dev/stdout | cksum');
  const [piped, again] = result.stdout.trimEnd().split('\n');
  expect(piped).toBe(again);
  expect(piped).toMatch(/ 6888890$/);
});

test('a long error reaches a slow reader of stderr whole', async () => {
  const result = await startShell('$INVENTED breaks "$(printf %0100000d 1)" 2>&1 >/dev/null | { sleep 0.5; wc -c; }');
  expect(Number(result.stdout)).toBeGreaterThan(100_000);
});

test('so do many short ones', async () => {
  const result = await startShell(
    '$INVENTED hostile --fail --times 300 2>&1 >/dev/null | { sleep 0.5; grep -c error; }',
  );
  expect(result.stdout).toBe(`${300 * 21}\n`);
  const logged = await startShell('$INVENTED logs -v --times 3000 2>&1 >/dev/null | { sleep 0.5; wc -l; }');
  expect(logged.stdout.trim()).toBe('3002');
});

test.each([
  ['$DEVOPS --version', 2],
  ['$DEVOPS --help', 2],
  ['$DEVOPS config schema', 2],
  ['$INVENTED many ok', 2],
  ['$INVENTED bytes', 2],
  ['$INVENTED spin', 2],
  ['$INVENTED many ok -o nagios', 3],
])('%s on a full disk is %i', async (line, code) => {
  const result = await startShell(`${line} > /dev/full`);
  expect(result.exitCode).toBe(code);
  if (code === 2)
    expect(result.stderr).toMatch(
      /^devops: error: cannot write to standard output: (ENOSPC: )?no space left on device/,
    );
  if (line.startsWith('$INVENTED many ok') && code === 2) expect(result.stderr).toBe(full);
});

test('a full disk under stderr spoils nothing but the messages', async () => {
  expect(await startShell('$INVENTED logs -v 2> /dev/full')).toMatchObject({ exitCode: 0, stdout: 'done\n' });
  expect(await startShell('$INVENTED logs --log-format json -v 2> /dev/full')).toMatchObject({
    exitCode: 0,
    stdout: 'done\n',
  });
  expect(await startShell('$INVENTED many -o wrong 2> /dev/full')).toMatchObject({ exitCode: 2, stdout: '' });
});

test.each(['>&-', '2>&-', '<&-', '<&- >&- 2>&-'])(
  'with %s it runs to its end, and writes into no file that happens to be open',
  async (closed) => {
    const folder = mkdtempSync(join(tmpdir(), 'devops-closed-'));
    const line = `$INVENTED many ok warning --report jsonl=${folder}/r.jsonl ${closed}`;
    expect((await startShell(line)).exitCode).toBe(1);
    expect(readFileSync(`${folder}/r.jsonl`, 'utf8').split('\n')).toHaveLength(3);
    rmSync(folder, { recursive: true });
  },
);

test('a question with a closed stdin is answered with no', async () => {
  const result = await startShell('$INVENTED change <&-');
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('not confirmed');
});

test('/dev/stdout and the pipe of a process substitution take a report', async () => {
  const through = await startShell('$INVENTED many ok --report jsonl=/dev/stdout | cat');
  expect(through.stdout).toContain('{"subject":"a"');
  expect(through.stdout).toContain('a\tok\t10\n');
  const folder = mkdtempSync(join(tmpdir(), 'devops-stdout-'));
  await startShell(`$INVENTED many ok --report jsonl=/dev/stdout > ${folder}/out`);
  expect(readFileSync(`${folder}/out`, 'utf8')).toBe('{"subject":"a","status":"ok","size":10}\na\tok\t10\n');
  rmSync(folder, { recursive: true });
  const substitution = await startShell('$INVENTED many ok --report jsonl=>(cat >&2) > /dev/null; wait; sleep 0.2');
  expect(substitution.stderr).toContain('{"subject":"a"');
});
