import type { InstanceOptions } from '../../../../support/aws-twin/instance.ts';
import type { TwinRegion } from '../../../../support/aws-twin/twin-region.ts';
import { type Rota, scheduleTag } from './rota.ts';

export type Mode = 'skip' | 'suspend' | 'zero';

/** What the test knows of a group, whatever the twin shows. */
export interface KnownGroup {
  name: string;
  isNamed: boolean;
  isProtected: boolean;
  /** What people have set, ours not counted. */
  sizes: { min: number; max: number; desired: number };
  /** Suspended by people. */
  suspended: Set<string>;
  /** Somebody has changed its sizes while it was at zero: it keeps them, and the tag is for people to remove. */
  isTaken: boolean;
  /** Unix time of that. */
  takenAt: number;
  /** Somebody has changed its sizes or its members: the group may terminate some. */
  isDisturbed: boolean;
}

export interface Fleet {
  rota: Rota;
  mode: Mode;
  /** For both commands, as they are typed. */
  selectors: readonly string[];
  /** Whether start-instances is given them, too. */
  startIsNarrow: boolean;
  groups: readonly KnownGroup[];
  /** Ids that are neither of a group nor anything but themselves. */
  singles: readonly string[];
  /** By kind, for the trace. */
  kinds: ReadonlyMap<string, string>;
  isNamed(id: string): boolean;
}

const ours = ['Launch', 'Terminate', 'HealthCheck', 'ReplaceUnhealthy', 'AZRebalance', 'AlarmNotification'];
const processes = [...ours, 'InstanceRefresh', 'ScheduledActions', 'AddToLoadBalancer'];

type Kind = (at: { rota: Rota; now: number }) => InstanceOptions;

const mark = (at: number, by: string) =>
  `v1 at=${new Date(Math.floor(at) * 1000).toISOString().replace('.000', '')} run=20261101T000000Z-aaaa by=${by}`;
const ago = (now: number, seconds: number) => new Date((now - seconds) * 1000);
const stopped = (now: number, value?: string): InstanceOptions => ({
  state: 'stopped',
  launchTime: ago(now, 40 * 86_400),
  ...(value === undefined ? {} : { tags: { 'devops:stopped': value } }),
});

const kinds: Readonly<Record<string, Kind>> = {
  protected: () => ({ tags: { 'devops:protect': '' } }),
  'not quite protected': () => ({ tags: { 'devops:protect': 'no' } }),
  'stop-protected': () => ({ disableApiStop: true }),
  'one-time spot': () => ({ spotRequest: 'one-time' }),
  'persistent spot': () => ({ spotRequest: 'persistent' }),
  'instance store': () => ({ rootDeviceType: 'instance-store' }),
  pending: ({ now }) => ({ state: 'pending', launchTime: ago(now, 5) }),
  terminated: () => ({ state: 'terminated' }),
  'without grant': () => ({ withoutKeyGrant: true }),
  'stopped by hand': ({ now }) => stopped(now),
  'stopped by another schedule': ({ now }) => stopped(now, mark(now - 86_400, 'nights UTC')),
  'stopped manually with devops': ({ now }) => stopped(now, mark(now - 86_400, 'manual')),
  'started and stopped by hand since': ({ now, rota }) => stopped(now, mark(now - 50 * 86_400, rota.by)),
  'started by hand since': ({ now, rota }) => ({
    launchTime: ago(now, 3 * 86_400),
    tags: { 'devops:stopped': mark(now - 4 * 86_400, rota.by) },
  }),
  'full of tags': () => ({
    tags: Object.fromEntries(Array.from({ length: 48 }, (_, count) => [`team:${count}`, 'x'])),
  }),
  'with a strange mark': () => ({ tags: { 'devops:stopped': 'yes' } }),
  slow: () => ({ stoppingSeconds: 280, pendingSeconds: 150 }),
};

