import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDevops } from '../support/run-devops.ts';
import { systemError } from '../support/test-runtime.ts';

/** A reader that goes away, or a disk that is full, after this many writes. */
const failsAfter = (writes: number, code: 'EPIPE' | 'ENOSPC') => {
  let seen = 0;
  return () => (seen++ < writes ? undefined : Promise.reject(systemError(code)));
};

test.each(['records', 'spin', 'ticks', 'bytes --endless', 'records -o json', 'records -o csv'])(
  'a closed pipe ends "%s" at once and is a success',
  async (line) => {
    if (line.endsWith('csv')) line = 'hostile -o csv';
    const result = await runDevops(line, { onStdout: failsAfter(1, 'EPIPE') });
    expect(result).toMatchObject({ code: line.startsWith('hostile') ? 1 : 0, stderr: '' });
    expect(result.milliseconds).toBeLessThan(1500);
  },
);

test.each([0, 1])('a closed pipe after %i writes does not stop a change half way', async (writes) => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-change-'));
  const result = await runDevops(`change --yes --done ${folder}/done`, { onStdout: failsAfter(writes, 'EPIPE') });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(`${folder}/done`, 'utf8')).toBe('all removed');
  rmSync(folder, { recursive: true });
});

test('nor does a full disk, but that is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-change-'));
  const result = await runDevops(`change --yes --done ${folder}/done`, { onStdout: failsAfter(0, 'ENOSPC') });
  expect(result).toMatchObject({ code: 2, stderr: full });
  expect(readFileSync(`${folder}/done`, 'utf8')).toBe('all removed');
  rmSync(folder, { recursive: true });
});

const full = 'devops: error: cannot write to standard output: no space left on device\n';

test.each([
  'many ok',
  'many ok -o csv',
  'report ok',
  'records',
  'spin',
  'bytes',
  'bytes --endless',
  'many ok -o junit',
])('a full disk under "%s" is 2 and one line, not the success of an answer that nobody has', async (line) => {
  expect(await runDevops(line, { onStdout: failsAfter(0, 'ENOSPC') })).toMatchObject({ code: 2, stderr: full });
});

test('for Nagios a line that could not be written is unknown', async () => {
  expect((await runDevops('many ok -o nagios', { onStdout: failsAfter(0, 'ENOSPC') })).code).toBe(3);
});

test.each(['--help', '--version', 'many --help', 'group --help'])(
  '%s on a full disk is 2, on a closed pipe 0',
  async (line) => {
    expect(await runDevops(line, { onStdout: failsAfter(0, 'ENOSPC') })).toMatchObject({ code: 2, stderr: full });
    expect(await runDevops(line, { onStdout: failsAfter(0, 'EPIPE') })).toMatchObject({ code: 0, stderr: '' });
  },
);

test.concurrent.each(['spin', 'ticks', 'records', 'many ok', 'bytes --endless'])(
  'a reader that stops reading keeps nobody from stopping "%s"',
  async (line) => {
    const result = await runDevops(line, {
      onStdout: () => new Promise(() => undefined),
      interruptAfter: { milliseconds: 50, reason: 'SIGTERM' },
    });
    expect(result.code).toBe(143);
    expect(result.milliseconds).toBeLessThan(4500);
  },
);

test('a slow reader slows the source down, and nothing is lost or in the wrong order', async () => {
  let text = '';
  let waiting = 0;
  let most = 0;
  const result = await runDevops('records --count 30000', {
    async onStdout(chunk) {
      most = Math.max(most, ++waiting);
      await new Promise((resolve) => setTimeout(resolve, 5));
      text += chunk;
      waiting--;
    },
  });
  expect(result.code).toBe(0);
  expect(most).toBeLessThanOrEqual(2);
  expect(text).toBe(Array.from({ length: 30_000 }, (_, at) => `record ${at}\n`).join(''));
});

test('half a million records come out in large pieces, and none is missing', async () => {
  const sizes: number[] = [];
  const result = await runDevops('records', {
    onStdout(chunk) {
      sizes.push(chunk.length);
      return undefined;
    },
  });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(
    'record '.length * 500_000 + '0123456789'.length + 90 * 2 + 900 * 3 + 9000 * 4 + 90_000 * 5 + 400_000 * 6 + 500_000,
  );
  expect(sizes.length).toBeLessThan(500);
});

test('a table of very many rows is printed, too', async () => {
  const result = await runDevops(['many', ...Array.from({ length: 150_000 }, () => 'ok')], { terminalColumns: 60 });
  expect(result.code).toBe(0);
  expect(result.stdout.split('\n')).toHaveLength(150_002);
});

test('bytes that are no text stay as they are, and a command may hand over to its records', async () => {
  const { testRuntime } = await import('../support/test-runtime.ts');
  const { main } = await import('../../src/main.ts');
  const { inventedCommands } = await import('../support/invented-commands.ts');
  const runtime = testRuntime();
  expect(await main(['bytes'], runtime.runtime, inventedCommands)).toBe(0);
  expect(runtime.stdoutBytes()).toEqual(Buffer.from([0xff, 0xfe, 0x00, 0x0a]));
  expect(await runDevops('bytes --hand-over')).toMatchObject({ code: 0, stdout: 'a record\n' });
  expect(await runDevops('bytes -o jsonl')).toMatchObject({ code: 0, stdout: '{"line":"a record"}\n' });
});
