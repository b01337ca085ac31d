import type { AnyCommand, Screen } from './command.ts';
import type { Context } from './context.ts';
import { loadRenderer } from './output/formats.ts';
import type { Runtime } from './runtime.ts';
import type { SharedValues } from './shared-options.ts';
import { wantsColor } from './terminal/color.ts';

interface Planned {
  command: AnyCommand;
  options: unknown;
  name: string;
  shared: SharedValues;
  runtime: Runtime;
  ctx: Context;
}

/** `ctx.confirm` of one run: the plan on stderr in the command's own text, then the question. */
export function confirmWith({ command, options, name, shared, runtime, ctx }: Planned): Context['confirm'] {
  return async (records, question) => {
    if (shared.yes) return true;
    const { stderr } = runtime;
    const screen: Screen = {
      columns: stderr.columns() ?? Infinity,
      rows: stderr.rows() ?? 24,
      terminal: stderr.isTerminal,
      color: wantsColor(runtime.env, stderr.isTerminal, shared.noColor),
      unicode: ctx.terminal.unicode,
    };
    const setup = {
      command,
      options,
      name,
      screen,
      quiet: false,
      judging: ctx.judging,
      failOn: shared.failOn,
      live: false,
      startedAt: ctx.now(),
      now: () => ctx.now(),
    };
    const renderer = await loadRenderer('text', setup);
    ctx.progress.clear();
    const lines = records.map((record) => renderer.record(record, [])).join('');
    await stderr.write(lines + renderer.end({ verdicts: [] }));
    if (!ctx.terminal.interactive) return false;
    const { askYesNo } = await import('./terminal/prompt.ts');
    return askYesNo(runtime.stdin(), stderr, question, ctx.signal);
  };
}
