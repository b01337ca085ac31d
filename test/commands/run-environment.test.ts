import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bin, node } from '../support/start-devops.ts';
import { jobBench, shellJob } from './job-bench.ts';

let bench: ReturnType<typeof jobBench>;
beforeEach(() => {
  bench = jobBench();
});
afterEach(() => bench.close());

/** For what only root may do: mounts of its own. */
const isRoot = process.getuid?.() === 0;
const source = process.env['DEVOPS_SOURCE'] === undefined ? '' : 'DEVOPS_SOURCE=1';

test.skipIf(!isRoot)('with an empty environment root keeps its state in /var/lib', async () => {
  const { exitCode, stdout, stderr } = await bench.shell(`unshare -m bash -c '
    mount -t tmpfs tmpfs /var/lib
    env -i ${source} ${node} ${bin} run --name bare -- true || exit
    ls /var/lib/devops/jobs'`);
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: 'bare\n', stderr: '' });
});

test.skipIf(!isRoot).each(['env -i', 'env -i HOME=/nonexistent'])(
  'with %s the state of a user is below the home that passwd has',
  async (env) => {
    const { exitCode, stdout, stderr } = await bench.shell(`unshare -m bash -c '
      echo "joe:x:4711:4711::${bench.folder}:/bin/sh" > passwd
      chown 4711:4711 . && mount --bind passwd /etc/passwd
      ${env} ${source} setpriv --reuid 4711 --regid 4711 --clear-groups ${node} ${bin} run --name bare --lock l -- sh -c "echo x"
      [ $? = 0 ] && cd .local/state/devops && ls -d jobs/* locks/*'`);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: 'jobs/bare\nlocks/job-l.lock\n', stderr: '' });
  },
);

test.skipIf(!isRoot)('a user without a home is told that nothing is remembered, and the job runs', async () => {
  const { exitCode, stderr } = await bench.shell(
    `env -i ${source} setpriv --reuid 4712 --regid 4712 --clear-groups ${node} ${bin} run --name bare -- sh -c 'exit 3'`,
    { PATH: '/usr/sbin:/usr/bin:/bin' },
  );
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^devops: warning: cannot tell where to keep files: .*not remembered\n/);
  expect(stderr).toContain('devops: bare on');
});

test.each(['<&-', '>&-', '2>&-', '<&- >&- 2>&-'])(
  'with %s the job runs, its output is kept, and its code is the answer',
  async (closed) => {
    const { exitCode, stdout, stderr } = await bench.shell(
      `$DEVOPS run --name job -- sh -c 'echo out; echo err >&2; cat; exit 3' </dev/null ${closed}`,
    );
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr.includes('exit code 3\n')).toBe(!closed.includes('2>'));
    expect((await bench.devops('jobs logs job')).stdout).toBe('out\nerr\n');
  },
);

test.each([
  ['', 'json'],
  ['--stream', 'text'],
])('a reader who has gone changes nothing (run %s -o %s)', async (flag, format) => {
  const job = "sh -c 'for n in 1 2 3 4; do echo $n; sleep 0.05; done; exit 4'";
  const { stdout, stderr } = await bench.shell(
    `{ $DEVOPS run ${flag} -o ${format} --name job -- ${job}; echo code $? >&2; } | true`,
  );
  expect(stdout).toBe('');
  expect(stderr).toContain('code 4\n');
  expect(stderr).not.toContain('EPIPE');
  expect((await bench.devops('jobs logs job')).stdout).toBe('1\n2\n3\n4\n');
});

test.skipIf(!isRoot)(
  'on a read-only file system the job runs, is told of, and devops says what it cannot remember',
  async () => {
    mkdirSync(bench.state, { mode: 0o700 });
    const { exitCode, stdout, stderr } = await bench.shell(`unshare -m bash -c '
    mount --bind state state && mount -o remount,ro,bind state
    $DEVOPS run --name job -- sh -c "echo good"; echo $?
    $DEVOPS run --name job -- sh -c "echo bad; exit 3"; echo $?
    $DEVOPS sysinfo --retry 2 --fail-if "load1>=0" | cut -c 1-9; echo \${PIPESTATUS[0]}
    $DEVOPS jobs status --all'`);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('0\n3\ncritical:\n1\nalerts\tnone\t\tno alert waits\t\t\t\n');
    expect(stderr.match(/read-only file system: this run of .* is not remembered$/gm)).toHaveLength(3);
    expect(stderr).toMatch(/exit code 3\n.*\n\nbad\n/);
  },
);

