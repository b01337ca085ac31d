import { inParallel } from '../../concurrency/in-parallel.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Logger } from '../../log/logger.ts';
import type { AwsTarget } from '../target.ts';
import { targetError } from '../failure/target-error.ts';
import { checkAccounts } from './check-accounts.ts';
import type { FailedRegion, PowerResult } from './failed-action.ts';
import { merged } from './merged.ts';
import { missingEverywhere, notFound } from './not-found.ts';
import type { PowerRun } from './power-run.ts';
import { removeSpent } from './remove-spent.ts';
import { changesOf, type PlannedGroup, type TargetPlan } from './target-plan.ts';

/** One whole run of stop-instances or start-instances, in all its regions. */
export interface PowerSetting {
  verb: 'stop' | 'start';
  targets: readonly AwsTarget[];
  run: Omit<PowerRun, 'target' | 'account' | 'deadline'>;
  /** Seconds. */
  waitTimeout: number;
  dryRun: boolean;
  /** Whether somebody can be asked. */
  isInteractive: boolean;
  /** Most instances that may be changed. */
  max: number;
  /** Ids of accounts; empty: any. */
  accounts: readonly string[];
  /** What was selected, in the words of the command line. */
  selectors: string;
  /** One line for people without the places, where it is not that the selectors match no instance. */
  nothingFits?: string | undefined;
  /** Whether there are selectors that an instance named by its id may not fit. */
  isNarrowed: boolean;
  log: Logger;
  plan(target: AwsTarget): Promise<TargetPlan>;
  /** Stops or starts what is planned in one region. */
  rows(plan: TargetPlan, run: PowerRun): AsyncGenerator<PowerResult>;
  group(planned: PlannedGroup, run: PowerRun): AsyncGenerator<PowerResult>;
  /** Shows the plan and asks; true without a question where that was said before. */
  confirm(records: readonly PowerResult[], question: string): Promise<boolean>;
  /** @param what Instances, or instances and groups. */
  onProgress(done: number, total: number, what: string): void;
}

export interface PowerEnd {
  /** One line for people: the selectors fit nothing anywhere. */
  noMatch?: string;
}

const regionsInFlight = 16;
const generatorsInFlight = 8;

/**
 * Plans in all regions at once, asks, does it, and looks. Yields the plan where nothing may be changed, otherwise one
 * record for each instance and group. Throws a UserError, before anything was changed, where a guard says no.
 */
export async function* runPower(setting: PowerSetting): AsyncGenerator<PowerResult, PowerEnd> {
  const { targets, verb, max, log } = setting;
  log.info(`run ${setting.run.run}`);
  await checkAccounts(targets, setting.accounts);
  const plans: TargetPlan[] = [];
  const failures: FailedRegion[] = [];
  for await (const part of inParallel(targets, regionsInFlight, (target) => planIn(target, setting))) {
    if ('failure' in part) failures.push(part.failure);
    else plans.push(part);
  }
  const order = new Map(targets.map((target, at) => [target, at]));
  plans.sort((a, b) => order.get(a.target)! - order.get(b.target)!);
  const missing = missingEverywhere(plans).map((name) => notFound(name, plans, setting));
  const settled = [...failures, ...missing, ...plans.flatMap((plan) => plan.settled)];
  const changes = changesOf(plans);
  const records = [...failures, ...missing, ...plans.flatMap((plan) => plan.records)];
  if (changes === 0 || setting.dryRun) {
    yield* records;
    if (changes > max) throw tooMany(verb, changes, max);
    if (!setting.dryRun) yield* tidied(setting, plans);
    if (records.length > 0 || plans.some(({ isFound }) => isFound)) return {};
    const where = targets.map(({ label }) => label).join(', ');
    return { noMatch: `${setting.nothingFits ?? `${setting.selectors} matches no instance`} in ${where}` };
  }
  if (changes > max) throw tooMany(verb, changes, max);
  yield* confirmed(setting, plans, records, changes);
  yield* settled;
  yield* carryOut(setting, plans);
  return {};
}

async function planIn(target: AwsTarget, setting: PowerSetting): Promise<TargetPlan | { failure: FailedRegion }> {
  try {
    return await setting.plan(target);
  } catch (error) {
    setting.run.signal.throwIfAborted();
    const { region, profile, label } = target;
    const told = { subject: label, region, error: targetError(error, target) };
    return { failure: profile === undefined ? told : { ...told, profile } };
  }
}

