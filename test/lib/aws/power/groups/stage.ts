import { describeGroups } from '../../../../../src/lib/aws/describe-groups.ts';
import { describeInstances } from '../../../../../src/lib/aws/describe-instances.ts';
import type { GroupRow } from '../../../../../src/lib/aws/group-row.ts';
import type { InstanceRow } from '../../../../../src/lib/aws/instance-row.ts';
import { openTargets } from '../../../../../src/lib/aws/open-targets.ts';
import type { FailedAction } from '../../../../../src/lib/aws/power/failed-action.ts';
import type { GroupMode } from '../../../../../src/lib/aws/power/groups/group-request.ts';
import { restoreGroup, type RestoreOptions } from '../../../../../src/lib/aws/power/groups/restore-group.ts';
import { stopGroup, type StopOptions } from '../../../../../src/lib/aws/power/groups/stop-group.ts';
import type { PowerAction } from '../../../../../src/lib/aws/power/power-action.ts';
import type { PowerRun } from '../../../../../src/lib/aws/power/power-run.ts';
import type { AwsTarget } from '../../../../../src/lib/aws/target.ts';
import type { Logger } from '../../../../../src/lib/log/logger.ts';
import { startTwin, type Twin, type TwinOptions } from '../../../../support/aws-twin/aws-twin.ts';
import type { GroupOptions } from '../../../../support/aws-twin/group.ts';
import type { TwinRegion } from '../../../../support/aws-twin/twin-region.ts';

export type Result = PowerAction | FailedAction;

export const groupName = 'web';
export const schedule = 'weekend Europe/Berlin';

/** One group of a twin, and the two commands' hands on it. */
export interface Stage {
  twin: Twin;
  target: AwsTarget;
  read(): Promise<{ group: GroupRow; rows: readonly InstanceRow[] }>;
  stop(mode: GroupMode, options?: StopOptions, run?: Partial<PowerRun>): Promise<Result[]>;
  restore(options?: RestoreOptions, run?: Partial<PowerRun>): Promise<Result[]>;
  /** All that a restore must bring back: what runs, sizes, processes, health, and every tag. */
  look(): object;
  /** What changed something, in its order. */
  changes(): string[];
  end(): Promise<void>;
}

type Group = Omit<GroupOptions, 'name'>;

/** @param options Of one group, or what makes its instances first. */
export async function setStage(
  options: Group | ((region: TwinRegion) => Group),
  twinOptions: TwinOptions = {},
): Promise<Stage> {
  const twin = await startTwin({ pendingSeconds: 20, stoppingSeconds: 20, ...twinOptions });
  const region = twin.region();
  region.addGroup({ name: groupName, ...(typeof options === 'function' ? options(region) : options) });
  const logged: string[] = [];
  const log = quiet(logged);
  const { signal } = new AbortController();
  const { clock } = twin;
  const [target] = await openTargets({
    regions: [],
    profiles: [],
    env: twin.env,
    signal,
    log,
    homeDirectory: () => undefined,
    pause: clock.pause,
    monotonic: clock.monotonic,
  });
  const runOf = (some: Partial<PowerRun>): PowerRun => ({
    target: target!,
    account: region.account,
    run: '20261120T180000Z-aaaa',
    by: schedule,
    wait: true,
    deadline: clock.monotonic() + 900,
    hibernate: false,
    force: false,
    signal,
    log,
    now: clock.now,
    monotonic: clock.monotonic,
    pause: clock.pause,
    ...some,
  });

  const stage: Stage = {
    twin,
    target: target!,
    async read() {
      for await (const [group] of describeGroups(target!, { names: [groupName] }, { signal })) {
        if (group === undefined) continue;
        const rows: InstanceRow[] = [];
        const filters = [{ name: 'tag:aws:autoscaling:groupName', values: [groupName] }];
        for await (const page of describeInstances(target!, { filters }, { signal })) rows.push(...page);
        return { group, rows };
      }
      throw new Error(`there is no group ${groupName}`);
    },
    async stop(mode, request, run = {}) {
      const { group, rows } = await stage.read();
      return all(stopGroup(group, rows, mode, runOf(run), request));
    },
    async restore(request, run = {}) {
      const { group, rows } = await stage.read();
      return all(restoreGroup(group, rows, runOf(run), request));
    },
    look() {
      const { min, max, desired, tags, suspended, members } = region.group(groupName);
      return {
        sizes: { min, max, desired },
        tags: Object.fromEntries(tags),
        suspended: [...suspended.keys()].toSorted(),
        members: members
          .map(({ id, lifecycle, health }) => ({
            id,
            lifecycle,
            health,
            state: region.instance(id).state,
            tags: Object.fromEntries(region.instance(id).tags),
          }))
          .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      };
    },
    changes: () => twin.calls.filter(({ operation }) => !operation.startsWith('Describe')).map(told),
    async end() {
      target?.close();
      await twin.stop();
    },
  };
  return stage;
}

function told({ operation, parameters, outcome }: Twin['calls'][number]): string {
  const value = parameters['Tags.member.1.Value'] ?? parameters['Tag.1.Value'];
  const what = value === undefined ? operation : `${operation} ${value.split(' ').slice(0, 2).join(' ')}`;
  return outcome === undefined ? what : `${what} (${outcome})`;
}

async function all(records: AsyncGenerator<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for await (const record of records) results.push(record);
  return results;
}

function quiet(lines: string[]): Logger {
  const keep = (message: string) => void lines.push(message);
  return { debug: keep, info: keep, warn: keep, error: keep };
}

/** `group suspended`, `instance left alone: standby`, `group error: denied`. */
export function summary(records: readonly Result[]): string[] {
  return records.map((record) => {
    if ('error' in record) return `${record.kind} error: ${record.error.code}`;
    return `${record.kind} ${record.state}${record.code === undefined ? '' : `: ${record.code}`}`;
  });
}

/** What a record says for people. */
export function words(record: Result | undefined): string {
  if (record === undefined) return '';
  return 'error' in record ? `${record.error.message} | ${record.error.hint ?? ''}` : (record.reason ?? '');
}

/** Unix time of something on the twin's clock, seconds from its start. */
export function unixTime(twin: Twin, seconds = 0): number {
  return Math.floor(twin.clock.now().getTime() / 1000) + seconds;
}
