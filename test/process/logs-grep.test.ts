import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRipgrep } from '../../src/lib/logs/ripgrep/find-ripgrep.ts';
import { requireProgram } from '../support/services.ts';
import { bareEnvironment, bin, node, startShell } from '../support/start-devops.ts';

const script = requireProgram('script', 'standard input from a terminal is not tested');
const ripgrep = await findRipgrep({}, AbortSignal.timeout(9000));
const engines = ripgrep === undefined ? ['devops'] : ['devops', 'ripgrep'];

let folder: string;
/** More than a pipe takes, and enough for ripgrep to be asked. */
let large: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-logs-grep-'));
  large = join(folder, 'large.log');
  writeFileSync(large, 'fine\n'.repeat(1000) + 'an ERROR in a line of some length\n'.repeat(300_000));
  writeFileSync(join(folder, 'app.log'), 'one ERROR\ntwo\nthree ERROR\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shell = (line: string, env: Record<string, string> = {}) => startShell(line, { cwd: folder, env });

/** A search whose standard input stays open, and what it said so far. */
function startSearch(...words: string[]) {
  const child = spawn(node, [bin, 'logs-grep', ...words], { cwd: folder, env: bareEnvironment });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString('latin1')));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString('latin1')));
  child.stdin.on('error', () => {});
  const ended = once(child, 'close').then(([code]) => code as number);
  return { child, said, ended };
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a pipe', () => {
  test('is searched as it is written: a line comes out before the next one is there', async () => {
    const { child, said, ended } = startSearch('-n', 'ERROR');
    child.stdin.write('fine\nan ERROR\nhalf an ERR');
    await until(() => said.stdout !== '');
    expect(said.stdout).toBe('2:an ERROR\n');
    child.stdin.write('OR\n');
    await until(() => said.stdout.length > 11);
    expect(said.stdout).toBe('2:an ERROR\n3:half an ERROR\n');
    child.stdin.end('the last ERROR');
    expect(await ended).toBe(0);
    expect(said).toEqual({ stdout: '2:an ERROR\n3:half an ERROR\n4:the last ERROR\n', stderr: '' });
  });

  test('gives records as they come, too', async () => {
    const { child, said, ended } = startSearch('-o', '--output', 'jsonl', 'ERR.*');
    child.stdin.write('an ERROR\n');
    await until(() => said.stdout.endsWith('\n'));
    expect(JSON.parse(said.stdout)).toMatchObject({ source: '(standard input)', text: 'ERROR' });
    child.stdin.end();
    expect(await ended).toBe(0);
  });

  test('in which a line of 70 MiB comes takes less than 400 MiB of memory', async () => {
    const { child, said, ended } = startSearch('-n', '-o', 'ERROR');
    child.stdin.write('first ERROR\n');
    for (let piece = 0; piece < 70; piece++) child.stdin.write(Buffer.alloc(1024 * 1024, 'a'));
    child.stdin.write(' ERROR\nlast ERROR\n');
    await until(() => said.stdout.includes('3:'));
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    expect(Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)![1]) / 1024).toBeLessThan(400);
    child.stdin.end();
    expect(await ended).toBe(0);
    expect(said).toEqual({
      stdout: '1:ERROR\n2:ERROR\n3:ERROR\n',
      stderr: 'devops: (standard input): has a line of more than 64 MiB, which is searched in pieces\n',
    });
  });

  test('an interruption ends it with 130, and what was found is out', async () => {
    const { child, said, ended } = startSearch('ERROR');
    child.stdin.write('an ERROR\n');
    await until(() => said.stdout !== '');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(said.stdout).toBe('an ERROR\n');
    expect(said.stderr).not.toContain('    at ');
  });

  test('so does --timeout with 2', async () => {
    const { child, said, ended } = startSearch('--timeout', '1.5s', 'ERROR');
    child.stdin.write('an ERROR\n');
    expect(await ended).toBe(2);
    expect(said).toEqual({
      stdout: 'an ERROR\n',
      stderr: 'devops: error: --timeout of 1.5s reached: the answer is not complete\n',
    });
  });
});

describe('standard input', () => {
  test('that is a file is searched from where it stands', async () => {
    const after = await shell('{ read -r line; $DEVOPS logs-grep ERROR; } < app.log');
    expect(after).toMatchObject({ exitCode: 0, stdout: 'three ERROR\n', stderr: '' });
    writeFileSync(join(folder, 'app.log.gz'), gzipSync('an ERROR\n'));
    expect(await shell('$DEVOPS logs-grep -c ERROR < app.log.gz')).toMatchObject({ exitCode: 0, stdout: '1\n' });
  });

  test('that is closed, or /dev/null, has nothing', async () => {
    const result = await shell('$DEVOPS logs-grep ERROR <&-; echo "$?"; $DEVOPS logs-grep ERROR </dev/null; echo "$?"');
    expect(result).toMatchObject({ stdout: '1\n1\n', stderr: '' });
  });

  test.skipIf(script === undefined)('that is a terminal is waited for, and that is said', async () => {
    const { stdout } = await shell(
      `(sleep 0.7; printf 'an ERROR\\n'; sleep 0.2; printf '\\004') | script -qfec "$DEVOPS logs-grep -n --color never ERROR 2> said" /dev/null`,
    );
    expect(readFileSync(join(folder, 'said'), 'utf8')).toMatch(/^devops: .*terminal/);
    expect(stdout).toContain('1:an ERROR');
  });
});

