import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../src/main.ts';
import { runRealDevops } from '../support/run-real-devops.ts';
import { testRuntime } from '../support/test-runtime.ts';

let state: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'run-stream-'));
});

afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

function run(options: readonly string[], script: string, env: Record<string, string> = {}) {
  return runRealDevops(['run', '--name', 'job', ...options, '--', 'sh', '-c', script], {
    env: { PATH: '/usr/bin:/bin', STATE_DIRECTORY: state, ...env },
    cwd: state,
  });
}

function runsFolder(): string {
  return join(state, 'jobs/job/runs');
}

function files(): string[] {
  return readdirSync(runsFolder()).filter((name) => !name.startsWith('spare.'));
}

function log(): string {
  return files()
    .filter((name) => name.endsWith('.log'))
    .map((name) => readFileSync(join(runsFolder(), name), 'utf8'))
    .join('\n');
}

const border = '[devops: what it wrote on standard error ends here; on standard output:]\n';

describe('output that is passed on', () => {
  test('is what the job wrote on each of the two, and both are in the log', async () => {
    const { code, stdout, stderr } = await run(['--stream'], 'echo out; echo error >&2; echo more; exit 3');
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'out\nmore\n' });
    expect(stderr).toMatch(/^error\ndevops: job on .*: exit code 3\n/);
    expect(stderr).not.toContain('more');
    expect(log()).toBe(`error\n${border}out\nmore\n`);
    expect(files()).toHaveLength(1);
  });

  test('has no word of ours in the log when all is on standard output', async () => {
    const { stdout, stderr } = await run(['--stream'], 'printf "no newline"');
    expect({ stdout, stderr }).toEqual({ stdout: 'no newline', stderr: '' });
    expect(log()).toBe('no newline');
  });

  test('is byte for byte that of the job', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 * 600 }, (_, index) => index % 256));
    writeFileSync(join(state, 'bytes'), bytes);
    const outside = testRuntime({ env: { PATH: '/usr/bin:/bin', STATE_DIRECTORY: state }, cwd: state });
    const code = await main(['run', '--stream', '--name', 'job', '--', 'cat', join(state, 'bytes')], outside.runtime);
    expect({ code, stderr: outside.stderr() }).toEqual({ code: 0, stderr: '' });
    expect(outside.stdoutBytes().equals(bytes)).toBe(true);
  });

  test('may be opened by name', async () => {
    const script = 'echo a >&2; echo b > /dev/stderr; echo c | tee /dev/stderr; echo d > /dev/stdout';
    const { code, stdout, stderr } = await run(['--stream'], script);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'c\nd\n', stderr: 'a\nb\nc\n' });
  });

  test('may be opened by name when nobody reads along, too, and nothing of it is lost', async () => {
    const { code, stderr } = await run([], 'echo the reason; echo failed > /dev/stderr; exit 1');
    expect(code).toBe(1);
    expect(stderr).toContain('\n\nthe reason\nfailed\n');
    expect(log()).toBe('the reason\nfailed\n');
  });

  test('of each attempt is passed on once', async () => {
    const script = 'echo out; echo error >&2; exit 1';
    const { stdout, stderr } = await run(['--stream', '--retry', '2', '--backoff', '10ms..10ms'], script);
    expect(stdout).toBe('out\nout\n');
    expect(stderr).toMatch(/^error\n\[devops: attempt 2\]\nerror\ndevops: job on /);
    expect(log()).toBe(`error\n${border}out\n[devops: attempt 2]\nerror\n${border}out\n`);
  });

  test('stands on standard error when records stand on standard output', async () => {
    const { stdout, stderr } = await run(['--stream', '-o', 'json'], 'echo out; echo error >&2');
    expect(JSON.parse(stdout)).toMatchObject({ job: 'job', state: 'ok' });
    expect(stderr).toBe('out\nerror\n');
    expect(log()).toBe('out\nerror\n');
  });

  test('has the secrets of the job masked, and its log has not', async () => {
    writeFileSync(
      join(state, 'devops.yaml'),
      'jobs:\n  job:\n    run: [sh, -c, "printf %s $TOKEN; echo x$TOKEN >&2"]\n' +
        '    env: { secrets: { TOKEN: { env: OUR_TOKEN } } }\n',
    );
    const { stdout, stderr } = await runRealDevops(['run', 'job', '--config', join(state, 'devops.yaml')], {
      env: { PATH: '/usr/bin:/bin', STATE_DIRECTORY: state, CI: 'true', OUR_TOKEN: 'hunter-two-three' },
      cwd: state,
    });
    expect({ stdout, stderr }).toEqual({ stdout: '[redacted]', stderr: 'x[redacted]\n' });
    expect(log()).toBe(`xhunter-two-three\n${border}hunter-two-three`);
  });

  test('of a job that cannot be started is none', async () => {
    const { code, stdout } = await runRealDevops(['run', '--stream', '--name', 'job', '--', 'no-such-program'], {
      env: { PATH: '/usr/bin:/bin', STATE_DIRECTORY: state },
      cwd: state,
    });
    expect({ code, stdout }).toEqual({ code: 127, stdout: '' });
    expect(files()).toEqual([]);
  });

  test('comes without a log, where none can be kept', async () => {
    writeFileSync(join(state, 'jobs'), 'in the way');
    const { code, stdout, stderr } = await run(['--stream'], 'echo out; echo error >&2');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'out\n' });
    expect(stderr).toContain('error\n');
  });
});
