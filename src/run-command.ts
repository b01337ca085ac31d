import type { AnyCommand, Outcome, Screen } from './command.ts';
import type { Context } from './context.ts';
import { exitCodeOfStatuses, nagiosExitCode } from './exit-code.ts';
import { exitCodeOfError, failureOf } from './failure.ts';
import { Interruption } from './interruption.ts';
import type { Status, Verdict } from './lib/results/verdict.ts';
import { nothingWasJudged } from './output/renderer.ts';
import { verdictFormats } from './output/formats.ts';
import { type ErrorItem, openTargets, type Target } from './output-targets.ts';
import type { Runtime } from './runtime.ts';
import type { SharedValues } from './shared-options.ts';

/** One command with everything it was called with. */
export interface Invocation {
  command: AnyCommand;
  name: string;
  options: Readonly<Record<string, unknown>>;
  args: readonly unknown[];
  shared: SharedValues;
  screen: Screen;
}

/** How a run ended; `error` is told to people by main. */
export interface RunEnd {
  exitCode: number;
  error?: unknown;
}

/** How long a command may take to put things in order after it was interrupted. */
const closingMilliseconds = 2000;
/** A source that never waits would keep signals and closed pipes from being noticed. */
const recordsBetweenTurns = 2048;

const noVerdicts: readonly Verdict[] = [];

/** Runs a command: records to renderers to verdicts to the exit code. The one place where results become output. */
export async function runCommand(ctx: Context, runtime: Runtime, invocation: Invocation): Promise<RunEnd> {
  const { command, options, args, shared } = invocation;
  const interruption = whenAborted(ctx.signal);
  if (command.raw !== undefined && shared.output === 'text' && shared.reports.length === 0 && !shared.quiet) {
    try {
      const outcome = await Promise.race([command.raw(ctx, options, ...args), interruption.promise]);
      await ctx.stdout.flush();
      if (outcome !== undefined) return judge(outcome, new Set(), invocation);
    } catch (error) {
      return endedBy(error, ctx.signal);
    }
  }

  let outputBroke: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (outputBroke = reject));
  broken.catch(() => undefined);
  const targets = await openTargets(invocation, ctx, (error) => {
    if (!isClosedPipe(error)) outputBroke(error);
    // Half a change is worse than an unread report about it.
    else if (command.changes !== true) runtime.interrupt('closed pipe');
  });

  const statuses = new Set<Status>();
  const iterator = command.run(ctx, options, ...args);
  const state = { stopped: false };
  let end: { outcome: Outcome } | { error: unknown };
  try {
    const all = consume(iterator, command, targets, statuses, state, ctx, shared.quiet);
    end = { outcome: (await Promise.race([all, interruption.promise, broken])) ?? {} };
  } catch (error) {
    state.stopped = true;
    end = { error: ctx.signal.aborted ? ctx.signal.reason : error };
    await closeIterator(iterator);
  }
  interruption.forget();
  ctx.progress.clear();

  const judged = 'outcome' in end ? judge(end.outcome, statuses, invocation) : endedBy(end.error, ctx.signal);
  const verdicts = 'outcome' in end ? (end.outcome.verdicts ?? []) : [];
  const ending = judged.error === undefined ? { verdicts } : { verdicts, failure: failureOf(judged.error) };
  let lateError: unknown;
  for (const target of targets) {
    try {
      await target.end(ending);
    } catch (error) {
      lateError ??= error;
    }
  }
  if (lateError !== undefined && judged.error === undefined) return endedBy(lateError, ctx.signal);
  return shared.output === 'nagios' ? { ...judged, exitCode: nagiosExit(judged, statuses, verdicts) } : judged;
}

async function consume(
  iterator: AsyncGenerator<unknown, Outcome | void>,
  command: AnyCommand,
  targets: readonly Target[],
  statuses: Set<Status>,
  state: { readonly stopped: boolean },
  ctx: Context,
  quiet: boolean,
): Promise<Outcome | void> {
  const { verdicts: verdictsOf } = command;
  for (let count = 1; ; count++) {
    const next = await iterator.next();
    if (state.stopped) return undefined;
    if (next.done === true) return next.value;
    const result = next.value;
    const error = (result as ErrorItem | undefined)?.error;
    let verdicts = noVerdicts;
    if (error !== undefined && isFailedItem(result)) verdicts = [failedItemVerdict(result)];
    else if (verdictsOf !== undefined) verdicts = [...verdictsOf(result)];
    for (const verdict of verdicts) statuses.add(verdict.status);
    const skip = quiet && verdicts.every((verdict) => verdict.status === 'ok');
    for (const target of targets) {
      if (skip && target.quiet) continue;
      const full = target.push(result, verdicts);
      if (full !== undefined) await full;
    }
    if (count % recordsBetweenTurns === 0) await new Promise((resolve) => setImmediate(resolve));
    if (ctx.signal.aborted) throw ctx.signal.reason;
  }
}

/** A failed item carries the words of its failure; a record may have a field `error` of its own meaning. */
export function isFailedItem(result: unknown): result is ErrorItem & { error: NonNullable<ErrorItem['error']> } {
  const item = result as Partial<ErrorItem>;
  return typeof item.error === 'object' && typeof item.subject === 'string';
}

function failedItemVerdict({ subject, error }: ErrorItem & { error: NonNullable<ErrorItem['error']> }): Verdict {
  const { code, message, hint } = error;
  return { status: 'unknown', subject, code, message, ...(hint === undefined ? {} : { hint }) };
}

function judge(outcome: Outcome, statuses: Set<Status>, { name, shared }: Invocation): RunEnd {
  for (const verdict of outcome.verdicts ?? []) statuses.add(verdict.status);
  if (
    statuses.size === 0 &&
    [shared.output, ...shared.reports.map((report) => report.format)].some((f) => verdictFormats.has(f))
  ) {
    // The renderers say the same in their own words.
    statuses.add(nothingWasJudged(name).status);
  }
  return { exitCode: outcome.exitCode ?? exitCodeOfStatuses(statuses, shared.failOn) };
}

function endedBy(error: unknown, signal: AbortSignal): RunEnd {
  const cause: unknown = signal.aborted ? signal.reason : error;
  return { exitCode: exitCodeOfError(cause), error: cause };
}

function nagiosExit(end: RunEnd, statuses: ReadonlySet<Status>, closing: readonly Verdict[]): number {
  const all = new Set([...statuses, ...closing.map((verdict) => verdict.status)]);
  if (end.error !== undefined) all.add('unknown');
  return nagiosExitCode(all);
}

/** Waits for the pending `await` of the command and its `finally` blocks, but not for ever. */
async function closeIterator(iterator: AsyncGenerator<unknown, unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, closingMilliseconds)));
  const closed = iterator.return(undefined).then(
    () => undefined,
    // What fails while a failed run is being closed says nothing new.
    () => undefined,
  );
  await Promise.race([closed, patience]);
  clearTimeout(timer);
}

function whenAborted(signal: AbortSignal): { promise: Promise<never>; forget(): void } {
  let forget = () => undefined as void;
  const promise = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    forget = () => signal.removeEventListener('abort', abort);
  });
  promise.catch(() => undefined);
  return { promise, forget };
}

function isClosedPipe(error: unknown): boolean {
  return error instanceof Interruption || (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
}
