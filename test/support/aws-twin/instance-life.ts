import type { TwinClock } from './clock.ts';
import type { InstanceFace, TwinInstance } from './instance.ts';

/** What the life of an instance needs of the world around it. */
export interface World {
  clock: TwinClock;
  random: () => number;
  /** Told of each change, so that autoscaling groups look. */
  changed: () => void;
  publicIp: () => string;
}

/** `2026-11-20 19:00:03 GMT`, as in `User initiated (...)`. */
export function gmt(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} GMT`;
}

/** Keeps how it looks now, for those who read stale. */
export function remember(instance: TwinInstance, world: World): void {
  const { state, stateReason, transitionReason, launchedAt, publicIp } = instance;
  const face: InstanceFace = {
    state,
    stateReason,
    transitionReason,
    launchedAt,
    publicIp,
    tags: new Map(instance.tags),
  };
  instance.faces.push({ at: world.clock.monotonic(), face });
  // Nobody reads minutes late; a long life must not fill the memory.
  if (instance.faces.length > 50) instance.faces.splice(0, 25);
  world.changed();
}

/** stopped -> pending -> running, or back to stopped when the key of its volume cannot be used. */
export function start(instance: TwinInstance, world: World, by: string): void {
  instance.launchedAt = Math.floor(world.clock.now().getTime() / 1000);
  instance.transitionReason = '';
  instance.stateReason = undefined;
  instance.changes.push({ at: world.clock.now(), what: 'start', by });
  beginPending(instance, world);
}

export function beginPending(instance: TwinInstance, world: World): void {
  enter(instance, 'pending', world);
  const turn = instance.turn;
  world.clock.after(instance.pendingSeconds ?? between(world, 10, 40), () => {
    if (instance.turn !== turn) return;
    if (instance.withoutKeyGrant) {
      instance.stateReason = { code: 'Client.InternalError', message: 'Client.InternalError: Client error on launch' };
      enter(instance, 'stopped', world);
      return;
    }
    if (instance.hasPublicIp) instance.publicIp = world.publicIp();
    instance.hasEverRun = true;
    instance.hibernated = false;
    enter(instance, 'running', world);
  });
}

/** running -> stopping -> stopped. */
export function stop(instance: TwinInstance, world: World, by: string, hibernate: boolean): void {
  instance.transitionReason = `User initiated (${gmt(world.clock.now())})`;
  instance.stateReason = hibernate
    ? { code: 'Client.UserInitiatedHibernate', message: 'Client.UserInitiatedHibernate: User initiated hibernate' }
    : { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
  instance.hibernated = hibernate;
  instance.changes.push({ at: world.clock.now(), what: 'stop', by });
  enter(instance, 'stopping', world);
  settleAs('stopped', instance, world);
}

/** The end, by the hand of Auto Scaling or of a user outside the test. */
export function terminate(instance: TwinInstance, world: World, by: string): void {
  if (instance.state === 'terminated' || instance.state === 'shutting-down') return;
  instance.transitionReason = `User initiated (${gmt(world.clock.now())})`;
  instance.stateReason = {
    code: 'Client.UserInitiatedShutdown',
    message: 'Client.UserInitiatedShutdown: User initiated shutdown',
  };
  instance.changes.push({ at: world.clock.now(), what: 'terminate', by });
  enter(instance, 'shutting-down', world);
  settleAs('terminated', instance, world);
}

/** AWS takes a spot instance back. */
export function interrupt(instance: TwinInstance, world: World, behaviour: 'stop' | 'terminate'): void {
  const reason = 'Server.SpotInstanceTermination';
  instance.transitionReason = `${reason} (${gmt(world.clock.now())})`;
  instance.stateReason = { code: reason, message: `${reason}: Spot instance termination` };
  instance.changes.push({ at: world.clock.now(), what: 'interrupt', by: 'AWS' });
  if (instance.spotRequest !== undefined) {
    instance.spotRequest.state = behaviour === 'stop' ? 'disabled' : 'closed';
  }
  enter(instance, behaviour === 'stop' ? 'stopping' : 'shutting-down', world);
  settleAs(behaviour === 'stop' ? 'stopped' : 'terminated', instance, world);
}

function settleAs(state: 'stopped' | 'terminated', instance: TwinInstance, world: World): void {
  const turn = instance.turn;
  world.clock.after(instance.stoppingSeconds ?? between(world, 10, 60), () => {
    if (instance.turn !== turn) return;
    instance.publicIp = undefined;
    enter(instance, state, world);
  });
}

function enter(instance: TwinInstance, state: TwinInstance['state'], world: World): void {
  instance.state = state;
  instance.turn += 1;
  remember(instance, world);
}

export function between(world: World, least: number, most: number): number {
  return least + world.random() * (most - least);
}
