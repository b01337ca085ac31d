import { type CommandLine, splitCommandLine } from './command-line.ts';
import type { CommandTable } from './command-table.ts';
import { commands } from './commands.ts';
import { ExitCode } from './exit-code.ts';
import { commandProcess } from './process-context.ts';
import type { Runtime } from './runtime.ts';

// What only some command lines need is imported where it is needed: --help and completion must start at once.

/** Runs one command line and answers with its exit code. Never rejects. */
export async function main(argv: readonly string[], runtime: Runtime, table: CommandTable = commands): Promise<number> {
  let line: CommandLine | undefined;
  try {
    if (argv[0] === 'complete') return await completeWord(argv.slice(1), runtime, table);
    line = splitCommandLine(argv, Object.keys(table));
    if (line.version) return await print(runtime, `${runtime.version}\n`);
    if (line.help) return await print(runtime, await helpText(line.rest, runtime, table));
    if (line.name === undefined) {
      await runtime.stderr.write(await helpText([], runtime, table));
      return ExitCode.failure;
    }
    const { runLine } = await import('./run-line.ts');
    const end = await runLine(line, line.name, runtime, table);
    if ('help' in end) return await print(runtime, await helpText([line.name], runtime, table));
    if (end.error === undefined) {
      runtime.jobLine?.({ end: { exitCode: end.plainExitCode ?? end.exitCode } });
      return end.exitCode;
    }
    const { tellEnd } = await import('./tell-failure.ts');
    return await tellEnd(end.error, end, typedFormat(argv, line, table), runtime);
  } catch (error) {
    const { tellFailure } = await import('./tell-failure.ts');
    return tellFailure(error, typedFormat(argv, line, table), runtime);
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

/**
 * The format as typed, before anything is parsed: a usage error, too, has to be told in it. `line` is undefined when the
 * words could not even be cut into their parts.
 */
function typedFormat(argv: readonly string[], line: CommandLine | undefined, table: CommandTable): string {
  if (line === undefined) {
    const dashes = argv.indexOf('--');
    return formatIn(dashes === -1 ? argv : argv.slice(0, dashes), true);
  }
  const letters = line.name === undefined ? undefined : table[line.name]?.ownLetters;
  return formatIn([...line.leading, ...line.rest], letters?.includes('o') !== true);
}

function formatIn(words: readonly string[], isLetterShared: boolean): string {
  const long = isLetterShared ? /^(?:-o|--output=)(.+)$/ : /^--output=(.+)$/;
  let format = 'text';
  for (const [at, word] of words.entries()) {
    if (word === '--json') format = 'json';
    else if (word === '--output' || (word === '-o' && isLetterShared)) format = words[at + 1] ?? format;
    else format = long.exec(word)?.[1] ?? format;
  }
  return format;
}

/** What bin/devops calls: one command line as a process. */
export async function run(argv: readonly string[], version: string, program: string): Promise<void> {
  const { runtime, end } = commandProcess(version, program);
  end(await main(argv, runtime));
}
