import type { Screen } from './command.ts';
import { type CommandLine, findName, splitCommandLine } from './command-line.ts';
import { commands, type CommandTable } from './commands.ts';
import { createContext } from './create-context.ts';
import { ExitCode, nagiosUnknownCode } from './exit-code.ts';
import { exitCodeOfError, failureOf, failureText } from './failure.ts';
import { UserError } from './lib/errors/user-error.ts';
import { confirmWith } from './plan.ts';
import { processRuntime, runProcess } from './process-context.ts';
import { runCommand, type RunEnd } from './run-command.ts';
import type { Runtime } from './runtime.ts';

/** Runs one command line and answers with its exit code. Never rejects. */
export async function main(argv: readonly string[], runtime: Runtime, table: CommandTable = commands): Promise<number> {
  let format = typedFormat(argv);
  let code: number;
  try {
    if (argv[0] === 'complete') return await completeWord(argv.slice(1), runtime, table);
    const line = splitCommandLine(argv, Object.keys(table));
    if (line.version) return await print(runtime, `${runtime.version}\n`);
    if (line.help) return await print(runtime, await helpText(line.rest, runtime, table));
    if (line.name === undefined) {
      await runtime.stderr.write(await helpText([], runtime, table));
      return ExitCode.failure;
    }
    const end = await runLine(line, line.name, runtime, table, (known) => (format = known));
    if (end.error === undefined || format === 'nagios') return end.exitCode;
    code = await tell(end.error, format, end.exitCode, runtime);
  } catch (error) {
    code =
      format === 'nagios'
        ? await tellNagios(error, runtime)
        : await tell(error, format, exitCodeOfError(error), runtime);
  }
  await runtime.stderr.flush().catch(() => undefined);
  return code;
}

async function runLine(
  line: CommandLine,
  name: string,
  runtime: Runtime,
  table: CommandTable,
  onFormat: (format: string) => void,
): Promise<RunEnd> {
  const { default: command } = await table[name]!.load();
  const { asksForHelp, parseWords } = await import('./spec.ts');
  if (asksForHelp(line, name, command)) {
    return { exitCode: await print(runtime, await helpText([name], runtime, table)) };
  }
  const { options, args, shared } = await parseWords(line, name, command);
  onFormat(shared.output);
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
    if (endless !== false && shared.output === 'json') {
      throw new UserError('json of a command that runs until it is stopped would never be complete', {
        code: 'usage',
        hints: ['use -o jsonl: one JSON object a line'],
      });
    }
    // A picture that is drawn over and over is nothing for a file or a pipe.
    const output = endless === 'live' && shared.output === 'text' && !screen.terminal ? 'jsonl' : shared.output;
    const confirm = confirmWith({ command, name, shared, runtime, ctx });
    const invocation = { command, name, options, args, shared: { ...shared, output }, screen };
    return await runCommand({ ...ctx, confirm }, runtime, invocation);
  } finally {
    await close();
  }
}

async function helpText(words: readonly string[], runtime: Runtime, table: CommandTable): Promise<string> {
  const help = await import('./help.ts');
  const columns = runtime.stdout.columns();
  if (words.length === 0) return help.productHelp(table, runtime.version, columns);
  const names = Object.keys(table);
  if (words.length === 1 && names.some((name) => name.startsWith(`${words[0]} `)))
    return help.groupHelp(table, words[0]!);
  const { name } = names.includes(words[0]!) ? { name: words[0]! } : findName(words, names);
  const { buildSpec } = await import('./spec.ts');
  const { default: command } = await table[name]!.load();
  return help.commandHelp(table[name]!.summary, command, buildSpec(name, command), columns);
}

/** Asked by the completion scripts at every Tab: `complete SHELL -- WORD...`, the word being typed last. */
async function completeWord(words: readonly string[], runtime: Runtime, table: CommandTable): Promise<number> {
  const { completionLines } = await import('./completion.ts');
  const dashes = words.indexOf('--');
  return print(runtime, await completionLines(table, words[0] ?? '', words.slice(dashes + 1)));
}

async function print(runtime: Runtime, text: string): Promise<number> {
  try {
    await runtime.stdout.write(text);
    await runtime.stdout.flush();
    return ExitCode.ok;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return ExitCode.ok;
    return tell(error, 'text', ExitCode.failure, runtime);
  }
}

async function tell(error: unknown, format: string, code: number, runtime: Runtime): Promise<number> {
  // When nobody can be told any more, the exit code still says it.
  await runtime.stderr.write(failureText(error, format))?.catch(() => undefined);
  return code;
}

async function tellNagios(error: unknown, runtime: Runtime): Promise<number> {
  const { nagiosUnknown } = await import('./output/nagios.ts');
  await print(runtime, nagiosUnknown(failureOf(error).message));
  return nagiosUnknownCode;
}

/** The format as typed, before anything is parsed: a usage error, too, has to be told in it. */
function typedFormat(argv: readonly string[]): string {
  const dashes = argv.indexOf('--');
  const head = dashes === -1 ? argv : argv.slice(0, dashes);
  let format = 'text';
  for (const [at, word] of head.entries()) {
    if (word === '--json') format = 'json';
    else if (word === '-o' || word === '--output') format = head[at + 1] ?? format;
    else format = /^(?:-o|--output=)(.+)$/.exec(word)?.[1] ?? format;
  }
  return format;
}

/** What bin/devops calls: one command line as a process. */
export function run(argv: readonly string[], version: string, program: string): Promise<void> {
  const runtime = processRuntime(version, program);
  return runProcess(() => main(argv, runtime), runtime.stdout);
}
