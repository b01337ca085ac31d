import type { Screen } from './command.ts';
import type { CommandLine } from './command-line.ts';
import type { CommandTable } from './command-table.ts';
import { createContext } from './create-context.ts';
import { UserError } from './lib/errors/user-error.ts';
import { confirmWith } from './plan.ts';
import { runCommand, type RunEnd } from './run-command.ts';
import type { Runtime } from './runtime.ts';
import type { SharedValues } from './shared-options.ts';
import { asksForHelp, parseWords } from './spec.ts';

/** What a live view would gather for ever and never print, or print one below the other where only one can stand. */
const wholeReports: ReadonlySet<string> = new Set(['json', 'yaml', 'junit', 'markdown', 'nagios', 'prometheus']);

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
  // The job runs the same words again, and then we are its command.
  if (shared.job !== undefined && runtime.jobLine === undefined) {
    const { runAsJob } = await import('./run-as-job.ts');
    return runAsJob(line, name, { shared, runtime, table });
  }
  const { ctx, close } = createContext(runtime, shared, line.afterDoubleDash);
  const screen: Screen = {
    columns: ctx.terminal.columns,
    rows: runtime.stdout.rows() ?? 24,
    terminal: ctx.terminal.stdout,
    color: ctx.terminal.color,
    unicode: ctx.terminal.unicode,
  };
  try {
    const endless = command.endless?.(options) ?? false;
    if (endless !== false) refuseWhole(endless, shared);
    // A picture that is drawn over and over is nothing for a file or a pipe.
    const output = endless === 'live' && shared.output === 'text' && !screen.terminal ? 'jsonl' : shared.output;
    const confirm = confirmWith({ command, options, name, shared, runtime, ctx });
    const invocation = { command, name, options, args, shared: { ...shared, output }, screen };
    return await runCommand({ ...ctx, confirm }, runtime, invocation);
  } finally {
    await close();
  }
}

/** A stream's array is closed when it is stopped, so a report of it is whole; on the screen nobody could parse it. */
function refuseWhole(endless: 'live' | 'stream', { output, reports }: SharedValues): void {
  const asked = endless === 'live' ? [output, ...reports.map(({ format }) => format)] : [output];
  const never = endless === 'live' ? wholeReports : new Set(['json']);
  const format = asked.find((one) => never.has(one));
  if (format === undefined) return;
  throw new UserError(`${format} of a command that runs until it is stopped would never be complete`, {
    code: 'usage',
    hints: ['use --output jsonl: one JSON object a line'],
  });
}
