import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bareEnvironment, invented, node, start } from '../support/start-devops.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-signals-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts it and waits for its first output. In an object, for a process of execa can itself be awaited. */
async function started(args: readonly string[]) {
  const child = start(node, [invented, ...args], { cwd: folder });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return { child };
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s ends with %i after the command put things in order, and leaves no temporary file',
  async (signal, code) => {
    const { child } = await started(['tidies', `${folder}/mark`, '--report', 'json=r.json', '-o', 'jsonl']);
    child.kill(signal);
    const result = await child;
    expect(result).toMatchObject({ exitCode: code, stderr: '' });
    expect(readFileSync(`${folder}/mark`, 'utf8')).toBe('tidied');
    expect(JSON.parse(readFileSync(`${folder}/r.json`, 'utf8'))).toHaveLength(1);
    expect(readdirSync(folder).toSorted()).toEqual(['mark', 'r.json']);
  },
);

test('a second signal ends at once what does not want to end', async () => {
  const { child } = await started(['stuck']);
  child.kill('SIGINT');
  await sleep(400);
  const second = performance.now();
  // False once it has ended.
  expect(child.kill('SIGINT')).toBe(true);
  expect((await child).exitCode).toBe(130);
  expect(performance.now() - second).toBeLessThan(1000);
});

test('another signal is a second signal as well', async () => {
  const { child } = await started(['stuck']);
  child.kill('SIGINT');
  await sleep(50);
  child.kill('SIGTERM');
  expect((await child).exitCode).toBe(143);
});

test('the same Ctrl-C delivered twice, by the terminal and by npm, is one', async () => {
  const { child } = await started(['tidies', `${folder}/mark`, '-o', 'jsonl']);
  child.kill('SIGINT');
  child.kill('SIGINT');
  await sleep(20);
  child.kill('SIGINT');
  expect((await child).exitCode).toBe(130);
  expect(existsSync(`${folder}/mark`)).toBe(true);
});

test('one signal ends even what never ends by itself, within the grace of two seconds', async () => {
  const { child } = await started(['stuck']);
  const first = performance.now();
  child.kill('SIGTERM');
  expect((await child).exitCode).toBe(143);
  expect(performance.now() - first).toBeGreaterThan(1500);
  expect(performance.now() - first).toBeLessThan(6000);
});

test('Ctrl-C in a live view gives the terminal back as it was', async () => {
  // The shell gets the Ctrl-C as well, and has to go on.
  const script = `trap : INT; stty -a > before; ${node} ${invented} watch; echo "code $?"; stty -a > after`;
  const terminal = startTerminal(script, 'xterm');
  await terminal.shows('picture 3');
  terminal.type('\u0003');
  const text = await terminal.end();
  expect(text).toMatch(
    /\u001B\[\?1049h\u001B\[\?25l[^]*\u001B\[\?25h\u001B\[\?1049lpicture \d+\r\nafter \d+\r\n(\^C)?code 130\r\n$/,
  );
  expect(readFileSync(`${folder}/after`, 'utf8')).toBe(readFileSync(`${folder}/before`, 'utf8'));
});

test('so does the second Ctrl-C in one that does not want to end', async () => {
  const terminal = startTerminal(`trap : INT; ${node} ${invented} stuck --live; echo "code $?"`, 'xterm');
  await terminal.shows('stuck');
  terminal.type('\u0003');
  await sleep(400);
  terminal.type('\u0003');
  expect(await terminal.end()).toMatch(/\u001B\[\?25h\u001B\[\?1049l(\^C)?code 130\r\n$/);
});

test('an answer on a real terminal is heard', async () => {
  const terminal = startTerminal(`${node} ${invented} change; echo "code $?"`, 'dumb');
  await terminal.shows('[y/N]');
  terminal.type('y\n');
  const text = await terminal.end();
  expect(text).toContain('code 0');
  expect(text).toContain('thing-9  removed');
});

test('a defect that no catch sees is told with its stack, in reports and to Nagios as well', async () => {
  const [plain, nagios] = await Promise.all([
    start(node, [invented, 'crashes', '--report', 'junit=r.xml'], { cwd: folder }),
    start(node, [invented, 'crashes', '-o', 'nagios']),
  ]);
  expect(plain).toMatchObject({ exitCode: 2, stdout: 'a\tok\t1\n' });
  expect(plain.stderr).toMatch(/^devops: error: TypeError: .*\n +at /);
  expect(readFileSync(`${folder}/r.xml`, 'utf8')).toContain('crashes: internal');
  expect(nagios.exitCode).toBe(3);
  expect(nagios.stdout).toMatch(/^CRASHES UNKNOWN - crashes: TypeError: /);
});

test('a run that waits for what never comes is a failure, not a silent success', async () => {
  const result = await start(node, [invented, 'crashes', '--drained']);
  expect(result).toMatchObject({ exitCode: 2, stdout: 'a\tok\t1\n' });
  expect(result.stderr).toContain('the run stopped in the middle: it waits for what never comes');
});

/** A shell on a terminal of its own, which nobody told its size. Its last words are `code` and a number. */
function startTerminal(script: string, term: string) {
  const env = { ...bareEnvironment, TERM: term, SHELL: '/bin/sh' };
  const child = start('script', ['-qec', script, '/dev/null'], { cwd: folder, env, stdin: 'pipe' });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const shows = async (words: string) => {
    while (!text.includes(words)) await sleep(20);
  };
  return {
    shows,
    type: (keys: string) => child.stdin?.write(keys),
    async end() {
      await shows('code ');
      child.stdin?.end();
      await child;
      return text;
    },
  };
}
