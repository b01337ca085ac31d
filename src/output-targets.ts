import type { AnyCommand, Screen } from './command.ts';
import type { Context } from './context.ts';
import type { ItemError } from './lib/results/item-error.ts';
import type { Verdict } from './lib/results/verdict.ts';
import { leaveLiveScreen } from './terminal/live-screen.ts';
import { checkFormat, loadRenderer, verdictFormats } from './output/formats.ts';
import type { Ending, RenderSetup } from './output/renderer.ts';
import { createOutputSink } from './output-sink.ts';
import type { Output } from './runtime.ts';
import type { SharedValues } from './shared-options.ts';
import { printable } from './terminal/printable.ts';

/** A record of an item that failed beside others that did not. */
export interface ErrorItem {
  subject: string;
  error?: ItemError;
}

/** One place where one form of the result goes. */
export interface Target {
  /** Whether --quiet leaves out what is ok: on the screen yes, in a report never. */
  readonly quiet: boolean;
  push(result: unknown, verdicts: readonly Verdict[]): Promise<void> | undefined;
  end(ending: Ending): Promise<void>;
}

interface Wanted {
  command: AnyCommand;
  name: string;
  shared: SharedValues;
  screen: Screen;
  options: unknown;
}

/** Formats whose text shows no failed items: those go to stderr, one line each. */
const dataOnly = new Set(['text', 'csv', 'prometheus', 'github']);

/** Opens standard output in the format asked for, annotations on stderr, and every file of --report. */
export async function openTargets(wanted: Wanted, ctx: Context, onError: (error: unknown) => void): Promise<Target[]> {
  const { command, name, shared, screen } = wanted;
  checkFormat(command, name, shared.output);
  for (const report of shared.reports) checkFormat(command, name, report.format);
  const live = command.endless?.(wanted.options as never) === 'live' && shared.output === 'text' && screen.terminal;
  const setup: RenderSetup = {
    command,
    name,
    screen,
    quiet: shared.quiet,
    failOn: shared.failOn,
    live,
    startedAt: ctx.now(),
    now: () => ctx.now(),
  };
  if (live) ctx.stdout.restore = leaveLiveScreen;
  const targets: Target[] = [];
  for (const report of shared.reports) targets.push(await reportTarget(report, setup));
  if (shared.output === 'github') {
    targets.push(await streamTarget('text', setup, ctx.stdout, onError, ctx));
    targets.push(await streamTarget('github', setup, ctx.stderr, () => undefined));
  } else {
    targets.push(await streamTarget(shared.output, setup, ctx.stdout, onError, ctx));
  }
  return targets;
}

async function streamTarget(
  format: string,
  setup: RenderSetup,
  output: Output,
  onError: (error: unknown) => void,
  failedItemsTo?: Context,
): Promise<Target> {
  const renderer = await loadRenderer(format, setup);
  const sink = createOutputSink(output, onError);
  const apart = failedItemsTo !== undefined && (dataOnly.has(format) || setup.command.formats?.[format] !== undefined);
  return {
    quiet: true,
    push(result, verdicts) {
      if (apart && verdicts.length === 1 && (result as ErrorItem).error !== undefined) {
        return writeFailedItem(result as ErrorItem, failedItemsTo);
      }
      const text = renderer.record(result, verdicts);
      return text === '' ? undefined : sink.push(text);
    },
    async end(ending) {
      const full = sink.push(renderer.end(ending));
      output.restore = '';
      await full;
      await sink.flush();
    },
  };
}

function writeFailedItem({ subject, error }: ErrorItem, ctx: Context): Promise<void> | undefined {
  const hint = error?.hint === undefined ? '' : `devops: hint: ${printable(error.hint)}\n`;
  return ctx.stderr.write(`devops: error: ${printable(subject)}: ${printable(error?.message ?? '')}\n${hint}`);
}

async function reportTarget({ format, file }: { format: string; file: string }, base: RenderSetup): Promise<Target> {
  const { openReportFile } = await import('./report-file.ts');
  const screen: Screen = { ...base.screen, columns: Infinity, terminal: false, color: false };
  const setup = { ...base, screen, quiet: false, live: false };
  const unfinished = await unfinishedReport(format, setup);
  const output = openReportFile(file, unfinished);
  const renderer = await loadRenderer(format, setup);
  return {
    quiet: false,
    push(result, verdicts) {
      output.write(renderer.record(result, verdicts));
      return undefined;
    },
    async end(ending) {
      output.write(renderer.end(ending));
      output.finish();
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
