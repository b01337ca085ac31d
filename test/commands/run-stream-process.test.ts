import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startShell } from '../support/start-devops.ts';

let state: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'run-stream-'));
});

afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

/** A line of bash in which $RUN is `devops run --stream --name job --`. */
function shell(line: string) {
  const env = { DEVOPS_SOURCE: '1', STATE_DIRECTORY: state };
  return startShell(`RUN="$DEVOPS run --stream --name job --"; ${line}`, { cwd: state, env });
}

function files(): string[] {
  return readdirSync(join(state, 'jobs/job/runs')).filter((name) => !name.startsWith('spare.'));
}

function log(): string {
  const names = files().filter((name) => name.endsWith('.log'));
  return names.map((name) => readFileSync(join(state, 'jobs/job/runs', name), 'utf8')).join('\n---\n');
}

describe('output that is passed on by a process', () => {
  test('keeps its order where both outputs are one', async () => {
    const script =
      'i=0; while [ $i -lt 500 ]; do echo $i; echo e$i >&2; i=$((i+1)); done; echo x > /dev/stderr; exit 3';
    const { stdout, stderr } = await shell(`$RUN sh -c '${script}' 2>&1 | cat; echo "\${PIPESTATUS[0]}" >&2`);
    const expected = Array.from({ length: 500 }, (_, index) => `${index}\ne${index}\n`).join('');
    expect(stdout.startsWith(`${expected}x\ndevops: job on `)).toBe(true);
    expect(stderr).toBe('3\n');
    expect(log()).toBe(`${expected}x\n`);
  });

  test('whose reader has enough does not end the job', async () => {
    const script = 'yes | head -c 20000000; echo done > finished; exit 7';
    const { stdout } = await shell(`$RUN sh -c '${script}' 2>&1 | head -1; echo "\${PIPESTATUS[0]}"`);
    expect(stdout).toBe('y\n7\n');
    expect(readFileSync(join(state, 'finished'), 'utf8')).toBe('done\n');
  });

  test('does not hold up the job while its reader does nothing', async () => {
    const script = 'yes | head -c 20000000; date +%s%N > ended';
    const slow = '(sleep 1.5; date +%s%N > began; wc -c)';
    const { stdout } = await shell(`$RUN sh -c '${script}' | ${slow}; echo "\${PIPESTATUS[0]}"`);
    expect(stdout).toBe('20000000\n0\n');
    const [ended, began] = ['ended', 'began'].map((name) => BigInt(readFileSync(join(state, name), 'utf8').trim()));
    expect(ended! < began!).toBe(true);
  });

  test('is in the log when devops was killed, and the job has not heard of it', async () => {
    const script = 'echo out; echo error >&2; touch started; sleep 1; echo more; echo again >&2; echo y > finished';
    const kill =
      'until [ -e started ]; do sleep 0.05; done; sleep 0.2; kill -9 $!; until [ -e finished ]; do sleep 0.05; done';
    const { stdout } = await shell(`$RUN sh -c '${script}' 2> told & ${kill}; sleep 0.2; exec 2> warned; $RUN true`);
    expect(stdout).toBe('out\n');
    expect(readFileSync(join(state, 'warned'), 'utf8')).toContain('devops was killed during a run');
    const border = '[devops: what it wrote on standard error ends here; on standard output:]';
    expect(log()).toBe(`error\nagain\n${border}\nout\nmore\n`);
    expect(files()).toHaveLength(1);
  });

  test('is done in little memory, however much it is', async () => {
    const script = 'yes 0123456789012345678901234567890 | head -c 200000000; grep VmHWM /proc/$PPID/status >&2; exit 0';
    const once = 'grep VmHWM /proc/$PPID/status >&2';
    const { stderr: large } = await shell(`$RUN sh -c '${script}' | cat > /dev/null`);
    const { stderr: small } = await shell(`$RUN sh -c '${once}'`);
    const kilobytes = (text: string) => Number(/VmHWM:\s*(\d+) kB/.exec(text)![1]);
    expect(kilobytes(large) - kilobytes(small)).toBeLessThan(40_000);
  });
});
