import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, type TestCase } from 'junit2json';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runRealDevops } from '../support/run-real-devops.ts';
import { bin, node } from '../support/start-devops.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-ci-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const github = { CI: 'true', GITHUB_ACTIONS: 'true' };
const gitlab = { CI: 'true', GITLAB_CI: 'true' };
const environment = () => ({ PATH: process.env['PATH'] ?? '', STATE_DIRECTORY: join(folder, 'state') });

/** `words` behind `devops run`, the last one for the shell. */
function run(env: Record<string, string>, ...words: string[]) {
  const script = words.pop()!;
  const argv = ['run', ...words, '--', 'sh', '-c', script];
  return runRealDevops(argv, { cwd: folder, env: { ...environment(), ...env } });
}

/** As a process, with the two streams joined as in a CI server's log. */
function log(env: Record<string, string>, ...words: string[]): string {
  const line = 'exec "$@" 2>&1';
  const argv = ['--norc', '-c', line, 'bash', node, bin, 'run', ...words];
  return spawnSync('bash', argv, { cwd: folder, env: { ...environment(), ...env }, encoding: 'utf8' }).stdout;
}

async function testCase(file: string): Promise<TestCase> {
  const suites = await parse(readFileSync(join(folder, file), 'utf8'));
  if (suites === null || suites === undefined || !('testsuite' in suites)) throw new Error('no test suites');
  const [first, ...others] = suites.testsuite?.[0]?.testcase ?? [];
  expect(others).toEqual([]);
  return first!;
}

test('on GitHub the output of a job is a group, and standard output stays what the job wrote', async () => {
  const { code, stdout, stderr } = await run(github, '--name', 'build', 'echo out; echo err >&2');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'out\n' });
  expect(stderr).toBe('::group::devops run build\nerr\n::endgroup::\n');
});

test('the group is closed behind the last line of the output, also behind one that is not ended', () => {
  const lines = log(github, '--name', 'build', '--', 'sh', '-c', 'echo one; echo two >&2; printf three; exit 3').split(
    '\n',
  );
  expect(lines.slice(0, 5)).toEqual(['::group::devops run build', 'one', 'two', 'three', '::endgroup::']);
  expect(lines[5]).toMatch(/^devops: build on .*: exit code 3$/);
});

