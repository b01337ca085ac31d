import { ApiError } from './api-error.ts';
import { groupNamed } from './asg-describe.ts';
import { processes, type TwinGroup } from './group.ts';
import type { Operation } from './operation.ts';
import type { Parameters } from './query.ts';

/** The processes that a request names; none at all is all of them. */
function namedProcesses(input: Parameters): readonly string[] {
  const names = input.texts('ScalingProcesses');
  for (const name of names) {
    if (!(processes as readonly string[]).includes(name)) {
      throw new ApiError('ValidationError', `Invalid scaling process type: ${name}`);
    }
  }
  return names.length === 0 ? processes : names;
}

export const suspendProcesses: Operation = (input, { region }) => {
  const name = input.required('AutoScalingGroupName');
  const names = namedProcesses(input);
  input.finish();
  const group = changeable(
    groupNamed(region, name),
    'Processes may not be suspended while the AutoScaling group is pending delete',
  );
  const { clock } = region;
  for (const process of names) {
    // Suspending once more leaves the first reason.
    if (group.suspended.has(process)) continue;
    group.suspended.set(process, {
      reason: `User suspended at ${clock.now().toISOString().slice(0, 19)}Z`,
      effectiveAt: clock.monotonic() + region.suspendDelaySeconds,
    });
  }
  region.world.changed();
  return [];
};

export const resumeProcesses: Operation = (input, { region }) => {
  const name = input.required('AutoScalingGroupName');
  const names = namedProcesses(input);
  input.finish();
  const group = changeable(
    groupNamed(region, name),
    'Processes may not be resumed while the AutoScaling group is pending delete',
  );
  for (const process of names) group.suspended.delete(process);
  region.world.changed();
  return [];
};

export const updateAutoScalingGroup: Operation = (input, { region }) => {
  const name = input.required('AutoScalingGroupName');
  const sizes = ['MinSize', 'MaxSize', 'DesiredCapacity'].map((size) => input.integer(size));
  input.finish();
  const group = changeable(
    groupNamed(region, name),
    'The AutoScaling group may not be modified while it is pending delete',
  );
  const [min = group.min, max = group.max, asked] = sizes;
  for (const [size, value] of Object.entries({ minSize: min, maxSize: max, desiredCapacity: asked ?? 0 })) {
    if (value >= 0) continue;
    throw new ApiError(
      'ValidationError',
      `1 validation error detected: Value '${value}' at '${size}' failed to satisfy constraint: Member must have value greater than or equal to 0`,
    );
  }
  if (min > max)
    throw new ApiError('ValidationError', `Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  // A desired capacity that was not named is moved into the new bounds; one that was named must lie within.
  const desired = asked ?? Math.min(max, Math.max(min, group.desired));
  if (desired > max || desired < min) {
    const text = `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`;
    throw new ApiError('ValidationError', text);
  }
  Object.assign(group, { min, max, desired });
  region.world.changed();
  return [];
};

export const setInstanceHealth: Operation = (input, { region }) => {
  const id = input.required('InstanceId');
  const health = input.required('HealthStatus');
  input.flag('ShouldRespectGracePeriod');
  input.finish();
  if (health !== 'Healthy' && health !== 'Unhealthy') {
    throw new ApiError('ValidationError', `Health status must be Healthy or Unhealthy; ${health} is neither`);
  }
  const member = [...region.groups.values()].flatMap(({ members }) => members).find((one) => one.id === id);
  if (member === undefined) {
    throw new ApiError('ValidationError', `Instance Id not found - No managed instance found for instance ID: ${id}`);
  }
  if (member.lifecycle === 'Terminating') {
    throw new ApiError('ValidationError', `Instance ${id} is not in a state in which its health can be set`);
  }
  member.health = health;
  region.world.changed();
  return [];
};

/** A group that is being deleted takes no change. */
function changeable(group: TwinGroup, refusal: string): TwinGroup {
  if (group.status === undefined) return group;
  throw new ApiError('ValidationError', refusal);
}
