import type { GroupRow } from '../group-row.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { AwsTarget } from '../target.ts';
import type { FailedAction, PowerResult } from './failed-action.ts';
import type { PowerAction } from './power-action.ts';

/** A group that is to be changed, with what is known of its members. */
export interface PlannedGroup {
  group: GroupRow;
  members: readonly InstanceRow[];
  /** Instances that are changed with it. */
  changes: number;
  /** Records that will come of it: its own, and those of its members. */
  records: number;
  /** Its sizes are to become 0: it terminates its members. */
  isZeroed: boolean;
  /** Unix time of the switch that its stop is about; undefined without a schedule, and for a start. */
  since?: number | undefined;
}

/** What would happen in one region. */
export interface TargetPlan {
  target: AwsTarget;
  /** The whole plan, in the order of its telling. */
  records: readonly PowerResult[];
  /** Those of `records` in which nothing happens: they are told as they are. */
  settled: readonly PowerResult[];
  /** To be stopped or started. */
  rows: readonly InstanceRow[];
  groups: readonly PlannedGroup[];
  /** Values of the tag devops:stopped that have lost their meaning, by the ids of their instances. */
  spent: ReadonlyMap<string, string>;
  /** Whether the selectors fit anything, whatever is to happen to it. */
  isFound: boolean;
  /** Ids and names of groups that were asked for by name and are not here. */
  missing: readonly string[];
  /** Ids of accounts that something was found in. */
  accounts: ReadonlySet<string>;
}

/** Whether a record announces something. */
export function isAnnounced(record: PowerAction | FailedAction): boolean {
  return 'state' in record && record.state.startsWith('would ');
}

/** How many instances would be changed. */
export function changesOf(plans: readonly TargetPlan[]): number {
  let count = 0;
  for (const { rows, groups } of plans) {
    count += rows.length;
    for (const { changes } of groups) count += changes;
  }
  return count;
}

/** Puts together what was decided of instances and of groups; the settled records are told at once. */
export function joinPlan(
  target: AwsTarget,
  decided: {
    instances: readonly { row: InstanceRow; record: PowerAction | FailedAction }[];
    groups: readonly (Omit<PlannedGroup, 'records' | 'isZeroed'> & {
      action: PowerAction | FailedAction;
      plannedMembers: readonly (PowerAction | FailedAction)[];
    })[];
    errors?: readonly FailedAction[];
    spent?: ReadonlyMap<string, string>;
    missing: readonly string[];
  },
): TargetPlan {
  const { instances, groups, errors = [], spent = new Map<string, string>(), missing } = decided;
  const records: PowerResult[] = [...errors];
  const settled: PowerResult[] = [...errors];
  for (const { record } of instances) {
    records.push(record);
    if (!isAnnounced(record)) settled.push(record);
  }
  for (const { action, plannedMembers } of groups) {
    records.push(action, ...plannedMembers);
    if (!isAnnounced(action)) settled.push(action, ...plannedMembers);
  }
  const accounts = [...instances.map(({ record }) => record.account), ...groups.map(({ action }) => action.account)];
  return {
    target,
    records,
    settled,
    rows: instances.filter(({ record }) => isAnnounced(record)).map(({ row }) => row),
    groups: groups
      .filter(({ action }) => isAnnounced(action))
      .map(({ group, members, changes, since, action, plannedMembers }) => ({
        group,
        members,
        changes,
        since,
        records: 1 + plannedMembers.length,
        isZeroed: 'state' in action && action.state === 'would zero',
      })),
    spent,
    isFound: records.length > 0,
    missing,
    accounts: new Set(accounts),
  };
}
