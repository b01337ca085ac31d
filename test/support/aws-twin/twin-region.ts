import type { TwinClock } from './clock.ts';
import type { GroupOptions, TwinGroup } from './group.ts';
import type { InstanceOptions, TwinInstance } from './instance.ts';
import { beginPending, interrupt, remember, start, stop, terminate, type World } from './instance-life.ts';
import { newGroup } from './new-group.ts';
import { newInstance } from './new-instance.ts';
import { hexDigits } from './random.ts';
import { reconciler } from './reconcile.ts';
import type { TwinRegionState } from './region.ts';

/** One region of one account as a test sees it: its true state, and the hands of those who are not under test. */
export interface TwinRegion {
  readonly name: string;
  readonly account: string;
  readonly instances: ReadonlyMap<string, TwinInstance>;
  readonly groups: ReadonlyMap<string, TwinGroup>;
  /** Seconds by which reads of instances lag behind; default 0. */
  staleSeconds: number;
  /** Seconds until a suspended process stops acting; default 0. */
  suspendDelaySeconds: number;
  /** false: not opted in. */
  enabled: boolean;
  addInstance(options?: InstanceOptions): string;
  addGroup(options: GroupOptions): TwinGroup;
  /** Throws when there is none. */
  instance(id: string): TwinInstance;
  group(name: string): TwinGroup;
  /** Somebody else starts, stops, terminates it; by default `somebody else` in its changes. */
  startInstance(id: string, by?: string): void;
  stopInstance(id: string, by?: string): void;
  terminateInstance(id: string, by?: string): void;
  interruptSpot(id: string, behaviour?: 'stop' | 'terminate'): void;
  tagInstance(id: string, tags: Readonly<Record<string, string | undefined>>): void;
  /** It is as if it never was: an id that is gone between two calls. */
  forgetInstance(id: string): void;
  /** What can still be started: `t3.micro eu-central-1a`, `t3.micro` or `*`; undefined: no limit. */
  setCapacity(of: string, count: number | undefined): void;
  /** The caller's policy denies the operation, on this instance alone if one is named: a batch with it fails whole. */
  deny(operation: string, id?: string): void;
  allow(operation: string, id?: string): void;
}

interface Surroundings {
  clock: TwinClock;
  random: () => number;
  staleSeconds: number;
  pendingSeconds: number | undefined;
  stoppingSeconds: number | undefined;
  publicIp: () => string;
}

/** A region without anything in it. */
export function openRegion(name: string, account: string, around: Surroundings) {
  const { clock, random } = around;
  const instances = new Map<string, TwinInstance>();
  let serial = 0;
  const world: World = { clock, random, publicIp: around.publicIp, changed: () => wake() };
  const state: TwinRegionState = {
    name,
    account,
    clock,
    world,
    instances,
    groups: new Map(),
    staleSeconds: around.staleSeconds,
    suspendDelaySeconds: 0,
    capacity: new Map(),
    denied: new Set(),
    enabled: true,
    identifier: (prefix) => `${prefix}${hexDigits(random, 17)}`,
    create(options) {
      const { pendingSeconds, stoppingSeconds } = around;
      const paced = {
        ...(pendingSeconds === undefined ? {} : { pendingSeconds }),
        ...(stoppingSeconds === undefined ? {} : { stoppingSeconds }),
        ...options,
      };
      const instance = newInstance(paced, state, (serial += 1));
      if (instances.has(instance.id)) throw new Error(`${instance.id} is there already`);
      instances.set(instance.id, instance);
      return instance;
    },
    launch(options, by) {
      const instance = state.create({ launchTime: clock.now(), publicIp: null, ...options, state: 'pending' });
      instance.faces.length = 0;
      instance.changes.push({ at: clock.now(), what: 'create', by });
      beginPending(instance, world);
      return instance;
    },
  };
  const wake = reconciler(state);
  const instanceOf = (id: string): TwinInstance => {
    clock.settle();
    const instance = instances.get(id);
    if (instance === undefined) throw new Error(`there is no ${id} in ${name}`);
    return instance;
  };
  const others = 'somebody else';
  const denial = (operation: string, id?: string) => (id === undefined ? operation : `${operation} ${id}`);
  const region: TwinRegion = {
    name,
    account,
    get instances() {
      clock.settle();
      return instances;
    },
    get groups() {
      clock.settle();
      return state.groups;
    },
    get staleSeconds() {
      return state.staleSeconds;
    },
    set staleSeconds(seconds) {
      state.staleSeconds = seconds;
    },
    get suspendDelaySeconds() {
      return state.suspendDelaySeconds;
    },
    set suspendDelaySeconds(seconds) {
      state.suspendDelaySeconds = seconds;
    },
    get enabled() {
      return state.enabled;
    },
    set enabled(enabled) {
      state.enabled = enabled;
    },
    addInstance: (options = {}) => state.create(options).id,
    addGroup(options) {
      const group = newGroup(options, state);
      wake();
      return group;
    },
    instance: instanceOf,
    group(groupName) {
      clock.settle();
      const group = state.groups.get(groupName);
      if (group === undefined) throw new Error(`there is no group ${groupName} in ${name}`);
      return group;
    },
    startInstance: (id, by = others) => start(instanceOf(id), world, by),
    stopInstance: (id, by = others) => stop(instanceOf(id), world, by, false),
    terminateInstance: (id, by = others) => terminate(instanceOf(id), world, by),
    interruptSpot: (id, behaviour = 'terminate') => interrupt(instanceOf(id), world, behaviour),
    tagInstance(id, tags) {
      const instance = instanceOf(id);
      for (const [key, value] of Object.entries(tags)) {
        if (value === undefined) instance.tags.delete(key);
        else instance.tags.set(key, value);
      }
      remember(instance, world);
    },
    forgetInstance: (id) => void instances.delete(instanceOf(id).id),
    deny: (operation, id) => void state.denied.add(denial(operation, id)),
    allow: (operation, id) => void state.denied.delete(denial(operation, id)),
    setCapacity(of, count) {
      if (count === undefined) state.capacity.delete(of);
      else state.capacity.set(of, count);
    },
  };
  return { state, region };
}
