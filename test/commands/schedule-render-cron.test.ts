import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderCrontab } from '../../src/lib/schedule/render/crontab.ts';
import { systemZoneName } from '../../src/lib/time/zone-rules.ts';
import { openPrivateCron, rootEnvironment } from '../support/private-cron.ts';
import { requireProgram } from '../support/services.ts';
import { node } from '../support/start-devops.ts';
import { scheduledJob } from '../lib/schedule/render/scheduled-job.ts';

// One minute of the real cron of Debian for all of it: cron looks at the beginning of each.
const why = 'the rendered crontab is not run by the real cron';
const privateCron = openPrivateCron(why);
const script = requireProgram('script', why);
const devops = join(import.meta.dirname, '../../bin/devops');

const folder = mkdtempSync(join(tmpdir(), 'devops-real-cron-'));
const config = join(folder, 'devops.yaml');
/** A path with all that sh and cron take for their own. */
const odd = join(folder, `it's 100% "odd" $(x)`);
/** As often as a race is run. */
const races = ['race-1', 'race-2', 'race-3'];

describe.skipIf(privateCron === undefined || script === undefined)('the real cron', () => {
  beforeAll(runCron, 100_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('runs the rendered lines with the words that they have, whatever stands around them', () => {
    expect(read('words')).toBe(`--config\n${join(odd, 'devops.yaml')}\nrun\neach\n`);
    expect(mails().filter((mail) => mail.includes('said by a program with an odd path'))).toEqual([
      expect.stringMatching(/^sendmail [^]*^To: somebody$/m),
    ]);
  });

  test('gives a job the environment that the line promises, and leaves the lines below the block as they were', () => {
    // Their line is run by the bash of the line above it.
    const { PATH, DEVOPS_RUN_ID, ...ours } = variables('environment');
    const { PATH: path, ...theirs } = variables('theirs');
    for (const name of ['_', 'SHLVL']) for (const each of [ours, theirs]) delete each[name];
    expect(ours).toEqual(theirs);
    expect(PATH).toBe('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
    expect(DEVOPS_RUN_ID).toMatch(/^[0-9a-f-]{36}$/);
    expect(ours).toMatchObject({ HOME: '/root', PWD: '/root', LOGNAME: 'root' });
    expect(Object.keys(ours)).not.toContain('TERM');
    expect(path).toBe('/nowhere');
  });

  test.each(races)(
    'and a terminal start %s at once: it runs once, and the other one leaves silently with 75',
    (name) => {
      expect(read(name)).toBe('ran\n');
      expect(existsSync(join(folder, `${name}.twice`))).toBe(false);
      const runs = history(name);
      expect(runs.map(({ state }) => state).toSorted()).toEqual(['busy', 'ok']);
      expect(runs.map(({ exitCode }) => exitCode).toSorted((a, b) => a - b)).toEqual([0, 75]);
      const code = read(`${name}.code`);
      expect(['0\n', '75\n']).toContain(code);
      expect(mails().filter((mail) => mail.includes(name))).toEqual([]);
    },
  );

  test('started both while the first one ran', () => {
    for (const name of races) {
      const [first, second] = history(name).map(({ startedAt }) => Date.parse(startedAt));
      expect(Math.abs(first! - second!)).toBeLessThan(5000);
    }
  });

  test('mails one report of a failure that nobody else was told of, and nothing that went well', () => {
    expect(mails().filter((mail) => mail.includes('quiet'))).toEqual([]);
    const told = mails().filter((mail) => mail.includes('devops: fails on '));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^Subject: Cron .* run fails$/m);
    expect(told[0]).toMatch(/^devops: fails on \S+: .*exit code 3/m);
    expect(told[0]).toMatch(/\n\nthe disk is gone\n/);
  });

  test('mails nothing when a notifier took the failure', () => {
    const told = mails().filter((mail) => mail.includes('told'));
    expect(told).toHaveLength(1);
    expect(told[0]).not.toContain('Subject: Cron');
    expect(told[0]).toMatch(/^To: ops@example\.org$/m);
  });

  test('has the lines as crontab(1) gives them back, and comparing them then finds no difference', () => {
    expect(read('listed')).toContain(`${foreign}\n# BEGIN devops (config ${config})\n`);
    expect(read('diff.code')).toBe('0\n');
  });
});

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

function variables(name: string): Record<string, string> {
  const lines = read(name).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s, 2)));
}

