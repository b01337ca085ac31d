import type { Screen } from './command.ts';
import type { CommandLine } from './command-line.ts';
import type { CommandTable } from './commands.ts';
import { createContext } from './create-context.ts';
import { UserError } from './lib/errors/user-error.ts';
import { confirmWith } from './plan.ts';
import { runCommand, type RunEnd } from './run-command.ts';
import type { Runtime } from './runtime.ts';
import { asksForHelp, parseWords } from './spec.ts';

/** What a live view would gather for ever and never print, or print one below the other where only one can stand. */
const wholeReports: ReadonlySet<string> = new Set(['yaml', 'junit', 'nagios', 'prometheus']);

/** One command line whose command is known: parsed, run and judged. `help` when that is what it asks for. */
export async function runLine(
  line: CommandLine,
  name: string,
  runtime: Runtime,
  table: CommandTable,
): Promise<RunEnd | { help: true }> {
  const { default: command } = await table[name]!.load();
  if (asksForHelp(line, name, command)) return { help: true };
  const { options, args, shared } = parseWords(line, name, command);
  const { ctx, close } = createContext(runtime, shared, line.afterDoubleDash);
  const screen: Screen = {
    columns: ctx.terminal.columns,
    rows: runtime.stdout.rows() ?? 24,
    terminal: ctx.terminal.stdout,
    color: ctx.terminal.color,
    unicode: ctx.terminal.unicode,
  };
  ctx.log.debug(`devops ${runtime.version} runs ${name}`, { output: shared.output });
  try {
    const endless = command.endless?.(options) ?? false;
    const reported = shared.reports.map(({ format }) => format);
    const neverComplete = [shared.output, ...reported].find(
      (format) => (endless !== false && format === 'json') || (endless === 'live' && wholeReports.has(format)),
    );
    if (neverComplete !== undefined) {
      throw new UserError(`${neverComplete} of a command that runs until it is stopped would never be complete`, {
        code: 'usage',
        hints: ['use jsonl: one JSON object a line'],
      });
    }
    // A picture that is drawn over and over is nothing for a file or a pipe.
    const output = endless === 'live' && shared.output === 'text' && !screen.terminal ? 'jsonl' : shared.output;
    const confirm = confirmWith({ command, options, name, shared, runtime, ctx });
    const invocation = { command, name, options, args, shared: { ...shared, output }, screen };
    return await runCommand({ ...ctx, confirm }, runtime, invocation);
  } finally {
    await close();
  }
}
