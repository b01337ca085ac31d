import { describe, expect, onTestFinished, test } from 'vitest';
import { startTwin } from '../support/aws-twin/aws-twin.ts';
import type { GroupOptions } from '../support/aws-twin/group.ts';
import { ask } from './send-signed.ts';

async function groupOf(options: Partial<GroupOptions> = {}) {
  const twin = await startTwin();
  onTestFinished(() => twin.stop());
  const region = twin.region();
  const group = region.addGroup({ name: 'web', min: 1, max: 4, desired: 2, ...options });
  const change = async (operation: string, parameters: Record<string, string> = {}) => {
    expect(await ask(twin, 'autoscaling', operation, { AutoScalingGroupName: 'web', ...parameters })).toMatchObject({
      status: 200,
    });
  };
  const processes = (...names: string[]) =>
    Object.fromEntries(names.map((name, index) => [`ScalingProcesses.member.${index + 1}`, name]));
  const done = () => group.activities.map(({ what }) => what);
  const states = () => group.members.map(({ lifecycle, health }) => `${lifecycle} ${health}`);
  return { twin, region, group, change, processes, done, states, first: group.members[0]!.id };
}

describe('a member that is stopped', () => {
  test('is marked unhealthy, terminated and replaced', async () => {
    const { twin, region, group, first, done, states } = await groupOf();
    region.stopInstance(first);
    twin.clock.advance(300);
    expect(region.instance(first).state).toBe('terminated');
    expect(region.instance(first).changes.map(({ by }) => by)).toEqual(['somebody else', 'autoscaling.amazonaws.com']);
    expect(done()).toEqual(['unhealthy', 'terminate', 'launch', 'terminated']);
    expect(states()).toEqual(['InService Healthy', 'InService Healthy']);
    const replacement = region.instance(group.members[1]!.id);
    expect(replacement.tags.get('aws:autoscaling:groupName')).toBe('web');
  });

  test.each([
    [['HealthCheck'], 'stopped', []],
    [['ReplaceUnhealthy'], 'stopped', ['unhealthy']],
    [['Terminate'], 'stopped', ['unhealthy']],
    [['Launch'], 'terminated', ['unhealthy', 'terminate', 'terminated']],
    [['Launch', 'Terminate', 'HealthCheck', 'ReplaceUnhealthy'], 'stopped', []],
  ])('with %j suspended is %s', async (names, state, activities) => {
    const { twin, region, first, change, processes, done } = await groupOf();
    await change('SuspendProcesses', processes(...names));
    region.stopInstance(first);
    twin.clock.advance(300);
    expect(region.instance(first).state).toBe(state);
    expect(done()).toEqual(activities);
  });

  test('before the suspension takes effect is marked unhealthy, and terminated when the processes are resumed', async () => {
    const { twin, region, first, change, processes, states } = await groupOf();
    await change('SuspendProcesses', processes('Launch', 'Terminate', 'ReplaceUnhealthy'));
    region.suspendDelaySeconds = 30;
    await change('SuspendProcesses', processes('HealthCheck'));
    region.stopInstance(first);
    twin.clock.advance(3600);
    expect(states()).toEqual(['InService Unhealthy', 'InService Healthy']);
    region.startInstance(first);
    twin.clock.advance(60);
    await change('ResumeProcesses');
    twin.clock.advance(300);
    expect(region.instance(first).state).toBe('terminated');
  });

  test('is safe when it was stopped after the suspension took effect, and made healthy before the resumption', async () => {
    const { twin, region, first, change, processes, states, group } = await groupOf();
    region.suspendDelaySeconds = 30;
    await change('SuspendProcesses', processes('Launch', 'Terminate', 'HealthCheck', 'ReplaceUnhealthy'));
    twin.clock.advance(31);
    region.stopInstance(first);
    twin.clock.advance(3600);
    group.members[0]!.health = 'Unhealthy';
    region.startInstance(first);
    twin.clock.advance(60);
    expect(
      await ask(twin, 'autoscaling', 'SetInstanceHealth', { InstanceId: first, HealthStatus: 'Healthy' }),
    ).toMatchObject({ status: 200 });
    await change('ResumeProcesses');
    twin.clock.advance(300);
    expect(states()).toEqual(['InService Healthy', 'InService Healthy']);
    expect(region.instance(first).state).toBe('running');
  });

  test('in Standby is left alone', async () => {
    const { twin, region, group, first, done } = await groupOf();
    group.members[0]!.lifecycle = 'Standby';
    group.desired = 1;
    region.stopInstance(first);
    twin.clock.advance(300);
    expect(done()).toEqual([]);
  });
});