test('on GitLab it is a section', () => {
  const [opening, output, closing, ...rest] = log(gitlab, '--name', 'build', '--', 'echo', 'hi').split('\n');
  const name = /section_start:(\d+):(devops_build_\d+)\[collapsed=true\]\r\u001B\[0Kdevops run build$/.exec(opening!);
  expect(output).toBe('hi');
  expect(closing).toBe(
    `\u001B[0Ksection_end:${name![1]}:${name![2]}\r\u001B[0K`.replace(
      /_end:\d+/,
      closing!.slice(4).match(/_end:\d+/)![0],
    ),
  );
  expect(rest).toEqual(['']);
});

test('without a CI server, with -q and when the lock is held nothing is marked', async () => {
  expect((await run({}, '--name', 'build', 'echo err >&2')).stderr).toBe('');
  expect((await run(github, '-q', '--name', 'build', 'echo err >&2')).stderr).toBe('');
  expect((await run({ CI: 'true' }, '--name', 'build', 'echo err >&2')).stderr).toBe('err\n');
  const holder = ['run', '--lock', 'one', '--name', 'holder', '--', 'sh', '-c', 'echo begun; sleep 20'];
  const env = { ...environment(), ...github };
  const { spawn } = await import('node:child_process');
  const child = spawn(node, [bin, ...holder], { env, cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(await run(github, '--lock', 'one', 'true')).toMatchObject({ code: 75, stdout: '', stderr: '' });
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
  }
});

test('on GitHub the secrets of a job are masked before its output comes, but never written into a file', async () => {
  const config = 'jobs: { deploy: { run: [sh, -c, "echo $TOKEN"], env: { secrets: { TOKEN: { env: CI_TOKEN } } } } }';
  writeFileSync(join(folder, 'devops.yaml'), config);
  const env = { ...environment(), ...github, CI_TOKEN: 's3cret-100%' };
  const shown = await runRealDevops('run deploy --config devops.yaml', { cwd: folder, env });
  expect(shown.stderr).toMatch(/^::add-mask::s3cret-100%25\n::group::devops run deploy\n/);
  expect(shown.stdout).not.toContain('s3cret');
  const file = join(folder, 'stderr');
  const argv = [bin, 'run', 'deploy', '--config', 'devops.yaml'];
  const toFile = spawnSync(node, argv, { env, cwd: folder, stdio: ['ignore', 'ignore', openSync(file, 'w')] });
  expect(toFile.status).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe('::group::devops run deploy\n::endgroup::\n');
});

test('the report of a failed job has the end of its output, as text that XML can hold', async () => {
  const script = String.raw`seq 200000; printf '\033[31mred\033[0m ]]> <b> \001\n'; echo end >&2; exit 3`;
  const { code } = await run(
    gitlab,
    '--report',
    'junit=job.xml',
    '--report',
    'json=job.json',
    '--name',
    'build',
    script,
  );
  expect(code).toBe(3);
  const { name, failure, time } = await testCase('job.xml');
  expect(name).toBe('build: failed');
  expect(time).toBeGreaterThan(0);
  const { inner } = failure![0]!;
  expect(failure![0]).toMatchObject({ type: 'critical', message: 'exit code 3' });
  expect(inner!.length).toBeLessThan(9000);
  expect(inner).toMatch(/^exit code 3\n\n1999\d\d\n/);
  expect(inner).toContain('\n200000\nred ]]> <b> \uFFFD');
  const record = JSON.parse(readFileSync(join(folder, 'job.json'), 'utf8')) as { outputEnd: string };
  expect(record.outputEnd.split('\n').length).toBeLessThanOrEqual(100);
});

test('a job that went well is one passed test without its output', async () => {
  await run(gitlab, '--report', 'junit=job.xml', '--name', 'build', 'echo fine');
  expect(await testCase('job.xml')).toEqual({ classname: 'devops.run', name: 'build: ok', time: expect.any(Number) });
});

test('one that ran into its time, or is not there, is a failure with the words for it', async () => {
  const slow = await run({}, '--report', 'junit=a.xml', '--timeout', '200ms', '--name', 'slow', 'echo begun; sleep 9');
  expect(slow.code).toBe(124);
  const [timedOut] = (await testCase('a.xml')).failure!;
  expect(timedOut).toMatchObject({
    message: expect.stringContaining('timed out'),
    inner: expect.stringMatching(/begun$/),
  });
  const argv = ['run', '--report', 'junit=b.xml', '--', './missing'];
  expect((await runRealDevops(argv, { cwd: folder, env: environment() })).code).toBe(127);
  expect((await testCase('b.xml')).failure).toHaveLength(1);
});

test('with -o github a failed job is an annotation and a summary, which its own output cannot forge', async () => {
  const summary = join(folder, 'summary.md');
  const script = String.raw`echo '::error::of the job'; printf '</pre></details>\n| a | b |\n'; exit 4`;
  const env = { ...github, GITHUB_STEP_SUMMARY: summary };
  const { code, stdout, stderr } = await run(env, '-o', 'github', '--name', 'build', script);
  expect(code).toBe(4);
  expect(stdout).toContain('::error::of the job');
  expect(stderr.split('\n').filter((line) => line.startsWith('::'))).toEqual([
    '::group::devops run build',
    '::endgroup::',
    '::error title=devops run%3A build::exit code 4',
  ]);
  expect(readFileSync(summary, 'utf8')).toBe(
    [
      '### devops run: 1 critical',
      '',
      '| status | subject | message |',
      '| --- | --- | --- |',
      '| **critical** | build | exit code 4 |',
      '',
      '<details><summary>build: the end of its output</summary>',
      '',
      '<pre>',
      '::error::of the job',
      '&lt;/pre&gt;&lt;/details&gt;',
      '| a | b |',
      '</pre>',
      '',
      '</details>',
      '',
    ].join('\n'),
  );
});
