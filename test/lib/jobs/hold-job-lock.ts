import { spawn } from 'node:child_process';
import { takeJobLock } from '../../../src/lib/jobs/job-lock.ts';

// Takes the lock of a job, starts one that sleeps, says the pid of that, and lives until it is killed.
const [path, inherit] = process.argv.slice(2);
const answer = await takeJobLock(path!, {
  pid: process.pid,
  now: Date.now() / 1000,
  what: 'devops run backup',
  runId: 'run-1',
  env: process.env,
  signal: new AbortController().signal,
  waitSeconds: 0,
  inherit: inherit === 'inherit',
});
if (!('lock' in answer)) throw new Error('busy');
const job = spawn('sleep', ['30'], { stdio: ['ignore', 'ignore', 'ignore', answer.lock.descriptor ?? 'ignore'] });
process.stdout.write(`${job.pid}\n`);
setInterval(() => {}, 1000);