describe('a group', () => {
  test('follows its desired capacity down to zero and up again', async () => {
    const { twin, region, change, states, group } = await groupOf({
      mixed: { types: ['m5.large', 'c5.large'], spot: true },
    });
    await change('UpdateAutoScalingGroup', { MinSize: '0', DesiredCapacity: '0' });
    twin.clock.advance(300);
    expect(states()).toEqual([]);
    await change('UpdateAutoScalingGroup', { MinSize: '1', DesiredCapacity: '3' });
    expect(group).toMatchObject({ min: 1, max: 4, desired: 3 });
    twin.clock.advance(300);
    expect(states()).toEqual(Array(3).fill('InService Healthy'));
    expect(group.members.map(({ id }) => region.instance(id).spotRequest?.type)).toEqual(Array(3).fill('one-time'));
    expect(group.members.map(({ id }) => region.instance(id).type)).toEqual(['m5.large', 'c5.large', 'm5.large']);
  });

  test('moves a desired capacity that was not named into new bounds', async () => {
    const { change, group } = await groupOf();
    await change('UpdateAutoScalingGroup', { MinSize: '3' });
    expect(group.desired).toBe(3);
    await change('UpdateAutoScalingGroup', { MinSize: '0', MaxSize: '0' });
    expect(group.desired).toBe(0);
  });

  test('keeps members that are protected from scaling in, and a capacity that is not there', async () => {
    const { twin, region, change, states, done } = await groupOf({ protectedFromScaleIn: true });
    await change('UpdateAutoScalingGroup', { DesiredCapacity: '1' });
    twin.clock.advance(100);
    expect(states()).toHaveLength(2);
    region.setCapacity('*', 0);
    await change('UpdateAutoScalingGroup', { DesiredCapacity: '3' });
    twin.clock.advance(50);
    expect(states()).toHaveLength(2);
    expect(done()).toContain('launch failed');
    region.setCapacity('*', undefined);
    twin.clock.advance(100);
    expect(states()).toHaveLength(3);
  });

  test('lists when it was suspended, and keeps the first reason', async () => {
    const { twin, change, processes, group } = await groupOf();
    await change('SuspendProcesses', processes('Launch'));
    twin.clock.advance(60);
    await change('SuspendProcesses');
    const reasons = [...group.suspended].map(([process, { reason }]) => `${process}: ${reason}`);
    expect(reasons).toHaveLength(9);
    expect(reasons[0]).toBe('Launch: User suspended at 2026-11-20T18:00:00Z');
    expect(reasons[1]).toContain('2026-11-20T18:01:00Z');
    await change('ResumeProcesses', processes('Launch', 'HealthCheck'));
    expect(group.suspended.has('Launch')).toBe(false);
    expect(group.suspended.size).toBe(7);
  });

  test('launches what is warm first', async () => {
    const { twin, region, change, group } = await groupOf();
    const warm = region.addInstance({ state: 'stopped' });
    const other = region.addGroup({ name: 'warm', min: 0, max: 2, desired: 0, warmPool: { instances: [warm] } });
    const { text } = await ask(twin, 'autoscaling', 'DescribeWarmPool', { AutoScalingGroupName: 'warm' });
    expect(text).toContain('<LifecycleState>Warmed:Stopped</LifecycleState>');
    await change('UpdateAutoScalingGroup', { AutoScalingGroupName: 'warm', DesiredCapacity: '1' });
    twin.clock.advance(120);
    expect(other.members).toMatchObject([{ id: warm, lifecycle: 'InService' }]);
    expect(region.instance(warm).state).toBe('running');
    expect(group.members).toHaveLength(2);
  });

  test('that is being deleted loses its members and then goes', async () => {
    const { twin, region, group, first } = await groupOf();
    group.status = 'Delete in progress';
    region.stopInstance(first);
    twin.clock.advance(300);
    expect(region.groups.size).toBe(0);
    expect([...region.instances.values()].map(({ state }) => state)).toEqual(['terminated', 'terminated']);
  });

  test('is found by name, by tag and by page', async () => {
    const { twin, region } = await groupOf();
    for (let number = 0; number < 120; number += 1)
      region.addGroup({ name: `g${number}`, desired: 0, tags: { env: `e${number}` } });
    const count = (text: string) => text.match(/<AutoScalingGroupName>/g)?.length ?? 0;
    const read = async (parameters: Record<string, string> = {}) =>
      (await ask(twin, 'autoscaling', 'DescribeAutoScalingGroups', parameters)).text;
    expect(count(await read())).toBe(50);
    const page = await read({ MaxRecords: '100' });
    expect(count(page)).toBe(100);
    const token = /<NextToken>(.*?)<\/NextToken>/.exec(page)![1]!;
    const rest = await read({ MaxRecords: '100', NextToken: token });
    expect(count(rest)).toBe(21);
    expect(rest).not.toContain('<NextToken>');
    expect(
      count(await read({ 'AutoScalingGroupNames.member.1': 'g1', 'AutoScalingGroupNames.member.2': 'absent' })),
    ).toBe(1);
    expect(count(await read({ 'Filters.member.1.Name': 'tag:env', 'Filters.member.1.Values.member.1': 'e7' }))).toBe(1);
  });
});

test('a weekend over a hundred groups costs next to nothing', async () => {
  const twin = await startTwin();
  onTestFinished(() => twin.stop());
  const region = twin.region();
  for (let number = 0; number < 100; number += 1) region.addGroup({ name: `g${number}`, desired: 3 });
  const began = performance.now();
  twin.clock.advance(60 * 3600);
  expect(performance.now() - began).toBeLessThan(200);
  expect(region.instances.size).toBe(300);
});
