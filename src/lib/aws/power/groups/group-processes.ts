import type { GroupRow } from '../../group-row.ts';

/**
 * The processes that are suspended for a stopped group, each with its letter in `had=` of the tag. Not
 * ScheduledActions: what is due meanwhile would be lost. Not AddToLoadBalancer: a member that starts would never be
 * registered. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
const letters = {
  Launch: 'L',
  Terminate: 'T',
  HealthCheck: 'H',
  ReplaceUnhealthy: 'R',
  AZRebalance: 'Z',
  AlarmNotification: 'A',
  InstanceRefresh: 'I',
} as const;

export type GroupProcess = keyof typeof letters;

const processes = Object.keys(letters) as readonly GroupProcess[];

export function processLetters(which: readonly GroupProcess[]): string {
  return which.map((process) => letters[process]).join('');
}

/** Undefined when there is a letter that is none of ours. */
export function processesOf(text: string): readonly GroupProcess[] | undefined {
  const found = processes.filter((process) => text.includes(letters[process]));
  return found.length === text.length ? found : undefined;
}

/** Which of ours are suspended now, whoever did it. */
export function suspendedProcesses(group: GroupRow): readonly GroupProcess[] {
  const suspended = new Set(group.suspended.map(({ process }) => process));
  return processes.filter((process) => suspended.has(process));
}

export function processesWithout(others: readonly GroupProcess[]): readonly GroupProcess[] {
  return processes.filter((process) => !others.includes(process));
}

/**
 * Unix time from which on the group has launched nothing by itself; undefined when Launch is not suspended, or AWS tells
 * no time (`User suspended at 2026-11-20T19:00:00Z`).
 */
export function launchSuspendedAt(group: GroupRow): number | undefined {
  const reason = group.suspended.find(({ process }) => process === 'Launch')?.reason ?? '';
  const moment = Date.parse(/\d{4}-\d\d-\d\dT[\d:.]{5,18}Z/.exec(reason)?.[0] ?? '');
  return Number.isNaN(moment) ? undefined : moment / 1000;
}
