import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import { runPower } from './run-power.ts';

let twin: Twin;
beforeEach(async () => {
  twin = await startTwin();
});
afterEach(() => twin.stop());

test('Ctrl-C while a group waits for the checks of its members is told, and the next run goes on from there', async () => {
  const region = twin.region();
  region.addGroup({ name: 'db', desired: 2, suspended: ['AZRebalance'] });
  expect((await runPower(twin, 'stop-instances --asg db --group-members suspend -y')).code).toBe(0);
  let interrupt: (() => void) | undefined;
  twin.onCall(({ operation }, moment) => {
    if (operation === 'DescribeInstanceStatus' && moment === 'after') interrupt?.();
  });
  const { code, stdout, stderr } = await runPower(twin, 'start-instances --asg db -y', {
    text: true,
    onStart: (running) => void (interrupt = () => running.interrupt('SIGINT')),
  });
  expect(code).toBe(130);
  expect(stdout.match(/\tstarted\t/g)).toHaveLength(2);
  expect(stdout).not.toContain('restored');
  expect(stderr).toContain('devops: stopped: what became of 1 of 3 instances and groups is not known\n');
  expect(stderr).toContain('the same command once more does what is left to do\n');
  interrupt = undefined;
  expect(await runPower(twin, 'start-instances --asg db -y')).toMatchObject({ code: 0, outcome: { db: 'restored' } });
  expect([...region.group('db').suspended.keys()]).toEqual(['AZRebalance']);
});

test.each(['stop', 'start'])('%s-instances --schedule-tag wants the key of a tag', async (verb) => {
  for (const key of ['', 'k'.repeat(129)]) {
    const { code, stderr } = await runPower(twin, [`${verb}-instances`, '--schedule-tag', key, '--dry-run'], {
      text: true,
    });
    expect([code, twin.calls.length]).toEqual([2, 0]);
    expect(stderr).toContain('is not the key of a tag');
  }
});
