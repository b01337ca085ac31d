import { readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { acquirePidFile } from '../../../src/lib/locks/acquire-pid-file.ts';

// Says that it has begun, takes and releases a lock all the time, until it is killed, and tells when it meets somebody in
// there.
const [path, inside, log] = process.argv.slice(2);
const pause = new Int32Array(new SharedArrayBuffer(4));
const read = (): number => {
  try {
    return Number(readFileSync(inside!, 'utf8'));
  } catch {
    return 0;
  }
};
const lives = (pid: number): boolean => {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/[ZX]/.test(line.slice(line.lastIndexOf(')'))[2]!);
  } catch {
    return false;
  }
};
writeSync(1, 'begun\n');
// Nobody may be left to kill it.
const until = performance.now() + 3000;
for (let taken = 1; performance.now() < until; taken++) {
  const answer = acquirePidFile(path!, { pid: process.pid, now: 0, what: '' });
  if (!('lock' in answer)) {
    Atomics.wait(pause, 0, 0, 0.1);
    continue;
  }
  const before = read();
  if (before !== 0 && lives(before)) writeFileSync(log!, `${process.pid} met ${before}\n`, { flag: 'a' });
  writeFileSync(inside!, String(process.pid));
  Atomics.wait(pause, 0, 0, 0.5 * Math.random());
  if (read() !== process.pid) writeFileSync(log!, `${process.pid} was met\n`, { flag: 'a' });
  writeFileSync(inside!, '0');
  writeFileSync(log!, '.', { flag: 'a' });
  // Most leave as if they had been killed, for it is the dead that are fought over.
  if (taken % 4 === 0) answer.lock.release();
  else abandon();
}

function abandon(): void {
  const dead = readFileSync(path!, 'utf8').replace(/"start":"\d+"/, '"start":"1"');
  writeFileSync(`${path!}.dead-${process.pid}`, dead);
  renameSync(`${path!}.dead-${process.pid}`, path!);
}