function mails(): string[] {
  const names = readdirSync(join(folder, 'mails')).filter((name) => !name.endsWith('.new'));
  return names.map((name) => read(join('mails', name)));
}

interface KeptRun {
  state: string;
  exitCode: number;
  startedAt: string;
}

function history(name: string): KeptRun[] {
  const file = join(folder, 'lib/devops/jobs', name, 'history.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as KeptRun);
}

function writeJobs(): void {
  const each = `schedule: '* * * * *'`;
  const race = (name: string): string => {
    const claim = `mkdir ${name}.running || touch ${name}.twice; echo ran >> ${name}; sleep 6; rmdir ${name}.running`;
    return `  ${name}: { ${each}, cwd: ${folder}, run: '${claim}' }`;
  };
  const lines = [
    'notify:',
    '  ops: { type: mail, to: [ops@example.org], from: devops@example.org }',
    'jobs:',
    ...races.map(race),
    `  quiet: { ${each}, run: 'env > ${folder}/environment; seq 1000; seq 1000 >&2' }`,
    `  fails: { ${each}, run: 'echo the disk is gone; exit 3' }`,
    `  told: { ${each}, notify: ops, run: 'echo the network is gone; exit 4' }`,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** A block of a program that says which words it got. */
function oddBlock(): string {
  mkdirSync(odd);
  const recorder = join(odd, 'devops');
  const lines = [
    `for word in "$@"; do printf '%s\\n' "$word"; done > '${folder}/words'`,
    "printf 'said by a program with an odd path\\n'",
  ];
  writeFileSync(recorder, `#!/bin/sh\n${lines.join('\n')}\n`);
  const { files, refused } = renderCrontab([scheduledJob({ name: 'each', schedule: '* * * * *' })], {
    node: '/bin/sh',
    program: recorder,
    config: join(odd, 'devops.yaml'),
    machineZone: systemZoneName(),
    host: 'web1',
    now: Date.now() / 1000,
    lint: () => [],
  });
  if (refused.length > 0) throw new Error('the job was refused');
  return files[0]!.content.trimEnd();
}

let foreign: string;

async function runCron(): Promise<void> {
  writeJobs();
  foreign = [
    'MAILTO=somebody',
    'SHELL=/bin/bash',
    'PATH=/nowhere',
    oddBlock(),
    `* * * * * /usr/bin/env > '${folder}/theirs'`,
  ].join('\n');
  writeFileSync(join(folder, 'foreign'), `${foreign}\n`);
  const words = `'${node}' '${devops}' --config '${config}'`;
  const terminal = `XDG_RUNTIME_DIR=/run/user/0 TERM=xterm PATH='${process.env['PATH']}'`;
  const lines = [
    'crontab foreign',
    `${words} schedule render --to crontab --install --yes > installed`,
    `${words} schedule render --to crontab --diff > diff && code=0 || code=$?; echo $code > diff.code`,
    'crontab -l > listed',
    '"$2" -f & cron=$!',
    // cron is up before the minute begins.
    'sleep 1; while [ "$(date +%S)" != 00 ]; do sleep 0.05; done',
    ...races.map(
      (name) =>
        `(code=0; ${terminal} '${script}' -qec "${words} run ${name}" '${name}.terminal' > '${name}.out' < /dev/null || code=$?; echo $code > ${name}.code) &`,
    ),
    'wait $cron',
  ];
  const [program, ...args] = privateCron!.argv(folder, lines);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: rootEnvironment });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const ended = once(child, 'exit');
  try {
    const deadline = Date.now() + 85_000;
    while (!isDone()) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`cron ran nothing: ${told}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    // What cron would mail of the last one.
    await new Promise((resolve) => setTimeout(resolve, 1500));
  } finally {
    stop(child.pid!);
    await ended;
  }
}

function isDone(): boolean {
  const files = ['words', 'theirs', ...races.map((name) => `${name}.code`)];
  if (!files.every((name) => existsSync(join(folder, name)))) return false;
  return races.every((name) => history(name).length === 2) && history('quiet').length === 1 && mails().length >= 3;
}

/** sh waits for cron, which leaves with the first signal. */
function stop(parent: number): void {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ');
  for (const pid of children) {
    if (pid !== '' && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'cron') process.kill(Number(pid));
  }
}
