import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { endGroup, groupMembers, signalGroup } from '../../../src/lib/shell/process-group.ts';

const limits = { graceSeconds: 0.2, abandonSeconds: 0.5 };

test.each([1, 0, -1, -5, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is never signalled', (group) => {
  expect(() => signalGroup(group, 'SIGCONT')).toThrow(RangeError);
});

test('our own group is never signalled', () => {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const own = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  expect(() => signalGroup(own, 'SIGCONT')).toThrow('is our own');
});

test('a group that is gone is left alone', async () => {
  const child = spawn('true', { detached: true });
  await once(child, 'exit');
  expect(groupMembers(child.pid!)).toEqual([]);
  expect(() => signalGroup(child.pid!, 'SIGTERM')).not.toThrow();
  expect(await endGroup(child.pid!, limits)).toEqual([]);
});

test('a group is known by its members when the leader is dead', async () => {
  const child = spawn('sh', ['-c', 'sleep 300 & echo $!'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const [[line]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]);
  expect(groupMembers(child.pid!)).toEqual([Number(String(line))]);
  expect(await endGroup(child.pid!, limits)).toEqual([]);
  expect(groupMembers(child.pid!)).toEqual([]);
});

test('a zombie that nobody reaps does not count', async () => {
  // The shell becomes a sleep, which never waits for the child that the shell had started.
  const script = 'setsid sh -c "echo \\$\\$" & exec sleep 300';
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(child.stdout, 'data');
  const zombie = Number(String(line));
  try {
    await expect.poll(() => readFileSync(`/proc/${zombie}/stat`, 'utf8')).toMatch(/\) Z /);
    expect(groupMembers(zombie)).toEqual([]);
    expect(groupMembers(child.pid!)).toEqual([child.pid]);
  } finally {
    await endGroup(child.pid!, limits);
  }
});
