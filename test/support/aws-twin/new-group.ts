import type { GroupOptions, TwinGroup, TwinMember } from './group.ts';
import { remember } from './instance-life.ts';
import type { TwinRegionState } from './region.ts';

/** Adds a group that has been at its desired capacity for long. */
export function newGroup(options: GroupOptions, region: TwinRegionState): TwinGroup {
  const { name } = options;
  if (region.groups.has(name)) throw new Error(`the group ${name} is there already`);
  const { clock } = region;
  const members = options.members ?? [];
  const desired = options.desired ?? Math.max(options.min ?? 0, members.length);
  const since = new Date(clock.now().getTime() - 30 * 86_400_000);
  const group: TwinGroup = {
    name,
    arn: `arn:aws:autoscaling:${region.name}:${region.account}:autoScalingGroup:${region.identifier('')}:autoScalingGroupName/${name}`,
    createdAt: since,
    min: options.min ?? Math.min(1, desired),
    max: options.max ?? Math.max(desired, 1) * 2,
    desired,
    zones: options.zones ?? [`${region.name}a`, `${region.name}b`],
    type: options.type ?? options.mixed?.types[0] ?? 't3.micro',
    tags: new Map(Object.entries(options.tags ?? {}).map(([key, value]) => [key, { value, propagate: true }])),
    members: [],
    suspended: new Map(
      (options.suspended ?? []).map((process) => [
        process,
        { reason: `User suspended at ${since.toISOString().slice(0, 19)}Z`, effectiveAt: -Infinity },
      ]),
    ),
    warmPool: undefined,
    mixed: options.mixed === undefined ? undefined : { types: options.mixed.types, spot: options.mixed.spot ?? false },
    status: options.status,
    activities: [],
  };
  const member = (id: string, lifecycle: string): TwinMember => {
    const instance = region.instances.get(id);
    if (instance === undefined) throw new Error(`there is no ${id} in ${region.name}`);
    instance.tags.set('aws:autoscaling:groupName', name);
    for (const one of instance.faces) one.face = { ...one.face, tags: new Map(instance.tags) };
    remember(instance, region.world);
    return { id, lifecycle, health: 'Healthy', protectedFromScaleIn: options.protectedFromScaleIn ?? false };
  };
  group.members.push(...members.map((id) => member(id, 'InService')));
  if (options.launched !== false) {
    for (let count = group.members.length; count < desired; count += 1) {
      group.members.push(member(region.create(memberOptions(group, count)).id, 'InService'));
    }
  }
  const { warmPool } = options;
  const state = warmPool?.state ?? 'Stopped';
  const complete: TwinGroup =
    warmPool === undefined
      ? group
      : {
          ...group,
          warmPool: {
            instances: warmPool.instances.map((id) => member(id, `Warmed:${state}`)),
            state,
            minSize: warmPool.minSize ?? 0,
          },
        };
  region.groups.set(name, complete);
  return complete;
}

/** What a member is launched with; `count` spreads them over zones and types. */
export function memberOptions(group: TwinGroup, count: number) {
  const types = group.mixed?.types ?? [group.type];
  return {
    type: types[count % types.length]!,
    zone: group.zones[count % group.zones.length]!,
    tags: {
      ...Object.fromEntries([...group.tags].filter(([, tag]) => tag.propagate).map(([key, tag]) => [key, tag.value])),
      'aws:autoscaling:groupName': group.name,
    },
    ...(group.mixed?.spot === true ? { spotRequest: 'one-time' as const } : {}),
  };
}
