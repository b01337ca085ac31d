import { resolve } from 'node:path';
import type { AnyCommand, Screen } from './command.ts';
import type { Context } from './context.ts';
import { failureOf } from './failure.ts';
import { UserError } from './lib/errors/user-error.ts';
import type { Verdict } from './lib/results/verdict.ts';
import { leaveLiveScreen } from './terminal/live-screen.ts';
import { checkFormat, loadRenderer, verdictFormats } from './output/formats.ts';
import type { JobMessage } from './lib/jobs/job-channel.ts';
import type { Ending, RenderSetup } from './output/renderer.ts';
import { createOutputSink } from './output-sink.ts';
import type { SharedValues } from './shared-options.ts';
import { printable } from './lib/text/printable.ts';

/** One place where one form of the result goes. */
export interface Target {
  /** Whether --quiet leaves out what is ok: on the screen yes, in a report never. */
  readonly quiet: boolean;
  push(result: unknown, verdicts: readonly Verdict[]): Promise<void> | undefined;
  /** A failed item, with the one verdict that it is. */
  fail(item: unknown, verdict: Verdict): Promise<void> | undefined;
  end(ending: Ending): Promise<void>;
}

interface Wanted {
  command: AnyCommand;
  name: string;
  shared: SharedValues;
  screen: Screen;
  options: unknown;
}

/** Formats in which a failed item has a place beside the others; from all others it would be missing. */
const showingFailedItems: ReadonlySet<string> = new Set([
  'json',
  'jsonl',
  'yaml',
  'junit',
  'markdown',
  'nagios',
  'github',
]);
/** Documents about the whole: with a part left out they would say something else. */
const wholeFormats: ReadonlySet<string> = new Set(['junit', 'markdown', 'nagios', 'prometheus']);

/** Checks every format that was asked for, and opens every file of --report. */
export async function openReports(wanted: Wanted, ctx: Context): Promise<Target[]> {
  const { command, name, shared } = wanted;
  checkFormat(command, name, shared.output);
  for (const report of shared.reports) checkFormat(command, name, report.format);
  const setup = setupOf(wanted, ctx);
  return open(
    [],
    shared.reports.map((report) => () => reportTarget(report, setup, ctx)),
  );
}

/** Opens standard output in the format asked for, and beside the reports what GitHub shows: annotations on stderr, a summary. */
export async function openTargets(
  reports: readonly Target[],
  wanted: Wanted,
  ctx: Context,
  onError: (error: unknown) => void,
): Promise<Target[]> {
  const setup = setupOf(wanted, ctx);
  const { output } = wanted.shared;
  const screen = () => screenTarget(output === 'github' ? 'text' : output, setup, ctx, onError);
  const targets = await open(reports, [screen, ...githubTargets(setup, wanted, ctx)]);
  if (setup.live) ctx.stdout.restore = leaveLiveScreen;
  return targets;
}

/** For a run that has printed its bytes itself: beside the reports, what failed is told as it is beside records. */
export function targetsBesideBytes(reports: readonly Target[], wanted: Wanted, ctx: Context): Promise<Target[]> {
  const screen: Target = {
    quiet: false,
    push: () => undefined,
    fail: (_item, verdict) => tell(ctx, 'error', verdict),
    end: (ending) => tellClosing(ctx, ending),
  };
  return open([...reports, screen], githubTargets(setupOf(wanted, ctx), wanted, ctx));
}

/** What GitHub shows beside the text. */
function githubTargets(setup: RenderSetup, { shared }: Wanted, ctx: Context): (() => Promise<Target>)[] {
  if (shared.output !== 'github') return [];
  const summaryPath = ctx.env['GITHUB_STEP_SUMMARY'] ?? '';
  const annotations = () => annotationTarget(setup, ctx);
  return summaryPath === '' ? [annotations] : [annotations, () => summaryTarget(summaryPath, setup, ctx)];
}

/** For the job that we are the command of: what was judged, whatever the formats are. */
export function jobTarget(jobLine: (message: JobMessage) => void): Target {
  const tellAll = (verdicts: readonly Verdict[]): undefined => {
    for (const verdict of verdicts) jobLine({ verdict });
  };
  return {
    quiet: false,
    push: (_result, verdicts) => tellAll(verdicts),
    fail: (_item, verdict) => tellAll([verdict]),
    end: ({ verdicts }) => Promise.resolve(tellAll(verdicts)),
  };
}

function setupOf({ command, name, options, shared, screen }: Wanted, ctx: Context): RenderSetup {
  return {
    command,
    options,
    name,
    screen,
    quiet: shared.quiet,
    judging: ctx.judging,
    failOn: shared.failOn,
    live: command.endless?.(options) === 'live' && shared.output === 'text' && screen.terminal,
    startedAt: ctx.now(),
    now: () => ctx.now(),
  };
}