/** Some instances and groups, some of them named by the selectors. */
export function drawFleet(random: () => number, region: TwinRegion, rota: Rota, now: number): Fleet {
  const pick = (count: number) => Math.floor(random() * count);
  const mode = (['skip', 'suspend', 'zero'] as const)[pick(3)]!;
  const told = new Map<string, string>();
  const singles: string[] = [];
  const namedTags = (isNamed: boolean): Record<string, string> => ({
    env: isNamed ? 'dev' : 'prod',
    ...(isNamed && rota.tagValue !== undefined ? { [scheduleTag]: rota.tagValue } : {}),
  });
  const count = 3 + pick(7);
  const names = Object.keys(kinds);
  for (let number = 0; number < count; number += 1) {
    const name = random() < 0.5 ? 'plain' : names[pick(names.length)]!;
    const options = kinds[name]?.({ rota, now }) ?? {};
    const isNamed = random() < 0.7;
    const tags = { ...options.tags, ...namedTags(isNamed) };
    // What nobody names must bear no mark of ours: a start without selectors would be right to clean it up.
    if (!isNamed) delete (tags as Record<string, string>)['devops:stopped'];
    const id = region.addInstance({ type: ['t3.micro', 'm5.large'][pick(2)]!, ...options, tags });
    singles.push(id);
    told.set(id, `${isNamed ? 'named' : 'not named'}, ${name}`);
  }
  const groups: KnownGroup[] = [];
  for (let number = pick(3); number > 0; number -= 1) {
    const isNamed = random() < 0.75;
    const isProtected = random() < 0.1;
    const desired = pick(6);
    const min = pick(desired + 1);
    const suspended = random() < 0.5 ? [] : processes.filter(() => random() < 0.2);
    const group: KnownGroup = {
      name: `web-${number}`,
      isNamed,
      isProtected,
      sizes: { min, max: desired + 1 + pick(3), desired },
      suspended: new Set(suspended),
      isTaken: false,
      takenAt: -Infinity,
      isDisturbed: false,
    };
    const spot = random() < 0.15;
    region.addGroup({
      name: group.name,
      ...group.sizes,
      suspended,
      tags: { ...namedTags(isNamed), ...(isProtected ? { 'devops:protect': 'true' } : {}) },
      ...(spot ? { mixed: { types: ['t3.micro', 't3.small'], spot: random() < 0.5 } } : {}),
    });
    for (const { id } of region.group(group.name).members) told.set(id, `member of ${group.name}`);
    groups.push(group);
  }
  return { rota, mode, groups, singles, kinds: told, ...drawSelectors(pick, region, rota, groups, singles) };
}

/** By a tag, a filter, ids, everything, or the schedule's own tag. */
function drawSelectors(
  pick: (count: number) => number,
  region: TwinRegion,
  rota: Rota,
  groups: readonly KnownGroup[],
  singles: readonly string[],
): Pick<Fleet, 'selectors' | 'startIsNarrow' | 'isNamed'> {
  const tagOf = (id: string, key: string) => region.instances.get(id)?.tags.get(key);
  const hasSchedule = (id: string) => rota.tagValue === undefined || tagOf(id, scheduleTag) !== undefined;
  const startIsNarrow = pick(2) === 0;
  const made = (selectors: readonly string[], isNamed: (id: string) => boolean) => ({
    selectors,
    startIsNarrow,
    isNamed: (id: string) => isNamed(id) && hasSchedule(id),
  });
  const byTag = (id: string) => tagOf(id, 'env') === 'dev';
  switch (pick(5)) {
    case 0:
      return made(['--filters', 'Name=tag:env,Values=dev'], byTag);
    case 1: {
      const ids = singles.filter((_, at) => at % 3 !== 2);
      for (const group of groups) group.isNamed = false;
      return made(ids, (id) => ids.includes(id));
    }
    case 2:
      if (rota.tagValue === undefined) {
        for (const group of groups) group.isNamed = true;
        return made(['--all'], () => true);
      }
      return made([], byTag);
    default:
      return made(['--tag', 'env=dev'], byTag);
  }
}
