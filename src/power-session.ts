import { type TargetOptions, targetRequest } from './aws-options.ts';
import type { Outcome } from './command.ts';
import type { Context } from './context.ts';
import { Interruption } from './interruption.ts';
import type { PowerResult } from './lib/aws/power/failed-action.ts';
import type { PowerSetting } from './lib/aws/power/run-power.ts';
import type { Wanted } from './lib/aws/power/wanted-schedule.ts';
import type { DueOptions, GuardOptions, ScheduleOptions } from './power-options.ts';

// What stop-instances and start-instances do alike with their Context.

/** Seconds. */
const defaultWait = 15 * 60;

type Options = TargetOptions &
  ScheduleOptions &
  DueOptions &
  GuardOptions & { hibernate?: true | undefined; force?: true | undefined };

/** What is particular to one of them. */
export type PowerWork = Pick<
  PowerSetting,
  'verb' | 'plan' | 'rows' | 'group' | 'selectors' | 'nothingFits' | 'isNarrowed'
>;

/** What the schedule of the command line, if there is one, wants now. */
export async function wantedNow(
  ctx: Context,
  options: ScheduleOptions & DueOptions,
  to: 'on' | 'off',
): Promise<Wanted> {
  const { wantedSchedule } = await import('./lib/aws/power/wanted-schedule.ts');
  const { localZoneName } = await import('./lib/time/local-zone-name.ts');
  return wantedSchedule(options, to, {
    now: ctx.now().getTime() / 1000,
    localZone: localZoneName(ctx.env),
    signal: ctx.signal,
  });
}

/** Nothing to do is fine, and nobody is told; formats that must have something are told so. */
export function nothingToDo(verb: PowerWork['verb'], message: string): Outcome {
  return { verdicts: [{ status: 'ok', subject: `${verb}-instances`, code: 'nothing-to-do', message }] };
}

/** One run: plan, question, execution, with the regions opened and closed around it. */
export async function* powerRecords(
  ctx: Context,
  options: Options,
  wanted: Wanted,
  work: PowerWork,
): AsyncGenerator<PowerResult, Outcome> {
  const [{ openTargets }, { runPower }, { runName }] = await Promise.all([
    import('./lib/aws/open-targets.ts'),
    import('./lib/aws/power/run-power.ts'),
    import('./lib/aws/power/run-name.ts'),
  ]);
  const targets = await openTargets(targetRequest(ctx, options));
  const seen = { done: 0, total: 0, what: 'instances', isComplete: false };
  let count = 0;
  let records: ReturnType<typeof runPower> | undefined;
  try {
    records = runPower({
      ...work,
      targets,
      run: {
        run: runName(ctx.now()),
        by: wanted.by,
        wait: options.wait,
        hibernate: options.hibernate === true,
        force: options.force === true,
        signal: ctx.signal,
        log: ctx.log,
        now: () => ctx.now(),
        monotonic: () => ctx.monotonic(),
        pause: (seconds, signal) => ctx.pause(seconds, signal),
      },
      waitTimeout: options.waitTimeout ?? defaultWait,
      dryRun: ctx.dryRun,
      isInteractive: ctx.terminal.interactive,
      max: options.max,
      accounts: options.account,
      log: ctx.log,
      confirm: (plan, question) => ctx.confirm(plan, question),
      onProgress(done, total, what) {
        Object.assign(seen, { done, total, what });
        ctx.progress.update(what, done, total);
      },
    });
    for (let next = await records.next(); ; next = await records.next()) {
      if (next.done === true) {
        seen.isComplete = true;
        return ending(work.verb, count, next.value.noMatch);
      }
      count += 1;
      yield next.value;
    }
  } finally {
    await records?.return({});
    for (const target of targets) target.close();
    tellHowFar(ctx, seen);
  }
}

function ending(verb: PowerWork['verb'], count: number, noMatch: string | undefined): Outcome {
  if (noMatch === undefined) return count === 0 ? nothingToDo(verb, 'nothing to do') : {};
  const subject = `${verb}-instances`;
  return { verdicts: [{ status: 'critical', subject, code: 'no-match', message: noMatch }] };
}

/** What is known is printed when a run is stopped, and would look like all there is. */
function tellHowFar(
  ctx: Context,
  { done, total, what: kinds, isComplete }: { done: number; total: number; what: string; isComplete: boolean },
): void {
  const { aborted, reason } = ctx.signal;
  const isUnread = reason instanceof Interruption && reason.reason === 'closed pipe';
  if (!aborted || isUnread || isComplete || total === 0) return;
  // All records may be there while a mark is yet to be removed.
  const what =
    done < total
      ? `what became of ${total - done} of ${total} ${kinds} is not known`
      : 'not all that belongs to it was done';
  ctx.progress.clear();
  void ctx.stderr
    .write(`devops: stopped: ${what}\ndevops: hint: the same command once more does what is left to do\n`)
    ?.catch(() => undefined);
}
