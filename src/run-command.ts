import type { Outcome } from './command.ts';
import type { Context } from './context.ts';
import { exitCodeOfStatuses, nagiosExitCode } from './exit-code.ts';
import { exitCodeOfError, failureOf } from './failure.ts';
import { failedItemVerdict, isFailedItem, redactItem } from './failed-item.ts';
import type { Status, Verdict } from './lib/results/verdict.ts';
import type { Invocation } from './invocation.ts';
import { nothingWasJudged } from './output/renderer.ts';
import { verdictFormats } from './output/formats.ts';
import { divertOutput } from './diverted-output.ts';
import { isClosedPipe } from './output-failure.ts';
import { jobTarget, openReports, openTargets, type Target, targetsBesideBytes } from './output-targets.ts';
import { whenAborted, within } from './run-clock.ts';
import { type RawEnd, runRaw } from './run-raw.ts';
import type { Runtime } from './runtime.ts';
import type { SharedValues } from './shared-options.ts';

/** How a run ended; `error` is told to people by main. */
export interface RunEnd {
  exitCode: number;
  /** What it would be without -o nagios, where that is something else. */
  plainExitCode?: number;
  error?: unknown;
}

/** How long a command may take to put things in order after it was interrupted. */
const closingMilliseconds = 2000;
/** How long the readers of the output may then take for the rest of it. */
const readerMilliseconds = 1000;
/** A source that never waits would keep signals and closed pipes from being noticed. */
const recordsBetweenTurns = 2048;

const noVerdicts: readonly Verdict[] = [];

type Records = AsyncGenerator<unknown, Outcome<unknown> | void>;

/** One run: where its end may come from, and what has been found so far. */
interface Run {
  ctx: Context;
  invocation: Invocation;
  statuses: Set<Status>;
  /** Rejects with the reason when the run has to stop: interrupted, or its output cannot be written. */
  stop: Promise<never>;
  /** Hears of every failed write to standard output. */
  onOutputError(error: unknown): void;
  outputError?: { error: unknown };
  /** The output that is kept from standard output, and how many reports stand before it among the targets. */
  kept?: { bytes(): Buffer; reportCount: number };
}

/** Runs a command: records to renderers to verdicts to the exit code. The one place where results become output. */
export async function runCommand(given: Context, runtime: Runtime, asked: Invocation): Promise<RunEnd> {
  const diverted = asked.command.diverts?.(asked.options) === true ? divertOutput(given, asked) : undefined;
  const { ctx, invocation } = diverted ?? { ctx: given, invocation: asked };
  const { command, shared } = invocation;
  // A command that ends by itself hears of the interruption; the runner only waits for it.
  const watched = command.endsByItself === true ? { ...ctx, signal: new AbortController().signal } : ctx;
  const interruption = whenAborted(watched.signal);
  const broken = Promise.withResolvers<never>();
  const stop = Promise.race([interruption.promise, broken.promise]);
  stop.catch(() => undefined);
  const run: Run = {
    ctx: watched,
    invocation,
    statuses: new Set(),
    stop,
    onOutputError(error) {
      if (!isClosedPipe(error)) run.outputError ??= { error };
      // Half a change is worse than an unread report about it.
      if (command.changes === true || command.endsByItself === true) return;
      if (isClosedPipe(error)) runtime.interrupt('closed pipe');
      else broken.reject(error);
    },
  };
  try {
    const reports = await openReports(invocation, ctx);
    if (runtime.jobLine !== undefined) reports.push(jobTarget(runtime.jobLine));
    if (diverted !== undefined) run.kept = { bytes: () => diverted.bytes(), reportCount: reports.length };
    const isText = shared.output === 'text' || shared.output === 'github';
    if (command.raw !== undefined && isText && !shared.quiet) {
      const end = await runRaw(ctx, invocation, { ...run, closingMilliseconds });
      if (end !== undefined) {
        return await runRecords(run, await targetsBesideBytes(reports, invocation, ctx), () => recordsOf(end));
      }
    }
    const targets = await openTargets(reports, invocation, ctx, run.onOutputError);
    return await runRecords(run, targets, () => command.run(ctx, invocation.options, ...invocation.args));
  } finally {
    interruption.forget();
  }
}

/** What the byte path found, as if `run` had found it. */
async function* recordsOf(end: RawEnd): Records {
  if ('error' in end) throw end.error;
  yield* end.outcome.results ?? [];
  return end.outcome;
}

