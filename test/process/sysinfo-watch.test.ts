import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { SysinfoReport } from '../../src/lib/system/report.ts';
import { width } from '../../src/terminal/width.ts';
import { bareEnvironment, bin, node, start } from '../support/start-devops.ts';

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('off a terminal --watch is one JSON object a line, and ends on %s with %i', async (signal, code) => {
  const child = start(node, [bin, 'sysinfo', 'cpu', 'memory', '--watch', '--interval', '150ms', '--sample', '50ms']);
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  while (text.split('\n').length < 4) await sleep(20);
  child.kill(signal);
  const { exitCode, stderr, stdout } = await child;
  expect([exitCode, stderr]).toEqual([code, '']);
  const lines = stdout.split('\n');
  expect(lines.pop()).toBe('');
  const reports = lines.map((line) => JSON.parse(line) as SysinfoReport);
  expect(reports.length).toBeGreaterThanOrEqual(3);
  const times = reports.map(({ time }) => Date.parse(time));
  for (const [at, time] of times.entries()) {
    if (at > 0) expect(time - times[at - 1]!).toBeGreaterThanOrEqual(145);
  }
  expect(reports.slice(1).every(({ sample_ms }) => sample_ms >= 145)).toBe(true);
});

test('on a terminal --watch draws in place, and Ctrl-C gives the terminal back as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-watch-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // The shell gets the Ctrl-C as well, and has to go on.
  const watch = `${node} ${bin} sysinfo --watch --interval 200ms`;
  const script = `trap : INT; stty rows 30 cols 80; stty -a > before; ${watch}; echo "code $?"; stty -a > after`;
  const child = start('script', ['-qec', script, '/dev/null'], {
    cwd: folder,
    env: { ...bareEnvironment, LANG: 'C.UTF-8', TERM: 'xterm', SHELL: '/bin/sh', NO_COLOR: '1' },
    stdin: 'pipe',
  });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  while (text.split('\u001b[H').length < 5) await sleep(20);
  child.stdin?.write('\u0003');
  while (!/code \d+/.test(text)) await sleep(20);
  child.stdin?.end();
  await child;
  const [enter, leave] = ['\u001b[?1049h\u001b[?25l', '\u001b[?25h\u001b[?1049l'];
  expect(text.startsWith(`${enter}\u001b[H`)).toBe(true);
  expect(text).toMatch(/code 130\r\n$/);
  expect(readFileSync(join(folder, 'after'), 'utf8')).toBe(readFileSync(join(folder, 'before'), 'utf8'));
  const pictures = text.slice(0, text.indexOf(leave)).split('\u001b[H').slice(1);
  for (const picture of pictures.slice(0, -1)) {
    const lines = picture
      .replace('\u001b[J', '')
      .split('\r\n')
      .map((line) => line.replace('\u001b[K', ''));
    expect(lines.length).toBeLessThanOrEqual(30);
    expect(lines.filter((line) => width(line) > 80 || line.includes('\u001b'))).toEqual([]);
  }
  expect(pictures.at(-2)).toMatch(/[▁▂▃▄▅▆▇█]\u001b\[K\r\n/);
  const last = text.slice(text.indexOf(leave) + leave.length);
  expect(last).toContain('Resources\r\n');
  expect(last).not.toContain('\u001b');
});
