import { splitCommandLine } from './command-line.ts';
import { commands, type CommandTable } from './commands.ts';
import { ExitCode } from './exit-code.ts';
import { processRuntime, runProcess } from './process-context.ts';
import type { Runtime } from './runtime.ts';

// What only some command lines need is imported where it is needed: --help and completion must start at once.

/** Runs one command line and answers with its exit code. Never rejects. */
export async function main(argv: readonly string[], runtime: Runtime, table: CommandTable = commands): Promise<number> {
  try {
    if (argv[0] === 'complete') return await completeWord(argv.slice(1), runtime, table);
    const line = splitCommandLine(argv, Object.keys(table));
    if (line.version) return await print(runtime, `${runtime.version}\n`);
    if (line.help) return await print(runtime, await helpText(line.rest, runtime, table));
    if (line.name === undefined) {
      await runtime.stderr.write(await helpText([], runtime, table));
      return ExitCode.failure;
    }
    const { runLine } = await import('./run-line.ts');
    const end = await runLine(line, line.name, runtime, table);
    if ('help' in end) return await print(runtime, await helpText([line.name], runtime, table));
    if (end.error === undefined) return end.exitCode;
    const { tellEnd } = await import('./tell-failure.ts');
    return await tellEnd(end.error, end.exitCode, typedFormat(argv), runtime);
  } catch (error) {
    const { tellFailure } = await import('./tell-failure.ts');
    return tellFailure(error, typedFormat(argv), runtime);
  }
}

async function helpText(words: readonly string[], runtime: Runtime, table: CommandTable): Promise<string> {
  const { helpFor } = await import('./help.ts');
  return helpFor(words, table, runtime.version, runtime.stdout.columns());
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
    throw error;
  }
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
