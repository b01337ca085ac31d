import { ApiError } from './api-error.ts';
import { takeCapacity } from './capacity.ts';
import type { TwinGroup, TwinMember } from './group.ts';
import { start, terminate } from './instance-life.ts';
import { memberOptions } from './new-group.ts';
import type { TwinRegionState } from './region.ts';

/** Seconds between a change and the look that Auto Scaling takes at it. */
const interval = 20;

/**
 * The loop of Auto Scaling: what is returned asks for a look soon. A look that finds something to do asks for the next
 * one, so that a region at rest costs nothing however far its clock is advanced.
 */
export function reconciler(region: TwinRegionState): () => void {
  let asked = false;
  const wake = (): void => {
    if (asked || region.groups.size === 0) return;
    asked = true;
    region.clock.after(interval, () => {
      asked = false;
      for (const group of region.groups.values()) look(group, region);
    });
  };
  return wake;
}

/** Whether a process acts: suspended ones stop acting some time after they are listed as suspended. */
function acts(group: TwinGroup, process: string, region: TwinRegionState): boolean {
  const suspension = group.suspended.get(process);
  return suspension === undefined || suspension.effectiveAt > region.clock.monotonic();
}

function look(group: TwinGroup, region: TwinRegionState): void {
  follow(group, region);
  if (group.status !== undefined) {
    for (const member of group.members) end(group, member, region);
    if (group.members.length === 0) region.groups.delete(group.name);
    return;
  }
  if (acts(group, 'HealthCheck', region)) checkHealth(group, region);
  if (acts(group, 'ReplaceUnhealthy', region) && acts(group, 'Terminate', region)) {
    for (const member of group.members.filter(isServing)) {
      if (member.health === 'Unhealthy') end(group, member, region);
    }
  }
  const serving = group.members.filter(isServing);
  if (serving.length < group.desired && acts(group, 'Launch', region))
    launch(group, group.desired - serving.length, region);
  if (serving.length > group.desired && acts(group, 'Terminate', region)) {
    const spare = serving.filter(({ protectedFromScaleIn }) => !protectedFromScaleIn);
    for (const member of spare.slice(0, serving.length - group.desired)) end(group, member, region);
  }
}

/** Counts against the desired capacity; Standby and what is on its way out do not. */
function isServing({ lifecycle }: TwinMember): boolean {
  return lifecycle === 'InService' || lifecycle === 'Pending';
}

/** Takes over what has become of the instances: a pending one runs, a terminating one is gone. */
function follow(group: TwinGroup, region: TwinRegionState): void {
  for (const member of group.members.slice()) {
    const state = region.instances.get(member.id)?.state;
    if (member.lifecycle === 'Pending' && state === 'running') member.lifecycle = 'InService';
    if (member.lifecycle === 'Terminating' && (state === 'terminated' || state === undefined)) {
      group.members.splice(group.members.indexOf(member), 1);
      group.activities.push({ at: region.clock.now(), what: 'terminated', id: member.id });
      region.world.changed();
    }
  }
}

/** The EC2 health check: any state but running is unhealthy, and stays so until SetInstanceHealth says otherwise. */
function checkHealth(group: TwinGroup, region: TwinRegionState): void {
  for (const member of group.members) {
    if (member.lifecycle !== 'InService' || member.health === 'Unhealthy') continue;
    if (region.instances.get(member.id)?.state === 'running') continue;
    member.health = 'Unhealthy';
    group.activities.push({ at: region.clock.now(), what: 'unhealthy', id: member.id });
    region.world.changed();
  }
}

function end(group: TwinGroup, member: TwinMember, region: TwinRegionState): void {
  if (member.lifecycle === 'Terminating') return;
  member.lifecycle = 'Terminating';
  group.activities.push({ at: region.clock.now(), what: 'terminate', id: member.id });
  const instance = region.instances.get(member.id);
  if (instance !== undefined) terminate(instance, region.world, 'autoscaling.amazonaws.com');
  region.world.changed();
}

function launch(group: TwinGroup, count: number, region: TwinRegionState): void {
  for (let number = 0; number < count; number += 1) {
    if (takeFromWarmPool(group, region)) continue;
    const options = memberOptions(group, group.members.length);
    try {
      takeCapacity([options], region.capacity);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      group.activities.push({ at: region.clock.now(), what: 'launch failed', id: '' });
      region.world.changed();
      return;
    }
    const { id } = region.launch(options, 'autoscaling.amazonaws.com');
    group.members.push({ id, lifecycle: 'Pending', health: 'Healthy', protectedFromScaleIn: false });
    group.activities.push({ at: region.clock.now(), what: 'launch', id });
  }
}

/** What has been warmed comes first. */
function takeFromWarmPool(group: TwinGroup, region: TwinRegionState): boolean {
  const member = group.warmPool?.instances.shift();
  if (member === undefined) return false;
  const instance = region.instances.get(member.id);
  if (instance?.state === 'stopped') start(instance, region.world, 'autoscaling.amazonaws.com');
  group.members.push({ ...member, lifecycle: 'Pending' });
  group.activities.push({ at: region.clock.now(), what: 'launch', id: member.id });
  return true;
}