/** All of them, or the failure of one, which is then told in those that are open already. */
async function open(opened: readonly Target[], openers: readonly (() => Promise<Target>)[]): Promise<Target[]> {
  const targets = [...opened];
  try {
    for (const opener of openers) targets.push(await opener());
    return targets;
  } catch (error) {
    const failure = failureOf(error);
    // A second report that fails as well says nothing new.
    for (const target of targets) await target.end({ verdicts: [], failure }).catch(() => undefined);
    throw error;
  }
}

async function screenTarget(
  format: string,
  setup: RenderSetup,
  ctx: Context,
  onError: (error: unknown) => void,
): Promise<Target> {
  const renderer = await loadRenderer(format, setup);
  const { stdout } = ctx;
  const sink = createOutputSink(stdout, onError, stdout.isTerminal ? () => ctx.progress.clear() : undefined);
  const push: Target['push'] = (result, verdicts) => {
    const text = renderer.record(result, verdicts);
    return text === '' ? undefined : sink.push(text);
  };
  return {
    quiet: !wholeFormats.has(format),
    push,
    fail(item, verdict) {
      if (showingFailedItems.has(format)) return push(item, [verdict]);
      return tell(ctx, 'error', verdict);
    },
    async end(ending) {
      if (!wholeFormats.has(format)) await tellClosing(ctx, ending);
      const full = sink.push(renderer.end(ending));
      stdout.restore = '';
      await full;
      await sink.flush();
    },
  };
}

/** What a run says beyond its records has no place in their format. */
async function tellClosing(ctx: Context, { verdicts }: Ending): Promise<void> {
  for (const verdict of verdicts) {
    if (verdict.status !== 'ok') await tell(ctx, verdict.status === 'unknown' ? 'error' : verdict.status, verdict);
  }
}

/** One finding for people, on stderr. When nobody can be told, the exit code still says it. */
function tell(ctx: Context, word: string, { subject, message, hint }: Verdict): Promise<void> | undefined {
  const advice = hint === undefined ? '' : `devops: hint: ${printable(hint)}\n`;
  ctx.progress.clear();
  const text = `devops: ${word}: ${printable(subject)}: ${printable(message)}\n${advice}`;
  return ctx.stderr.write(text)?.catch(() => undefined);
}

async function annotationTarget(setup: RenderSetup, { stderr }: Context): Promise<Target> {
  const renderer = await loadRenderer('github', setup);
  const sink = createOutputSink(stderr, () => undefined);
  return {
    quiet: true,
    push: (result, verdicts) => sink.push(renderer.record(result, verdicts)),
    fail: (item, verdict) => sink.push(renderer.record(item, [verdict])),
    async end(ending) {
      await sink.push(renderer.end(ending));
      await sink.flush();
    },
  };
}

/** Others write to the file, too, so it is only opened at the end. Without it the run is as good. */
async function summaryTarget(path: string, setup: RenderSetup, ctx: Context): Promise<Target> {
  const { createSummary } = await import('./output/markdown.ts');
  const { appendStepSummary } = await import('./step-summary.ts');
  const summary = createSummary(setup);
  return {
    quiet: false,
    push: (_result, verdicts) => summary.add(verdicts),
    fail: (_item, verdict) => summary.add([verdict]),
    async end(ending) {
      try {
        appendStepSummary(path.startsWith('/') ? path : resolve(ctx.cwd(), path), (room) => summary.end(ending, room));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        await ctx.stderr.write(`devops: warning: ${printable(error.message)}\n`)?.catch(() => undefined);
      }
    },
  };
}

async function reportTarget(
  { format, file }: { format: string; file: string },
  base: RenderSetup,
  ctx: Context,
): Promise<Target> {
  const { openReportFile } = await import('./report-file.ts');
  const { findingLine } = await import('./output/text.ts');
  const screen: Screen = { ...base.screen, columns: Infinity, terminal: false, color: false };
  const setup = { ...base, screen, quiet: false, live: false };
  const unfinished = await unfinishedReport(format, setup);
  const renderer = await loadRenderer(format, setup);
  const output = await openReportFile(file.startsWith('/') ? file : resolve(ctx.cwd(), file), unfinished);
  return {
    quiet: false,
    push: (result, verdicts) => output.write(renderer.record(result, verdicts)),
    fail(item, verdict) {
      if (showingFailedItems.has(format)) return output.write(renderer.record(item, [verdict]));
      return format === 'text' ? output.write(findingLine(verdict, screen)) : undefined;
    },
    async end(ending) {
      try {
        await output.write(renderer.end(ending));
      } catch (error) {
        output.discard();
        throw error;
      }
      await output.finish();
    },
  };
}

/** What stands in a report of judgements until the run has ended. */
async function unfinishedReport(format: string, setup: RenderSetup): Promise<string | undefined> {
  if (!verdictFormats.has(format)) return undefined;
  const renderer = await loadRenderer(format, setup);
  const hints: string[] = [];
  return renderer.end({ verdicts: [], failure: { code: 'unfinished', message: 'the run did not finish', hints } });
}
