import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { countCpuList, effectiveCores, readAffinity } from '../../../src/lib/system/effective-cores.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPeer } from './peer.ts';

test.each([
  [4, undefined, undefined, { cores: 4, source: 'host' }],
  [4, 4, 4, { cores: 4, source: 'host' }],
  [4, 2, undefined, { cores: 2, source: 'affinity' }],
  [4, 2, 3, { cores: 2, source: 'affinity' }],
  [4, 2, 0.5, { cores: 0.5, source: 'cgroup' }],
  [4, 128, 16, { cores: 4, source: 'host' }],
])('%s online, %s allowed and a quota of %s make %j', (online, affinity, quota, expected) => {
  expect(effectiveCores(online, affinity, quota)).toEqual(expected);
});

test.each([
  ['0', 1],
  ['0-1', 2],
  ['0-3,8,10-11', 7],
  ['', undefined],
  ['0-', undefined],
  ['5-2', undefined],
  ['all', undefined],
])('the list "%s" holds %s processors', (list, count) => {
  expect(countCpuList(list)).toBe(count);
});

test('a machine that does not tell the affinity has none', () => {
  expect(readAffinity(fakeMachine({}))).toBeUndefined();
  expect(readAffinity(fakeMachine({ '/proc/self/status': 'Name:\tx\nCpus_allowed:\tff\n' }))).toBeUndefined();
});

test('this process may run on as many processors as Node says', () => {
  expect(readAffinity(createProbe())).toBeGreaterThanOrEqual(availableParallelism());
});

/** A module of ours as an argument of `import()`. */
const module = (name: string): string =>
  JSON.stringify(new URL(`../../../src/lib/system/${name}.ts`, import.meta.url).href);

test('a process that taskset has bound to one processor may use one', (context) => {
  askPeer(context, 'taskset', ['--version']);
  const script = `
    const { createProbe } = await import(${module('probe')});
    const { readAffinity } = await import(${module('effective-cores')});
    console.log(readAffinity(createProbe()));
  `;
  const first = /^\d+/.exec(askPeer(context, 'sh', ['-c', 'taskset -pc $$ | sed "s/.*: //"']))![0];
  const args = ['-c', first, process.execPath, '--input-type=module', '--eval', script];
  expect(spawnSync('taskset', args, { encoding: 'utf8', timeout: 20_000 }).stdout).toBe('1\n');
});
