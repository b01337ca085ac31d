import { acquireLock } from '../../../src/lib/locks/acquire-lock.ts';
import { acquirePidFile } from '../../../src/lib/locks/acquire-pid-file.ts';

// A process that takes a lock, says what came of it, and holds it until its standard input ends.
const [kind, path] = process.argv.slice(2);
const request = { pid: process.pid, now: Date.now() / 1000, what: `test of ${kind}\n` };
const answer =
  kind === 'pid-file'
    ? acquirePidFile(path!, request)
    : await acquireLock(path!, { ...request, env: process.env, signal: new AbortController().signal });
process.stdout.write(`${JSON.stringify('lock' in answer ? 'locked' : answer.busy)}\n`);
process.stdin.resume();
process.stdin.on('end', () => {
  if ('lock' in answer) answer.lock.release();
});