test('a FIFO without a writer is waited for until --timeout, one with a writer until it ends', async () => {
  const result = await shell(`
    mkfifo pipe
    $DEVOPS logs-grep --timeout 500ms ERROR pipe app.log; echo "$?"
    (sleep 0.3; echo an ERROR > pipe) & $DEVOPS logs-grep ERROR pipe app.log; echo "$?"`);
  expect(result.stdout).toBe('2\npipe:an ERROR\napp.log:one ERROR\napp.log:three ERROR\n0\n');
  expect(result.stderr).toBe('devops: error: --timeout of 0.5s reached: the answer is not complete\n');
});

test('zeros without end on standard input are one endless line: --timeout ends it', async () => {
  const result = await shell(`$DEVOPS logs-grep --timeout 500ms ERROR < /dev/zero`);
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.stderr).toContain('devops: error: --timeout of 0.5s reached');
});

describe.concurrent.each(engines)('the engine %s', (engine) => {
  const search = `$DEVOPS logs-grep --engine ${engine}`;

  test('finds what grep finds, in an empty environment', async () => {
    const result = await shell(`
      env -i $DEVOPS logs-grep --engine ${engine} -n ERROR ${large} app.log > ${engine}.found; echo "$?"
      env -i $DEVOPS logs-grep --engine ${engine} -c nothing ${large}; echo "$?"
      LC_ALL=C grep -n ERROR ${large} app.log | cmp - ${engine}.found && echo same`);
    expect(result).toMatchObject({ stdout: '0\n0\n1\nsame\n', stderr: '' });
  });

  test.each(['', '-n', '--json'])('%s into a reader who has had enough: 0, without a word', async (flag) => {
    const result = await shell(`{ ${search} ${flag} ERROR ${large} app.log; echo "$?" >&2; } | head -c 1 | wc -c`);
    expect(result).toMatchObject({ stdout: '1\n', stderr: '0\n' });
  });

  test('finds nothing for a reader who has gone, either', async () => {
    const result = await shell(`{ sleep 0.2; ${search} nothing ${large}; echo "$?" >&2; } | true`);
    expect(result).toMatchObject({ stderr: '1\n' });
  });

  test('a full disk', async () => {
    const result = await shell(`${search} ERROR ${large} > /dev/full`);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toBe('devops: error: cannot write to standard output: no space left on device\n');
  });

  test('a limit of the size of files', async () => {
    const result = await shell(`ulimit -f 100; ${search} ERROR ${large} > ${engine}.limited`);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toBe('devops: error: cannot write to standard output: file too large\n');
  });

  test('output into the file that is searched', async () => {
    const content = 'x ERROR\n'.repeat(50_000);
    writeFileSync(join(folder, `${engine}.log`), content);
    const result = await shell(`${search} ERROR ${engine}.log app.log >> ${engine}.log`);
    expect(result).toMatchObject({
      exitCode: 2,
      stderr: `devops: error: ${engine}.log: is where the output goes, and is left out\n`,
    });
    expect(readFileSync(join(folder, `${engine}.log`), 'utf8')).toBe(
      `${content}app.log:one ERROR\napp.log:three ERROR\n`,
    );
  });

  test('an interruption in the middle of the output: 130, and nobody is left behind', async () => {
    const child = spawn(node, [bin, 'logs-grep', '--engine', engine, 'ERROR', large], { env: bareEnvironment });
    await once(child.stdout, 'readable');
    // It stands still, for nobody reads on.
    const children = () =>
      spawnSync('pgrep', ['-P', String(child.pid)])
        .stdout.toString()
        .trim();
    if (engine === 'ripgrep') expect(children()).not.toBe('');
    const left = children();
    const ended = once(child, 'exit');
    const start = performance.now();
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(performance.now() - start).toBeLessThan(1800);
    if (left !== '') expect(spawnSync('kill', ['-0', left]).status).not.toBe(0);
    child.stdout.destroy();
  });
});

test('an alert that nobody was there to read is told by the next run', async () => {
  const env = { STATE_DIRECTORY: join(folder, 'state') };
  const line = '$DEVOPS logs-grep --state dead --from-start --alert -q ERROR app.log';
  await shell(`${line} | (exec <&-)`, env);
  expect(await shell(line, env)).toMatchObject({ exitCode: 1 });
  expect(await shell(line, env)).toMatchObject({ exitCode: 0 });
});