test('a file in the place of the state folder is told, and the job runs', async () => {
  writeFileSync(bench.state, '');
  const job = await bench.devops(shellJob('echo out; exit 3'));
  expect(job.code).toBe(3);
  expect(job.stderr).toContain('not a directory: this run of job is not remembered\n');
  expect(job.stderr).toMatch(/exit code 3\n.*\n\nout\n$/);
});

// Seen: without a channel a command took its own options for those of a new job, which started it again, for ever.
test('where there is no room for judgements a command of ours still knows that it is that of a job', async () => {
  writeFileSync(bench.state, '');
  const tells = '#!/bin/sh\necho "channel $DEVOPS_JOB_CHANNEL"; exit 3\n';
  writeFileSync(join(bench.folder, 'devops'), tells, { mode: 0o755 });
  const run = ['run', '--name', 'job', '--', './devops'];
  expect((await bench.start(run)).stderr).toMatch(/^channel \d$/m);
  const nowhere = await bench.start(run, { TMPDIR: join(bench.folder, 'no') });
  expect(nowhere.stderr).toMatch(/^channel none$/m);
  expect(nowhere.stderr).toContain(`cannot make a file in '${bench.folder}/no': no such file or directory`);
  for (const channel of ['none', '', '77', '2']) {
    const state = join(bench.folder, `state-${channel}`);
    const asJob = { DEVOPS_JOB_CHANNEL: channel, STATE_DIRECTORY: state };
    const own = await bench.start(['config', 'check', '--retry', '2'], asJob);
    expect([own.exitCode, own.stderr]).toEqual([0, '']);
    expect(existsSync(state), `with the channel '${channel}' it made a job`).toBe(false);
  }
});

test.skipIf(!isRoot)('on a full disk the job runs, is told of, and devops says what it cannot keep', async () => {
  mkdirSync(bench.state, { mode: 0o700 });
  const { exitCode, stdout, stderr } = await bench.shell(`unshare -m bash -c '
    mount -t tmpfs -o size=64k,mode=700 tmpfs state
    $DEVOPS run --name job -- true; echo $?
    dd if=/dev/zero of=state/fill bs=4k 2>/dev/null
    $DEVOPS run --name job -- sh -c "echo good"; echo $?
    $DEVOPS run --name new -- sh -c "echo bad; exit 3"; echo $?
    $DEVOPS sysinfo --lock full-$$ --fail-if "load1>=0" | cut -c 1-9; echo \${PIPESTATUS[0]}
    rm state/fill
    $DEVOPS run --name job -- sh -c "seq 1 100000; exit 4" 2>&1 | tail -1; echo \${PIPESTATUS[0]}
    $DEVOPS run --name job -- true; echo $?
    $DEVOPS jobs history job | cut -f 3'`);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').slice(0, 5)).toEqual(['0', '0', '3', 'critical:', '1']);
  expect(stdout.split('\n').at(-2)).toBe('ok');
  expect(stderr).toMatch(/exit code 3\n.*\n\nbad\n/);
  expect(stderr).toContain('no space left on device');
  expect(stderr).not.toContain('ENOSPC');
  expect(stderr).not.toContain('this is a defect');
});

test('where the working directory was deleted a job of devops.yaml runs, and a program is refused in one line', async () => {
  bench.config('jobs: { job: { run: [echo, here] }, gone: { run: "pwd", cwd: HERE/gone } }');
  const inGone = (words: string) =>
    bench.shell(`mkdir gone; cd gone; rmdir ../gone; $DEVOPS ${words}`, {
      DEVOPS_CONFIG: join(bench.folder, 'devops.yaml'),
    });
  expect(await inGone('run job')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  expect((await inGone('jobs logs job')).stdout).toBe('here\n');
  const program = await inGone('run -- true');
  expect(program.exitCode).toBe(2);
  expect(program.stderr).toMatch(/^devops: error: the working directory does not exist any more\ndevops: hint: .*\n$/);
  const gone = await inGone('run gone');
  expect(gone.exitCode).toBe(125);
  expect(gone.stderr).toContain(`${bench.folder}/gone`);
  mkdirSync(join(bench.folder, 'gone'));
  expect((await bench.devops('run gone')).code).toBe(0);
  rmdirSync(join(bench.folder, 'gone'));
});

test('on a terminal the output comes as it is made, and a job that reads the terminal does not hang', async () => {
  const job = "sh -c 'echo shown; read answer < /dev/tty; exit 3'";
  const { stdout } = await bench.shell(
    `script -qec "$DEVOPS run --name job -- ${job}; echo code \\$?" /dev/null </dev/null`,
  );
  expect(stdout).toContain('shown\r\n');
  expect(stdout).toContain('cannot open /dev/tty');
  expect(stdout).toContain('code 3\r\n');
});
