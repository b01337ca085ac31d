import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { InterruptionCause } from '../../src/interruption.ts';
import { runDevops } from '../support/run-devops.ts';

const after = (milliseconds: number, reason: InterruptionCause = 'SIGINT') => ({
  interruptAfter: { milliseconds, reason },
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['closed pipe', 0],
] as const)('%s ends what is endless with %i, and nobody has to be told', async (reason, code) => {
  for (const name of ['ticks', 'spin']) {
    const result = await runDevops(name, { ...after(30, reason), onStdout: () => undefined });
    expect(result).toMatchObject({ code, stderr: '' });
    expect(result.milliseconds).toBeLessThan(3000);
  }
});

test('--timeout ends with 2, says so and prints what is known', async () => {
  const result = await runDevops('waits --timeout 100ms');
  expect(result).toMatchObject({
    code: 2,
    stdout: 'b\tcritical\t2\na\tok\t1\n',
    stderr: 'devops: error: --timeout of 0.1s reached: the answer is not complete\n',
  });
});

test('an array is closed and a table printed when the run is cut short', async () => {
  const json = await runDevops('waits -o json', after(20));
  expect(JSON.parse(json.stdout)).toHaveLength(2);
  const table = await runDevops('waits', { ...after(20), terminalColumns: 80, env: { NO_COLOR: '1' } });
  expect(table.stdout).toBe('SUBJECT  STATUS    SIZE\nb        critical     2\na        ok           1\n');
  const endless = await runDevops('spin -o yaml', after(20));
  expect(endless.stdout.endsWith('\n')).toBe(true);
});

test('a command that no abort reaches is left behind after two seconds', async () => {
  const result = await runDevops('hangs', after(20));
  expect(result.code).toBe(130);
  expect(result.milliseconds).toBeGreaterThan(1900);
  expect(result.milliseconds).toBeLessThan(4000);
});

test('a command is given the time to put things in order, and no more waiting than that', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-tidies-'));
  const result = await runDevops(`tidies ${folder}/mark`, after(20));
  expect(result.code).toBe(130);
  expect(result.milliseconds).toBeLessThan(1900);
  expect(readFileSync(`${folder}/mark`, 'utf8')).toBe('tidied');
  rmSync(folder, { recursive: true });
});

test('so is the byte path', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-tidies-'));
  const result = await runDevops(`bytes --endless --tidy ${folder}/mark`, after(20));
  expect(result.code).toBe(130);
  expect(existsSync(`${folder}/mark`)).toBe(true);
  rmSync(folder, { recursive: true });
});

test.each(['report ok', 'many ok'])('an interruption before the start of "%s" stops it', async (line) => {
  const result = await runDevops(`${line} --timeout 1ms`, { now: slowClock() });
  expect([0, 2]).toContain(result.code);
});

test('what was interrupted is unknown in the formats made of judgements', async () => {
  const junit = await runDevops('waits -o junit --timeout 50ms');
  expect(junit.code).toBe(2);
  expect(junit.stdout).toMatch(/tests="3" failures="1" errors="1"/);
  const nagios = await runDevops('waits -o nagios', after(20, 'SIGTERM'));
  expect(nagios.code).toBe(2);
  expect(nagios.stdout).toBe('WAITS CRITICAL - b: b is critical; waits: interrupted: SIGTERM\n');
  const github = await runDevops('waits -o github', after(20, 'SIGTERM'));
  expect(github.stderr).toContain('::error title=devops waits%3A waits::interrupted: SIGTERM\n');
});

test('the live picture stays on the ordinary screen when it ends, and off a terminal it is one JSON object a line', async () => {
  const live = await runDevops('watch', { ...after(100), terminalColumns: 80 });
  expect(live.code).toBe(130);
  expect(live.stdout.startsWith('\u001B[?1049h\u001B[?25l\u001B[Hpicture 0\u001B[K\nafter 0\u001B[K\u001B[J')).toBe(
    true,
  );
  expect(live.stdout).toMatch(/\u001B\[\?25h\u001B\[\?1049lpicture \d+\nafter \d+\n$/);
  const lines = await runDevops('watch', after(100));
  expect(lines.stdout).toMatch(/^(\{"line":"picture \d+"\}\n)+$/);
});

function slowClock(): () => Date {
  return () => {
    const end = performance.now() + 5;
    while (performance.now() < end);
    return new Date();
  };
}
