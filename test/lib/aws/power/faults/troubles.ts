import type { Twin } from '../../../../support/aws-twin/aws-twin.ts';
import type { Fleet } from './fleet.ts';
import type { Hands } from './hands.ts';
import type { StoryRun, Trace } from './story.ts';

export interface Tally {
  runs: number;
  kills: number;
  races: number;
  calls: number;
  /** Faults by kind, as they hit. */
  faults: Map<string, number>;
}

const spoilt = ['reset', 'lost', 'truncate', 'cut', 'html', 'InternalError', 'Unavailable'] as const;
const deniable = [
  'CreateTags',
  'DeleteTags',
  'StopInstances',
  'StartInstances',
  'DescribeInstances',
  'SuspendProcesses',
  'ResumeProcesses',
  'CreateOrUpdateTags',
  'UpdateAutoScalingGroup',
  'DescribeAutoScalingGroups',
];

/** Draws what befalls one run; what is returned takes back what would stay. */
export function trouble(
  run: StoryRun,
  at: {
    twin: Twin;
    fleet: Fleet;
    hands: Hands;
    random: () => number;
    trace: Trace;
    tally: Tally;
    runOf: (call: { userAgent: string }) => StoryRun | undefined;
  },
): () => void {
  const { twin, fleet, hands, random, trace, tally, runOf } = at;
  const region = twin.region();
  const pick = (count: number) => Math.floor(random() * count);
  const undo: (() => void)[] = [];
  const isIts = (call: { userAgent: string }) => runOf(call) === run && !run.isDead;
  const fault = (
    effect: string,
    options: { operation?: string; probability?: number; times?: number; skip?: number },
  ) => twin.fault({ optional: true, times: 1, ...options, when: isIts, effect });
  const happens = (kind: string, chance: number, action: () => void) => {
    if (random() >= chance) return;
    run.isTroubled = true;
    action();
    trace.say(`${run.name} will meet: ${kind}`);
  };
  happens('kill', 0.5, () => (run.killAfter = 1 + pick(fleet.mode === 'skip' ? 9 : 16)));
  happens('throttles', 0.15, () => {
    const probability = [0.2, 0.5, 1][pick(3)]!;
    const times = probability === 1 ? 1 + pick(25) : 12;
    twin.fault({
      ...(random() < 0.4 ? { operation: deniable[pick(deniable.length)]! } : {}),
      probability,
      times,
      optional: true,
      when: (call) => isIts(call) && call.service === 'ec2',
      effect: 'RequestLimitExceeded',
    });
    twin.fault({
      probability,
      times,
      optional: true,
      when: (call) => isIts(call) && call.service === 'autoscaling',
      effect: 'Throttling',
    });
  });
  happens('bad answers', 0.2, () => {
    for (const _ of [1, 2, 3]) {
      fault(spoilt[pick(spoilt.length)]!, { probability: 0.25, times: [1, 2, 12][pick(3)]! });
    }
  });
  happens('one lost answer', 0.15, () => {
    const operation = deniable[pick(deniable.length)]!;
    fault(spoilt[1 + pick(3)]!, { operation, times: random() < 0.3 ? Infinity : 1, skip: pick(2) });
  });
  happens('denial', 0.08, () => {
    const operation = deniable[pick(deniable.length)]!;
    const id = random() < 0.5 ? fleet.singles[pick(fleet.singles.length)] : undefined;
    const which = operation.startsWith('Describe') ? undefined : id;
    region.deny(operation, which);
    trace.say(`${operation} is denied ${which ?? ''}`);
    undo.push(() => region.allow(operation, which));
  });
  happens('lack of room', run.verb === 'start' ? 0.15 : 0.01, () => {
    const of = ['*', 't3.micro', 'm5.large'][pick(3)]!;
    region.setCapacity(of, pick(3));
    undo.push(() => region.setCapacity(of, undefined));
  });
  happens('a busy group', 0.06, () => {
    const operation = ['SuspendProcesses', 'ResumeProcesses', 'UpdateAutoScalingGroup', 'CreateOrUpdateTags'][pick(4)]!;
    fault('ScalingActivityInProgress', { operation, times: 3 });
  });
  happens('hands meanwhile', 0.2, () => {
    for (const _ of [1, 2]) run.meanwhile.set(1 + pick(10), () => hands.meddle(random, true));
  });
  return () => {
    for (const each of undo) each();
    if (run.isDead) tally.kills += 1;
  };
}
