import type { OptionValues } from '@commander-js/extra-typings';
import type { Spec } from './command.ts';
import { parseAccounts } from './lib/aws/power/parse-accounts.ts';
import { parseDuration } from './lib/quantity/duration.ts';
import { wholeNumber } from './lib/quantity/whole-number.ts';
import { UserError } from './lib/errors/user-error.ts';

// What stop-instances and start-instances understand alike. Values stay as they were typed, so that a command line can
// be written anew from them.

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

export const groupMemberModes = ['skip', 'suspend', 'zero'] as const;
export type GroupMemberMode = (typeof groupMemberModes)[number];

/** What completion offers for the options below. */
export const powerWords = {
  '--group-members': () => groupMemberModes,
  '--off': () => ['weekend', 'nights'],
  '--on': () => ['office-hours'],
};

/** Which instances are meant, beside their ids. */
export interface SelectorOptions {
  tag: readonly string[];
  filters: readonly string[];
  asg: readonly string[];
  all?: true | undefined;
}

/** --tag, --filters, --asg, --all. */
export function addSelectorOptions<Args extends unknown[], Options extends OptionValues>(spec: Spec<Args, Options>) {
  return spec
    .option(
      '--tag <key=value>',
      'instances with this tag; key alone for any value, key=a,b for either; all that are given must fit',
      collect,
      [] as readonly string[],
    )
    .option(
      '--filters <filter>',
      "a filter of DescribeInstances in awscli's words, Name=instance-type,Values=t3.micro,t3.small; may be repeated",
      collect,
      [] as readonly string[],
    )
    .option(
      '--asg <name>',
      'members of this autoscaling group; * and ? stand for any characters; may be repeated',
      collect,
      [] as readonly string[],
    )
    .option('--all', 'every instance, which nothing else means');
}

/** The words of a command line that mean the same selectors. */
export function selectorWords({ tag, filters, asg, all }: SelectorOptions): string[] {
  return [
    ...tag.flatMap((text) => ['--tag', text]),
    ...filters.flatMap((text) => ['--filters', text]),
    ...asg.flatMap((text) => ['--asg', text]),
    ...(all === true ? ['--all'] : []),
  ];
}

/** When instances are to be off. */
export interface ScheduleOptions {
  off?: string | undefined;
  on?: string | undefined;
  tz?: string | undefined;
  scheduleTag?: string | undefined;
  holidays?: string | undefined;
  enforce?: true | undefined;
}

/** --off, --on, --tz, --schedule-tag, --holidays, --enforce. */
export function addScheduleOptions<Args extends unknown[], Options extends OptionValues>(spec: Spec<Args, Options>) {
  return spec
    .option('--off <schedule>', "when instances are off: weekend, nights, 'Fri 19:00 - Mon 07:00'")
    .option('--on <schedule>', 'when instances are on, and off at any other time: office-hours')
    .option('--tz <zone>', "time zone of the schedule, such as Europe/Berlin (default: this machine's)")
    .option(
      '--schedule-tag <key>',
      "take each instance's schedule from this tag, in Cloud Custodian's offhours words",
      parseTagKey,
    )
    .option('--holidays <file>', 'days that are off as a whole, one a line, such as 2026-12-25')
    .option('--enforce', 'also stop what somebody has started by hand since the schedule switched');
}

/** Of one run alone. */
export interface DueOptions {
  scheduledAt?: string | undefined;
}

/** --scheduled-at. */
export function addDueOption<Args extends unknown[], Options extends OptionValues>(spec: Spec<Args, Options>) {
  return spec.option(
    '--scheduled-at <time>',
    'when this run was due (ISO 8601): one that comes too late changes nothing',
  );
}

/** The words of a command line that mean the same schedule. */
export function scheduleWords({ off, on, tz, scheduleTag, holidays, enforce }: ScheduleOptions): string[] {
  const valued: readonly (readonly [name: string, value: string | undefined])[] = [
    ['--off', off],
    ['--on', on],
    ['--tz', tz],
    ['--schedule-tag', scheduleTag],
    ['--holidays', holidays],
  ];
  return [
    ...valued.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(enforce === true ? ['--enforce'] : []),
  ];
}

/** What keeps a run from doing more than was meant, and how patient it is. */
export interface GuardOptions {
  groupMembers?: GroupMemberMode | undefined;
  max: number;
  account: readonly string[];
  /** false with --no-wait. */
  wait: boolean;
  /** Seconds; undefined: 15 minutes. */
  waitTimeout?: number | undefined;
}

/** --group-members, --max, --account, --no-wait, --wait-timeout. */
export function addGuardOptions<Args extends unknown[], Options extends OptionValues>(spec: Spec<Args, Options>) {
  return spec
    .option(
      '--group-members <mode>',
      'members of autoscaling groups: skip, suspend (the group stops replacing them) or zero (the group is scaled to none)',
      parseGroupMembers,
    )
    .option(
      '--max <count>',
      'change nothing if more instances than this would be changed',
      wholeNumber(1, 1_000_000),
      50,
    )
    .option(
      '--account <ids>',
      'change nothing in any other account; separated by commas',
      (text: string, before: readonly string[]) => [...before, ...parseAccounts(text)],
      [] as readonly string[],
    )
    .option('--no-wait', 'do not wait until it is seen to have happened')
    .option('--wait-timeout <duration>', 'how long to wait for that (default: 15m)', parseWait);
}

/** The words of a command line that mean the same guards. */
export function guardWords({ groupMembers, max, account, wait, waitTimeout }: GuardOptions): string[] {
  return [
    ...(groupMembers === undefined ? [] : ['--group-members', groupMembers]),
    ...(max === 50 ? [] : ['--max', String(max)]),
    ...(account.length === 0 ? [] : ['--account', account.join(',')]),
    ...(wait ? [] : ['--no-wait']),
    ...(waitTimeout === undefined ? [] : ['--wait-timeout', `${waitTimeout}s`]),
  ];
}

function parseGroupMembers(text: string): GroupMemberMode {
  const mode = groupMemberModes.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw new UserError(`'${text}' is not a way to treat members of groups`, {
    code: 'usage',
    hints: [`use ${groupMemberModes.join(', ')}`],
  });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html: at most 128 characters. */
function parseTagKey(text: string): string {
  if (text.length > 0 && text.length <= 128) return text;
  throw new UserError(`'${text.slice(0, 20)}${text.length > 20 ? '...' : ''}' is not the key of a tag`, {
    code: 'usage',
    hints: ['it has 1 to 128 characters, such as maid_offhours'],
  });
}

function parseWait(text: string): number {
  const seconds = parseDuration(text);
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new UserError(`'${text}' is out of range`, {
    code: 'usage',
    hints: ['use more than 0 and at most 24h, such as 15m'],
  });
}