/** Where nobody can be asked and nobody has said yes, the plan is the result. Throws unless it may be done. */
async function* confirmed(
  setting: PowerSetting,
  plans: readonly TargetPlan[],
  records: readonly PowerResult[],
  changes: number,
): AsyncGenerator<PowerResult> {
  const { verb, isInteractive } = setting;
  const regions = [...new Set(plans.filter((plan) => changesOf([plan]) > 0).map(({ target }) => target.region))];
  const accounts = [...new Set(plans.flatMap((plan) => [...plan.accounts]))].toSorted();
  const whose = `${accounts.length === 1 ? 'account' : 'accounts'} ${accounts.join(', ')}`;
  const [region = ''] = regions;
  const where = regions.length === 1 ? region : counted(regions.length, 'region');
  const zeroed = plans.flatMap(({ groups }) => groups.filter(({ isZeroed }) => isZeroed));
  const others = changes - zeroed.reduce((sum, group) => sum + group.changes, 0);
  const question = `${[...scaling(zeroed), ...counting(verb, others)].join(' and ')} in ${where}, ${whose}?`;
  if (await setting.confirm(isInteractive ? records : [], question)) return;
  if (isInteractive) {
    throw new UserError('not confirmed: nothing was changed');
  }
  yield* records;
  const doing = [
    ...(zeroed.length === 0 ? [] : [`scaling ${counted(zeroed.length, 'group')} to none`]),
    ...counting(verb === 'stop' ? 'stopping' : 'starting', others),
  ];
  throw new UserError(`nothing was changed: ${doing.join(' and ')} without a terminal needs --yes`, {
    code: 'usage',
    hints: ['--yes does it without asking; --dry-run shows the plan and exits with 0'],
  });
}

/** What scaling to zero does is said in the question itself: no start brings the same instances back. */
function scaling(groups: readonly PlannedGroup[]): string[] {
  if (groups.length === 0) return [];
  const gone = groups.reduce((sum, { group }) => sum + group.members.length, 0);
  const lost = `${counted(gone, 'instance')} ${gone === 1 ? 'is' : 'are'} terminated`;
  return [`scale ${counted(groups.length, 'group')} to none (${lost})`];
}

function counting(verb: string, count: number): string[] {
  return count === 0 ? [] : [`${verb} ${counted(count, 'instance')}`];
}

/** With nothing else to do there may still be marks that would undo what somebody does one day. */
async function* tidied(setting: PowerSetting, plans: readonly TargetPlan[]): AsyncGenerator<PowerResult> {
  const count = plans.reduce((sum, { spent }) => sum + spent.size, 0);
  if (count === 0) return;
  const question = `remove the worthless tag devops:stopped from ${counted(count, 'instance')}?`;
  if (!(await setting.confirm([], question))) return;
  for (const plan of plans) yield* removeSpent(plan, runIn(plan, setting));
}

async function* carryOut(setting: PowerSetting, plans: readonly TargetPlan[]): AsyncGenerator<PowerResult> {
  const { onProgress } = setting;
  const groups = plans.flatMap((plan) => plan.groups);
  // A group is at work long after the last of its members, and has a record of its own.
  const rows = plans.reduce((sum, plan) => sum + plan.rows.length, 0);
  const total = groups.reduce((sum, group) => sum + group.records, rows);
  const what = groups.length === 0 ? 'instances' : 'instances and groups';
  const sources = plans.flatMap((plan) => {
    const run = runIn(plan, setting);
    return [
      ...(plan.spent.size > 0 ? [removeSpent(plan, run)] : []),
      ...(plan.rows.length > 0 ? [setting.rows(plan, run)] : []),
      ...plan.groups.map((planned) => setting.group(planned, run)),
    ];
  });
  let done = 0;
  onProgress(done, total, what);
  for await (const record of merged(sources, generatorsInFlight)) {
    done += 1;
    onProgress(Math.min(done, total), total, what);
    yield record;
  }
}

function runIn({ target, accounts }: TargetPlan, { run, waitTimeout }: PowerSetting): PowerRun {
  const [account = ''] = accounts;
  return { ...run, target, account, deadline: run.monotonic() + waitTimeout };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function tooMany(verb: PowerSetting['verb'], changes: number, max: number): UserError {
  const done = verb === 'stop' ? 'stopped' : 'started';
  return new UserError(
    `${counted(changes, 'instance')} would be ${done}, more than --max ${max}: nothing was changed`,
    {
      code: 'usage',
      hints: [`--max ${changes} allows it; --dry-run shows which they are`],
    },
  );
}
