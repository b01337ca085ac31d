import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import type { TwinRegion } from '../support/aws-twin/twin-region.ts';
import { changingCalls, runPower } from './run-power.ts';

let twin: Twin;
let region: TwinRegion;

beforeEach(async () => {
  twin = await startTwin({ clock: { start: new Date('2026-11-20T19:05:00Z') } });
  region = twin.region();
});
afterEach(() => twin.stop());

const weekend = ['--off', 'Fri 19:00 - Mon 07:00', '--tz', 'UTC', '--yes'];

function addGroup(name: string, size = 3): readonly string[] {
  const tags = { env: 'dev', 'aws:autoscaling:groupName': name };
  const members = Array.from({ length: size }, () => region.addInstance({ tags }));
  region.addGroup({ name, min: 1, max: 9, desired: size, members, tags: { env: 'dev' } });
  return members;
}

test('members are left alone unless something else is said, and the group is not touched', async () => {
  const members = addGroup('web');
  const { code, outcome, records } = await runPower(twin, ['stop-instances', '--tag', 'env=dev', ...weekend]);
  expect(outcome).toEqual(Object.fromEntries(members.map((id) => [id, 'left alone: group-member'])));
  expect(records[0]?.reason).toContain('--group-members');
  expect([code, changingCalls(twin)]).toEqual([0, []]);
});

test('suspend stops the members, and a start by the same schedule brings the same instances back', async () => {
  const members = addGroup('web');
  const line = ['stop-instances', '--tag', 'env=dev', '--group-members', 'suspend', ...weekend];
  const { code, outcome } = await runPower(twin, line);
  expect(outcome).toEqual({ ...Object.fromEntries(members.map((id) => [id, 'stopped'])), web: 'suspended' });
  expect(code).toBe(0);
  twin.clock.advance(2.6 * 86_400);
  const back = await runPower(twin, ['start-instances', ...weekend]);
  expect(back.outcome).toEqual({ ...Object.fromEntries(members.map((id) => [id, 'started'])), web: 'restored' });
  expect(back.code).toBe(0);
  expect(region.group('web').suspended.size).toBe(0);
  expect(members.every((id) => region.instance(id).state === 'running')).toBe(true);
});

test('zero scales to none and back to what was, by --asg', async () => {
  addGroup('web');
  addGroup('db');
  const { code, outcome } = await runPower(twin, 'stop-instances --asg web --group-members zero --yes');
  expect(outcome).toMatchObject({ web: 'zeroed' });
  expect(code).toBe(0);
  expect([region.group('web').desired, region.group('db').desired]).toEqual([0, 3]);
  const { outcome: back } = await runPower(twin, 'start-instances --asg web --yes');
  expect(back).toMatchObject({ web: 'restored' });
  const { min, max, desired } = region.group('web');
  expect([min, max, desired]).toEqual([1, 9, 3]);
});

test('a group of which only some members are selected is left alone as a whole', async () => {
  const [first] = addGroup('web');
  const { code, outcome, records } = await runPower(twin, `stop-instances ${first} --group-members suspend --yes`);
  expect(outcome).toEqual({ web: 'left alone: partly-selected' });
  expect(records[0]?.reason).toBe('2 of its 3 members are not selected');
  expect([code, changingCalls(twin)]).toEqual([0, []]);
});

test('a protected member protects its group', async () => {
  const [first] = addGroup('web');
  region.tagInstance(first!, { 'devops:protect': 'yes' });
  const { outcome } = await runPower(twin, 'stop-instances --asg web --group-members zero --yes');
  expect(outcome).toEqual({ web: 'left alone: protected' });
});

test('the question says how many instances a zero terminates, and which are only stopped', async () => {
  addGroup('web', 2);
  addGroup('db');
  region.addInstance({ tags: { env: 'dev' } });
  const line = 'stop-instances --tag env=dev --group-members zero';
  const asked = await runPower(twin, line, { text: true, stdin: 'n\n', terminalColumns: 120 });
  expect(asked.stderr).toContain(
    'scale 2 groups to none (5 instances are terminated) and stop 1 instance in eu-central-1, account ',
  );
  const { code, stderr } = await runPower(twin, line, { text: true });
  expect(stderr).toContain('scaling 2 groups to none and stopping 1 instance without a terminal needs --yes');
  expect([code, changingCalls(twin)]).toEqual([2, []]);
});

test('the bar counts the groups, which are at work after the last of their members', async () => {
  addGroup('web');
  const line = 'stop-instances --asg web --group-members suspend --yes --no-color';
  const { stderr } = await runPower(twin, line, { text: true, terminalColumns: 120 });
  expect(stderr).toContain('/4 instances and groups');
  expect(stderr).not.toContain('/3 ');
});

test('--run leaves groups of other runs out, unless they are named', async () => {
  addGroup('web');
  await runPower(twin, 'stop-instances --asg web --group-members suspend --yes');
  const { code, stderr } = await runPower(twin, 'start-instances --run nope --yes', { text: true });
  expect([code, stderr]).toEqual([1, expect.stringContaining('run nope: nothing is stopped by it in eu-central-1')]);
  const { outcome } = await runPower(twin, 'start-instances --run nope --asg web --yes');
  expect(outcome['web']).toBe('left alone: other-run');
});

test('--asg takes globs, and --max counts the members', async () => {
  addGroup('web-1');
  addGroup('web-2');
  addGroup('Web-3');
  const line = 'stop-instances --asg web-* --group-members suspend --yes';
  const { code, stderr } = await runPower(twin, `${line} --max 5`, { text: true });
  expect([code, stderr]).toEqual([2, expect.stringContaining('6 instances would be stopped')]);
  const { outcome } = await runPower(twin, line);
  expect(outcome).toMatchObject({ 'web-1': 'suspended', 'web-2': 'suspended' });
  expect(region.group('Web-3').suspended.size).toBe(0);
});

test('a plan without --yes has the group and its members', async () => {
  const members = addGroup('web');
  const { code, outcome } = await runPower(twin, 'stop-instances --asg web --group-members suspend');
  expect(outcome).toEqual({ web: 'would suspend', ...Object.fromEntries(members.map((id) => [id, 'would stop'])) });
  expect([code, changingCalls(twin)]).toEqual([2, []]);
});

test('start-instances --group-members skip does not even ask for groups', async () => {
  twin.clock.advance(2.6 * 86_400);
  await runPower(twin, ['start-instances', '--group-members', 'skip', ...weekend]);
  expect(twin.calls.map(({ service }) => service)).not.toContain('autoscaling');
});

test('a group that somebody else has stopped by hand stays, and comes back by --run', async () => {
  addGroup('web');
  const { records } = await runPower(twin, 'stop-instances --asg web --group-members suspend --yes');
  twin.clock.advance(2.6 * 86_400);
  const { outcome } = await runPower(twin, ['start-instances', ...weekend]);
  expect(outcome['web']).toBe('left alone: stopped-by-hand');
  const run = records.find(({ kind }) => kind === 'group')?.run;
  expect((await runPower(twin, `start-instances --run ${run} --yes`)).outcome['web']).toBe('restored');
});
