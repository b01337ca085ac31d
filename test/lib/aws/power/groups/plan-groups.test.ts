import { expect, test } from 'vitest';
import type { GroupMember, GroupRow } from '../../../../../src/lib/aws/group-row.ts';
import type { InstanceRow } from '../../../../../src/lib/aws/instance-row.ts';
import type { GroupPlan } from '../../../../../src/lib/aws/power/groups/group-request.ts';
import { planRestoreGroup } from '../../../../../src/lib/aws/power/groups/plan-restore-group.ts';
import { planStopGroup } from '../../../../../src/lib/aws/power/groups/plan-stop-group.ts';
import { summary } from './stage.ts';

const place = { region: 'eu-central-1' };
const noon = Date.parse('2026-11-20T12:00:00Z') / 1000;

function instance(id: string, some: Partial<InstanceRow> = {}): InstanceRow {
  return {
    id,
    account: '111122223333',
    state: 'running',
    type: 't3.micro',
    zone: 'eu-central-1a',
    launchedAt: noon - 86_400,
    ipv6Addresses: [],
    privateIps: [],
    publicIps: [],
    tags: new Map([['aws:autoscaling:groupName', 'web']]),
    rootDeviceType: 'ebs',
    hibernationConfigured: false,
    ...some,
  };
}

const member = (id: string, some: Partial<GroupMember> = {}): GroupMember => ({
  id,
  zone: 'eu-central-1a',
  lifecycle: 'InService',
  health: 'Healthy',
  ...some,
});

function group(some: Partial<GroupRow> = {}): GroupRow {
  return {
    name: 'web',
    arn: 'arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:0a1b:autoScalingGroupName/web',
    min: 1,
    max: 4,
    desired: 2,
    members: [member('i-1'), member('i-2')],
    suspended: [],
    tags: new Map(),
    hasWarmPool: false,
    isMixed: false,
    ...some,
  };
}

const rows = [instance('i-1'), instance('i-2')];
const all = ({ members, action }: GroupPlan) => summary([...members, action]);
const marked = (value: string) => new Map([['devops:asg', value]]);

test('a plan tells of the group and each member, and where they are', () => {
  const plan = planStopGroup(group(), rows, 'suspend', {}, { region: 'eu-central-1', profile: 'prod' });
  expect(all(plan)).toEqual(['instance would stop', 'instance would stop', 'group would suspend']);
  expect(plan.action).toMatchObject({
    kind: 'group',
    id: 'web',
    region: 'eu-central-1',
    account: '111122223333',
    profile: 'prod',
  });
});

test('a plan of zero tells the sizes that will be given up', () => {
  const plan = planStopGroup(group({ hasWarmPool: true }), rows, 'zero', {}, place);
  expect(plan).toMatchObject({
    action: {
      state: 'would zero',
      reason: 'desired 2 and min 1 become 0: it terminates its 2 members; its warm pool is left as it is, and may grow',
    },
    members: [],
  });
});

test.each([
  ['Standby', {}, 'standby'],
  ['Warmed:Stopped', { state: 'stopped' }, 'warm-pool'],
  ['Pending:Wait', {}, 'not-in-service'],
  ['InService', { lifecycle: 'spot' }, 'spot-one-time'],
  ['InService', { rootDeviceType: 'instance-store' }, 'instance-store'],
  ['InService', { state: 'stopped' }, 'already-stopped'],
  ['InService', { state: 'terminated' }, 'terminated'],
] as const)('a member that is %s %j is left alone beside the others', (lifecycle, some, code) => {
  const of = group({ members: [member('i-1', { lifecycle }), member('i-2')] });
  const plan = planStopGroup(of, [instance('i-1', some), instance('i-2')], 'suspend', {}, place);
  expect(all(plan)).toEqual([`instance left alone: ${code}`, 'instance would stop', 'group would suspend']);
});

test('a group with a member that is protected from scale-in would never be empty', () => {
  const of = group({ members: [member('i-1'), member('i-2', { protectedFromScaleIn: true })] });
  const plan = planStopGroup(of, rows, 'zero', {}, place);
  expect(all(plan)).toEqual(['group left alone: protected']);
  expect(plan.action).toMatchObject({ reason: 'its member i-2 is protected from scale-in' });
  expect(all(planStopGroup(of, rows, 'suspend', {}, place)).at(-1)).toBe('group would suspend');
});

test('a member that EC2 does not know is not told of, and keeps nobody from being stopped', () => {
  const plan = planStopGroup(group(), rows.slice(1), 'suspend', {}, place);
  expect(all(plan)).toEqual(['instance would stop', 'group would suspend']);
});

test('a restore plans the members that devops has stopped', () => {
  const stopped = (id: string, at: string) =>
    instance(id, { state: 'stopped', tags: new Map([['devops:stopped', `v1 at=${at} run=a by=b`]]) });
  const of = group({
    tags: marked('v1 suspend at=2026-11-20T12:00:00Z run=a by=b had='),
    members: ['i-1', 'i-2', 'i-3', 'i-4'].map((id) => member(id)),
  });
  const known = [
    stopped('i-1', '2026-11-20T12:00:05Z'),
    stopped('i-2', '2026-11-18T12:00:05Z'),
    instance('i-3'),
    instance('i-4', { state: 'terminated' }),
  ];
  expect(all(planRestoreGroup(of, known, {}, place))).toEqual([
    'instance would start',
    'instance left alone: no-mark',
    'instance left alone: already-running',
    'instance left alone: terminated',
    'group would restore',
  ]);
});

test('a restore of sizes tells them, and those that somebody has set instead', () => {
  const tags = marked('v1 zero at=2026-11-20T12:00:00Z run=a by=b min=1 max=4 desired=2');
  const atZero = planRestoreGroup(group({ tags, min: 0, desired: 0, members: [] }), [], {}, place);
  expect(atZero.action).toMatchObject({ state: 'would restore', reason: 'desired 2, min 1, max 4' });
  const changed = planRestoreGroup(group({ tags, min: 0, desired: 1 }), [], {}, place);
  expect(all(changed)).toEqual(['group error: changed-meanwhile']);
});

test('the name of a schedule may have anything in it that a tag may have', () => {
  const by = 'off had=LT min=1 max=2 desired=3';
  const tags = marked(`v1 suspend at=2026-11-20T12:00:00Z run=a by=${by} had=Z`);
  expect(all(planRestoreGroup(group({ tags }), rows, { by }, place)).at(-1)).toBe('group would restore');
  expect(all(planRestoreGroup(group({ tags }), rows, { by: 'off' }, place)).at(-1)).toBe(
    'group left alone: other-schedule',
  );
});

test('a tag that sits at the limit of 256 characters is read', () => {
  const value = (length: number) => {
    const rest = 'v1 suspend at=2026-11-20T12:00:00Z run=a by= had=';
    return `v1 suspend at=2026-11-20T12:00:00Z run=a by=${'x'.repeat(length - rest.length)} had=`;
  };
  expect(all(planRestoreGroup(group({ tags: marked(value(256)) }), rows, {}, place)).at(-1)).toBe(
    'group would restore',
  );
});
