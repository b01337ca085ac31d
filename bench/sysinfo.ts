import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './checkout.ts';
import { devopsRow, environment, peerRow, sideBySide, type BenchRequest, type BenchResult } from './harness.ts';
import { findProgram } from './programs.ts';
import type { Row } from './rounds.ts';
import { wholeNumber } from './whole-number.ts';

/** With `--processes N`, N more sleeping processes stand beside: what a report of processes costs grows with them. */
export async function run(request: BenchRequest): Promise<BenchResult> {
  const extra = wholeNumber('--processes', request.values['processes'], 0);
  const rows = [devopsRow(['sysinfo', '--json']), ...peers(extra)];
  const sleepers: ChildProcess[] = [];
  try {
    for (let index = 0; index < extra; index++) sleepers.push(await startSleeper());
    return await sideBySide(request, recipe(extra), rows);
  } finally {
    for (const sleeper of sleepers) sleeper.kill();
  }
}

/** The goals are those of the issue, turned round: devops is the baseline here. */
function peers(extra: number): Row[] {
  return [
    psutilRow(extra < 600 ? { atLeast: 1 / 0.75 } : { atLeast: 1 / 0.5 }),
    peerRow({ program: 'inxi', args: ['-F'], install: 'apt-get install inxi', goal: { atLeast: 5 } }),
    facterRow({ atLeast: 5 }),
    peerRow({ program: 'neofetch', args: ['--stdout'], install: 'apt-get install neofetch' }),
  ];
}

/**
 * facter ends with 1 as soon as one fact cannot be read, in some containers always. The run counts when the report
 * is whole for all that; the row says so.
 */
function facterRow(goal: { atLeast: number }): Row {
  const row = peerRow({ program: 'facter', args: ['--json'], install: 'apt-get install facter', goal });
  if ('missing' in row) return row;
  const [program, ...args] = row.argv;
  const answer = spawnSync(program!, args, { env: environment, encoding: 'utf8' });
  const wanted = ['os', 'processors', 'memory', 'mountpoints', 'networking'];
  if (answer.status !== 1 || !wanted.every((fact) => answer.stdout.includes(`\n  "${fact}": {`))) return row;
  return { ...row, exitCode: 1, version: `${row.version}, a whole report with exit 1 on this machine` };
}

/** Any Python that has psutil will do; Debian's own comes first. */
function psutilRow(goal: { atLeast: number }): Row {
  const name = 'python3 psutil-report.py';
  const versions =
    'import platform, psutil; print("Python", platform.python_version() + ", psutil", psutil.__version__)';
  for (const python of ['/usr/bin/python3', findProgram('python3', environment)]) {
    if (python === undefined) continue;
    const answer = spawnSync(python, ['-c', versions], { env: environment, encoding: 'utf8' });
    if (answer.status !== 0) continue;
    return {
      name,
      argv: [python, join(checkout, 'bench/peers/psutil-report.py')],
      version: answer.stdout.trim(),
      goal,
    };
  }
  return { name, missing: 'apt-get install python3-psutil' };
}

/** Ends by itself after an hour, should the bench be killed before it can end it. */
async function startSleeper(): Promise<ChildProcess> {
  const sleeper = spawn('sleep', ['3600'], { env: environment, stdio: 'ignore' });
  await once(sleeper, 'spawn');
  return sleeper;
}

function recipe(extra: number): string {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  const mounts = readFileSync('/proc/self/mounts', 'utf8').trim().split('\n').length;
  const more = extra === 0 ? '' : `, ${extra} of them sleeping ones made for this bench`;
  return `this machine with ${processes} processes${more}, and ${mounts} mounts; devops and psutil both sample for 250 ms`;
}