async function runRecords(run: Run, targets: readonly Target[], start: () => Records): Promise<RunEnd> {
  const { ctx, invocation, statuses, stop } = run;
  const { name, shared } = invocation;
  const state: { stopped: boolean; iterator?: Records } = { stopped: false };
  let outcome: Outcome<unknown> = {};
  let failed: { error: unknown } | undefined;
  try {
    state.iterator = start();
    outcome = (await Promise.race([consume(state.iterator, targets, state, run), stop])) ?? {};
  } catch (error) {
    state.stopped = true;
    failed = { error };
    // What fails while a failed run is being closed says nothing new.
    const closed = state.iterator?.return(undefined).catch(() => undefined);
    await within(closingMilliseconds, closed);
  }
  ctx.progress.clear();

  const verdicts = [...(outcome.verdicts ?? [])];
  if (failed === undefined && statuses.size + verdicts.length === 0 && wantsJudgement(shared)) {
    verdicts.push(nothingWasJudged(name));
  }
  let left = targets;
  if (failed === undefined && run.kept !== undefined) {
    const screen = targets[run.kept.reportCount]!;
    left = targets.filter((target) => target !== screen);
    failed = await deliver(screen, outcome, verdicts, run);
  }
  const end = failed === undefined ? judge({ ...outcome, verdicts }, run) : endedBy(failed.error, ctx.signal);
  const ending = failed === undefined ? { verdicts } : { verdicts: [], failure: failureOf(end.error) };
  const unwritten = await endTargets(left, ending, run);
  // A reader who has gone is no failure of the run, but has not read it.
  const late = unwritten ?? afterOutput(outcome, end.error === undefined && !ctx.signal.aborted);
  if (unwritten !== undefined) afterOutput(outcome, false);
  const told = late === undefined || end.error !== undefined ? end : endedBy(late.error, ctx.signal);
  if (shared.output !== 'nagios') return told;
  return { ...told, exitCode: nagiosExit(told, statuses), plainExitCode: told.exitCode };
}

async function consume(
  iterator: Records,
  targets: readonly Target[],
  state: { readonly stopped: boolean },
  { ctx, invocation, statuses }: Run,
): Promise<Outcome<unknown> | void> {
  const { command, shared } = invocation;
  const { quiet } = shared;
  for (let count = 1; ; count++) {
    const next = await iterator.next();
    if (state.stopped) return undefined;
    if (next.done === true) return next.value;
    const result: unknown = next.value;
    const item = isFailedItem(result) ? redactItem(result) : undefined;
    let verdicts = noVerdicts;
    if (item !== undefined) verdicts = [failedItemVerdict(item)];
    else if (command.verdicts !== undefined) verdicts = [...command.verdicts(result)];
    for (const verdict of verdicts) statuses.add(verdict.status);
    const isOk = quiet && verdicts.every((verdict) => verdict.status === 'ok');
    for (const target of targets) {
      if (isOk && target.quiet) continue;
      const full = item === undefined ? target.push(result, verdicts) : target.fail(item, verdicts[0]!);
      if (full === undefined) continue;
      await full;
      // The targets may be ended by now.
      if (state.stopped) return undefined;
    }
    if (count % recordsBetweenTurns === 0) await new Promise((resolve) => setImmediate(resolve));
    if (ctx.signal.aborted) throw ctx.signal.reason;
  }
}

/** Ends the output that was kept, hands it on, and answers with what went wrong. */
async function deliver(
  screen: Target,
  outcome: Outcome<unknown>,
  verdicts: readonly Verdict[],
  run: Run,
): Promise<{ error: unknown } | undefined> {
  const unwritten = await endTargets([screen], { verdicts }, run);
  if (unwritten !== undefined) return unwritten;
  try {
    await outcome.deliver?.(run.kept!.bytes());
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** Ends every renderer whatever happens, and answers with what went wrong first. */
async function endTargets(
  targets: readonly Target[],
  ending: Parameters<Target['end']>[0],
  run: Run,
): Promise<{ error: unknown } | undefined> {
  const { ctx } = run;
  let failed: { error: unknown } | undefined;
  const ended = (async () => {
    for (const target of targets) {
      try {
        await target.end(ending);
      } catch (error) {
        failed ??= { error };
      }
    }
    await ctx.stderr.flush().catch(() => undefined);
    return true;
  })();
  const interruption = whenAborted(ctx.signal);
  try {
    await Promise.race([ended, interruption.promise]);
  } catch (reason) {
    if ((await within(readerMilliseconds, ended)) !== true) return { error: reason };
  } finally {
    interruption.forget();
  }
  return failed ?? run.outputError;
}

function afterOutput(outcome: Outcome<unknown>, wasWritten: boolean): { error: unknown } | undefined {
  try {
    outcome.afterOutput?.(wasWritten);
    return undefined;
  } catch (error) {
    return { error };
  }
}

function wantsJudgement({ output, reports }: SharedValues): boolean {
  return [output, ...reports.map((report) => report.format)].some((format) => verdictFormats.has(format));
}

function judge(outcome: Outcome<unknown>, { statuses, invocation }: Pick<Run, 'statuses' | 'invocation'>): RunEnd {
  for (const verdict of outcome.verdicts ?? []) statuses.add(verdict.status);
  return { exitCode: outcome.exitCode ?? exitCodeOfStatuses(statuses, invocation.shared.failOn) };
}

function endedBy(error: unknown, signal: AbortSignal): RunEnd {
  const cause: unknown = signal.aborted ? signal.reason : error;
  return { exitCode: exitCodeOfError(cause), error: cause };
}

function nagiosExit(end: RunEnd, statuses: ReadonlySet<Status>): number {
  return nagiosExitCode(end.error === undefined ? statuses : new Set([...statuses, 'unknown']));
}
