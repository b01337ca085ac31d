import type { Twin } from '../../../../support/aws-twin/aws-twin.ts';
import type { TwinCall } from '../../../../support/aws-twin/call.ts';
import type { TwinInstance } from '../../../../support/aws-twin/instance.ts';
import type { Fleet, KnownGroup } from './fleet.ts';
import { openLooks } from './looks.ts';
import { rotaAt } from './rota.ts';
import type { StoryRun } from './story.ts';

/** What must never happen, by kind. */
export type Wrong =
  | 'wrong stop'
  | 'wrong restore'
  | 'wrong tag'
  | 'wrong group'
  | 'forbidden call'
  | 'lie'
  | 'lost'
  | 'mark left'
  | 'not at rest'
  | 'endless';

export interface Finding {
  what: Wrong;
  text: string;
}

export const stoppedTag = 'devops:stopped';
const memberTag = 'aws:autoscaling:groupName';

const allowed = new Set([
  'DescribeInstances',
  'DescribeInstanceStatus',
  'DescribeSpotInstanceRequests',
  'DescribeAutoScalingGroups',
  'DescribeScalingActivities',
  'CreateTags',
  'DeleteTags',
  'StopInstances',
  'StartInstances',
  'CreateOrUpdateTags',
  'SuspendProcesses',
  'ResumeProcesses',
  'UpdateAutoScalingGroup',
  'SetInstanceHealth',
]);

interface Snapshot {
  state: TwinInstance['state'];
  launchedAt: number;
  mark: string | undefined;
  /** A start has brought nothing: AWS has taken it back. */
  hasFallenBack: boolean;
}

export function isOurs(change: { by: string }): boolean {
  return change.by.startsWith('arn:');
}

/**
 * Looks over the shoulder of every request: reads its parameters and the true state before and after it, by rules of its
 * own. Knows nothing of the code under test.
 */
