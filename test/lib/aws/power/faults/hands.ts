import type { Twin } from '../../../../support/aws-twin/aws-twin.ts';
import type { TwinInstance } from '../../../../support/aws-twin/instance.ts';
import type { Fleet, KnownGroup } from './fleet.ts';
import type { Trace } from './story.ts';

/** People who do what people do, and deployments. */
export interface Hands {
  /** @param isMeanwhile While a run is at work: not what it could not know. */
  meddle(random: () => number, isMeanwhile?: boolean): void;
  /** Ids of members that the group is right to end. */
  doomed: ReadonlySet<string>;
}

export function openHands(
  twin: Twin,
  fleet: Fleet,
  trace: Trace,
  witness: { byHand(what: 'stop' | 'start', id: string): void },
): Hands {
  const region = twin.region();
  const doomed = new Set<string>();

  function meddle(random: () => number, isMeanwhile = false): void {
    const pick = (count: number) => Math.floor(random() * count);
    const isGroup = fleet.groups.length > 0 && random() < 0.35;
    if (isGroup) meddleWithGroup(fleet.groups[pick(fleet.groups.length)]!, random, isMeanwhile);
    else {
      const id = fleet.singles[pick(fleet.singles.length)]!;
      const instance = region.instances.get(id);
      if (instance !== undefined) meddleWithInstance(instance, random);
    }
  }

  function meddleWithInstance(instance: TwinInstance, random: () => number): void {
    const { id, state } = instance;
    const say = (what: string) => trace.say(`somebody ${what} ${id} (${fleet.kinds.get(id)}), which is ${state}`);
    const chance = random();
    if (chance < 0.04 && instance.spotRequest !== undefined && state === 'running') {
      say('takes back, being AWS,');
      witness.byHand('stop', id);
      region.interruptSpot(id, instance.spotRequest.type === 'persistent' && random() < 0.5 ? 'stop' : 'terminate');
    } else if (chance < 0.12) {
      say('terminates');
      region.terminateInstance(id);
      if (random() < 0.5) region.forgetInstance(id);
    } else if (state === 'stopped') {
      say('starts');
      witness.byHand('start', id);
      region.startInstance(id);
      if (random() < 0.4) {
        twin.clock.advance(60);
        if (instance.state !== 'running') return;
        trace.say(`and stops it again`);
        witness.byHand('stop', id);
        region.stopInstance(id);
      }
    } else if (state === 'running' && instance.rootDeviceType === 'ebs' && instance.spotRequest?.type !== 'one-time') {
      say('stops');
      witness.byHand('stop', id);
      region.stopInstance(id);
    }
  }

  function meddleWithGroup(known: KnownGroup, random: () => number, isMeanwhile: boolean): void {
    const group = region.groups.get(known.name);
    if (group === undefined) return;
    const say = (what: string) => trace.say(`somebody ${what} of ${known.name}`);
    const chance = random();
    const isOff = group.tags.has('devops:asg');
    if (chance < 0.3) {
      // A process that people had suspended; while we have the group, ours cannot be told from theirs.
      const [process] = known.suspended;
      if (process === undefined) return;
      say(`resumes ${process}`);
      known.suspended.delete(process);
      group.suspended.delete(process);
    } else if (chance < 0.5 && !isMeanwhile && !isOff && group.suspended.size === known.suspended.size) {
      say('suspends AZRebalance');
      known.suspended.add('AZRebalance');
      group.suspended.set('AZRebalance', { reason: 'User suspended at 2026-11-20T10:00:00Z', effectiveAt: -Infinity });
    } else if (chance < 0.8) {
      const desired = 1 + Math.floor(random() * 5);
      const sizes = { min: Math.floor(random() * (desired + 1)), max: Math.max(group.max, desired), desired };
      say(`sets ${JSON.stringify(sizes)}`);
      const isSuspending = group.tags.get('devops:asg')?.value.startsWith('v1 suspend') === true;
      if (isOff && !isSuspending) {
        known.isTaken = true;
        known.takenAt = twin.clock.now().getTime() / 1000;
      }
      known.isDisturbed = true;
      known.sizes = sizes;
      Object.assign(group, sizes);
      wake(group.members[0]?.id);
    } else {
      const member = group.members[Math.floor(random() * group.members.length)];
      const instance = member === undefined ? undefined : region.instances.get(member.id);
      if (instance === undefined) return;
      doomed.add(instance.id);
      if (instance.state === 'stopped' && random() < 0.5) {
        say(`starts ${instance.id}`);
        witness.byHand('start', instance.id);
        region.startInstance(instance.id);
      } else {
        say(`terminates ${instance.id}`);
        region.terminateInstance(instance.id);
      }
    }
  }

  /** The group looks when something of its changes; a tag of nobody's does that. */
  function wake(id: string | undefined): void {
    const any = id ?? [...region.instances.keys()][0];
    if (any !== undefined && region.instances.has(any)) region.tagInstance(any, { deployed: 'yes' });
  }

  return { meddle, doomed };
}