export function openWitness(
  twin: Twin,
  fleet: Fleet,
  runOf: (call: TwinCall) => StoryRun | undefined,
  report: (finding: Finding) => void,
) {
  const region = twin.region();
  const before = new Map<string, Snapshot>();
  /** Order of events, finer than seconds. */
  let order = 0;
  const markedAt = new Map<string, number>();
  const stoppedByHandAt = new Map<string, { order: number; time: number }>();
  const startedByHandAt = new Map<string, { order: number; time: number }>();
  const looks = openLooks();
  const now = () => twin.clock.now().getTime() / 1000;
  const groupOf = (name: string | undefined) => fleet.groups.find((group) => group.name === name);

  function snapshot(id: string): Snapshot | undefined {
    const instance = region.instances.get(id);
    if (instance === undefined) return undefined;
    return {
      state: instance.state,
      launchedAt: instance.launchedAt,
      mark: instance.tags.get(stoppedTag),
      hasFallenBack: instance.stateReason?.code === 'Client.InternalError',
    };
  }

  function judge(call: TwinCall, run: StoryRun): void {
    const wrong = (what: Wrong, text: string) => report({ what, text: `${run.name} ${call.operation}: ${text}` });
    const ids = valuesOf(call, /^(?:InstanceId|ResourceId)\.\d+$/);
    if (call.operation === 'StopInstances') for (const id of ids) judgeStop(id, call, run, wrong);
    else if (call.operation === 'StartInstances') for (const id of ids) judgeStart(id, call, run, wrong);
    else if (call.service === 'ec2' && call.operation.endsWith('Tags')) judgeTags(ids, call, run, wrong);
    else if (call.service === 'autoscaling') judgeGroup(call, run, wrong);
  }

  function changed(id: string, call: TwinCall, what: 'stop' | 'start') {
    const instance = region.instances.get(id);
    const last = instance?.changes.at(-1);
    const isNow = last !== undefined && last.what === what && last.at.getTime() === twin.clock.now().getTime();
    return isNow && isOurs(last) && before.get(`${call.number} ${id}`) !== undefined ? instance : undefined;
  }

  function judgeStop(id: string, call: TwinCall, run: StoryRun, wrong: Report): void {
    const instance = changed(id, call, 'stop');
    if (instance === undefined) return;
    const was = before.get(`${call.number} ${id}`)!;
    if (was.state !== 'running' && was.state !== 'pending') return;
    const { to, since } = rotaAt(fleet.rota, run.began);
    const say = (why: string) => wrong('wrong stop', `${id} (${fleet.kinds.get(id)}) ${why}`);
    if (run.verb !== 'stop') say('is stopped by a start run');
    if (to !== 'off') say('is stopped in on time');
    if (!fleet.isNamed(id)) say('is stopped, and nobody named it');
    const kept = instance.tags.get('devops:protect');
    if (kept !== undefined && kept !== 'no') say('is stopped, and is protected');
    const group = instance.tags.get(memberTag);
    if (group !== undefined) judgeMemberStop(group, say);
    const byHand = startedByHandAt.get(id);
    // What somebody starts between the last look and the stop cannot be known.
    if (was.launchedAt >= since && byHand !== undefined && was.launchedAt < run.began - 1) {
      say('is stopped, and somebody has started it in this off time');
    } else if (group === undefined && was.launchedAt >= since && was.launchedAt < run.began - 1) {
      say(`is stopped, and was started after the switch`);
    }
    const at = Date.parse(/ at=(\S+)/.exec(was.mark ?? '')?.[1] ?? '') / 1000;
    if (!(at >= was.launchedAt) || by(was.mark) !== fleet.rota.by) say(`is stopped with the mark '${was.mark}'`);
  }

  function judgeMemberStop(name: string, say: (why: string) => void): void {
    const group = groupOf(name);
    if (fleet.mode !== 'suspend') say(`is stopped as a member, with --group-members ${fleet.mode}`);
    if (group?.isNamed !== true || group.isProtected) say('is stopped, and its group is not to be');
    const suspended = region.groups.get(name)?.suspended;
    if (suspended !== undefined && !['ReplaceUnhealthy', 'Terminate', 'Launch'].every((one) => suspended.has(one))) {
      say('is stopped, and its group would replace it');
    }
  }

  function judgeStart(id: string, call: TwinCall, run: StoryRun, wrong: Report): void {
    const instance = changed(id, call, 'start');
    if (instance === undefined) return;
    const was = before.get(`${call.number} ${id}`)!;
    if (was.state !== 'stopped') return;
    const say = (why: string) => wrong('wrong restore', `${id} (${fleet.kinds.get(id)}) ${why}`);
    if (run.verb !== 'start') say('is started by a stop run');
    if (rotaAt(fleet.rota, run.began).to !== 'on') say('is started in off time');
    if (fleet.startIsNarrow && !fleet.isNamed(id)) say('is started, and nobody named it');
    const at = Date.parse(/ at=(\S+)/.exec(was.mark ?? '')?.[1] ?? '') / 1000;
    if (!(at >= was.launchedAt) && !was.hasFallenBack)
      say(`is started with the mark '${was.mark}', and was started at ${was.launchedAt}`);
    if (by(was.mark) !== fleet.rota.by) say(`is started, and its mark is '${was.mark}'`);
    const last = instance.changes.findLast(({ what }, at2) => at2 < instance.changes.length - 1 && what !== 'create');
    if (last === undefined) say('is started, and was stopped before all this');
    else if (!isOurs(last)) {
      // Whoever stops what bears our mark already has it brought back.
      const isMarkedFirst = (markedAt.get(id) ?? Infinity) < (stoppedByHandAt.get(id)?.order ?? -Infinity);
      // One that falls back has not been started by anybody.
      if (!was.hasFallenBack && (last.what !== 'stop' || !isMarkedFirst))
        say(`is started, and it was ${last.what} of ${last.by}`);
    }
  }

  function judgeTags(ids: readonly string[], call: TwinCall, run: StoryRun, wrong: Report): void {
    const keys = valuesOf(call, /^Tag\.\d+\.Key$/);
    if (keys.length !== 1 || keys[0] !== stoppedTag) wrong('wrong tag', `of ${keys.join(', ')}`);
    for (const id of ids) {
      // A start without selectors is right to remove any worthless mark that it meets.
      const isTidied = call.operation === 'DeleteTags' && run.verb === 'start' && !fleet.startIsNarrow;
      if (!fleet.isNamed(id) && !isTidied) wrong('wrong tag', `on ${id}, which nobody named`);
      if (call.operation !== 'CreateTags') continue;
      order += 1;
      const last = region.instances.get(id)?.changes.at(-1);
      const was = before.get(`${call.number} ${id}`);
      const isOff = was !== undefined && ['stopped', 'stopping'].includes(was.state) && !was.hasFallenBack;
      const hand = stoppedByHandAt.get(id);
      const look = looks.last(run, id);
      // A stop between our last look and our mark cannot be told from one behind it.
      const isUnseen =
        hand !== undefined &&
        look !== undefined &&
        (hand.order > look.order || hand.time >= look.time - region.staleSeconds);
      // What we have stopped may be marked again, as when a start run has taken the mark away, or the start fell back.
      if (!isOff || (last !== undefined && isOurs(last))) markedAt.set(id, order);
      else if (isUnseen) markedAt.set(id, hand.order - 0.5);
      else wrong('wrong tag', `on ${id}, which is stopped, and not by us`);
    }
  }

  function judgeGroup(call: TwinCall, run: StoryRun, wrong: Report): void {
    if (call.operation.startsWith('Describe')) return;
    const { parameters } = call;
    const health = parameters['InstanceId'];
    const name =
      health === undefined
        ? (parameters['AutoScalingGroupName'] ?? parameters['Tags.member.1.ResourceId'])
        : region.instances.get(health)?.tags.get(memberTag);
    const group = groupOf(name);
    if (group === undefined || !group.isNamed || group.isProtected || fleet.mode === 'skip') {
      wrong('wrong group', `${name} is no business of ours`);
      return;
    }
    const processes = valuesOf(call, /^ScalingProcesses\.member\.\d+$/);
    if (call.operation === 'ResumeProcesses') {
      const theirs = processes.filter((process) => group.suspended.has(process));
      if (theirs.length > 0) wrong('wrong restore', `of ${name}: ${theirs.join(', ')} was suspended by somebody else`);
      if (processes.length === 0) wrong('wrong restore', `of ${name}: all processes`);
    }
    if (call.operation === 'SuspendProcesses' && processes.length === 0)
      wrong('wrong stop', `of ${name}: all processes`);
    if (call.operation === 'UpdateAutoScalingGroup') judgeSizes(call, group, run, wrong);
    if (call.operation.endsWith('Tags') && parameters['Tags.member.1.Key'] !== 'devops:asg') {
      wrong('wrong tag', `${parameters['Tags.member.1.Key']} of ${name}`);
    }
  }

  function judgeSizes({ parameters }: TwinCall, group: KnownGroup, run: StoryRun, wrong: Report): void {
    const [min, desired] = [Number(parameters['MinSize']), Number(parameters['DesiredCapacity'])];
    if (parameters['MaxSize'] !== undefined) wrong('wrong group', `${group.name}: a maximum`);
    const { sizes } = group;
    if (run.verb === 'start') {
      // What somebody sets between the look and the call is overwritten, and nobody can know.
      if (group.takenAt >= run.began) group.sizes = { min, max: sizes.max, desired };
      else if (min !== sizes.min || desired !== sizes.desired) {
        wrong('wrong restore', `${group.name} to min=${min} desired=${desired}, not ${JSON.stringify(sizes)}`);
      }
    } else if (min !== 0 || desired !== 0 || rotaAt(fleet.rota, run.began).to !== 'off') {
      wrong('wrong stop', `${group.name} to min=${min} desired=${desired}`);
    }
  }

  twin.onCall((call, moment) => {
    const run = runOf(call);
    if (run === undefined) return;
    if (moment === 'before') {
      if (!allowed.has(call.operation)) report({ what: 'forbidden call', text: `${run.name} ${call.operation}` });
      if (call.operation === 'DescribeInstances') {
        order += 1;
        looks.begin(call, { order, time: now() });
      }
      if (call.operation.startsWith('Describe')) return;
      for (const id of valuesOf(call, /^(?:InstanceId|ResourceId)\.\d+$/)) {
        const one = snapshot(id);
        if (one !== undefined) before.set(`${call.number} ${id}`, one);
      }
    } else {
      looks.end(call, run);
      if (call.carriedOut) judge(call, run);
    }
  });

  return {
    /** Somebody has stopped, or started, it. */
    byHand(what: 'stop' | 'start', id: string): void {
      order += 1;
      (what === 'stop' ? stoppedByHandAt : startedByHandAt).set(id, { order, time: now() });
    },
  };
}

type Report = (what: Wrong, text: string) => void;

function by(mark: string | undefined): string | undefined {
  return / by=(.+)$/.exec(mark ?? '')?.[1];
}

function valuesOf({ parameters }: TwinCall, name: RegExp): readonly string[] {
  return Object.entries(parameters).flatMap(([key, value]) => (name.test(key) ? [value] : []));
}
