import type { Command as Commander, Option } from 'commander';
import type { AnyCommand } from './command.ts';
import { findName } from './command-line.ts';
import type { CommandTable } from './command-table.ts';
import { type ExitCodeMeaning, exitCodesOf } from './exit-code.ts';
import { changeOptions, jobOptions, type SharedOption, sharedOptions } from './shared-options.ts';

const widest = 100;

/** The help of the product, of a word that several commands share, or of one command. */
export async function helpFor(
  words: readonly string[],
  table: CommandTable,
  version: string,
  columns: number | undefined,
): Promise<string> {
  if (words.length === 0) return productHelp(table, version, columns);
  const names = Object.keys(table);
  const asked = words.join(' ');
  if (names.some((name) => name.startsWith(`${asked} `))) return groupHelp(table, asked);
  const name = names.includes(asked) ? asked : findName(words, names).name;
  const { buildSpec } = await import('./spec.ts');
  const { formatsOf } = await import('./output/formats.ts');
  const { default: command } = await table[name]!.load();
  return commandHelp(table[name]!.summary, command, buildSpec(name, command), formatsOf(command), columns);
}

/** `devops --help`: built from the table alone, so that no command is loaded. */
function productHelp(table: CommandTable, version: string, columns: number | undefined): string {
  const rows = Object.entries(table).map(([name, { summary }]): [string, string] => [name, summary]);
  return [
    `devops ${version}: one command for the jobs that a DevOps team scripts again and again`,
    '',
    'Usage: devops [shared options] COMMAND [options] [arguments]',
    '',
    'Commands:',
    twoColumns(rows, columns),
    'Shared options:',
    twoColumns(sharedOptionRows(false), columns),
    exitCodeLines(columns),
    'devops COMMAND --help tells all about one command, devops --version the version.',
    '',
  ].join('\n');
}

/** `devops config --help`: the subcommands of one word. */
function groupHelp(table: CommandTable, group: string): string {
  const rows = Object.entries(table)
    .filter(([name]) => name.startsWith(`${group} `))
    .map(([name, { summary }]): [string, string] => [name, summary]);
  return `Usage: devops ${group} SUBCOMMAND [options]\n\nSubcommands:\n${twoColumns(rows, undefined)}`;
}

/** `devops COMMAND --help`. */
function commandHelp(
  summary: string,
  command: AnyCommand,
  spec: Commander,
  formats: readonly string[],
  columns: number | undefined,
): string {
  const help = spec.createHelp();
  const usage = `Usage: ${help.commandUsage(spec)}`;
  const own = help.visibleOptions(spec).filter((option) => !isShared(option));
  const arguments_ = spec.registeredArguments.map((argument): [string, string] => [
    help.argumentTerm(argument),
    help.argumentDescription(argument),
  ]);
  const parts = [usage, '', summary, ''];
  if (command.description !== undefined) parts.push(wrap(command.description, Math.min(columns ?? 80, widest)), '');
  if (arguments_.length > 0) parts.push('Arguments:', twoColumns(arguments_, columns));
  if (own.length > 0) {
    const rows = own.map((option): [string, string] => [help.optionTerm(option), describeOption(option)]);
    parts.push('Options:', twoColumns(rows, columns));
  }
  const taken = new Set(own.flatMap(({ short, long }) => [short ?? '', long ?? '']));
  parts.push('Shared options:', twoColumns(sharedOptionRows(command.changes === true, taken), columns));
  const jobRows = optionRows(jobOptions, taken);
  if (jobRows.length > 0) parts.push('Options that make a job of it (see docs/cron.md):', twoColumns(jobRows, columns));
  parts.push(`Formats of --output: ${formats.join(', ')}`, '');
  parts.push(exitCodeLines(columns, command.exitCodes?.()));
  if (command.examples !== undefined) {
    parts.push('Examples:', ...command.examples.flatMap(({ command: line, what }) => [`  # ${what}`, `  ${line}`]), '');
  }
  return parts.join('\n');
}

/** With choices and default, but for an empty list: of a repeatable option that goes without saying. */
function describeOption({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? [] : [`choices: ${argChoices.join(', ')}`];
  const isPlain = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  const notes = isPlain ? [...choices, `default: ${defaultValue}`] : choices;
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

/** A command may have an option of its own by the name of a shared one, as `run` has --timeout. */
export function isShared(option: Option): boolean {
  return option.attributeName().startsWith('--');
}

/** `taken`: letters and names that a command uses for something else. */
function sharedOptionRows(changes: boolean, taken: ReadonlySet<string> = new Set()): [string, string][] {
  return optionRows([...(changes ? changeOptions : []), ...sharedOptions], taken);
}

function optionRows(options: readonly SharedOption[], taken: ReadonlySet<string> = new Set()): [string, string][] {
  return options
    .filter(({ long }) => !taken.has(long))
    .map(({ long, short, value, description }) => [
      `${short === undefined || taken.has(short) ? '    ' : `${short}, `}${long}${value === undefined ? '' : ` <${value}>`}`,
      description,
    ]);
}

function exitCodeLines(columns: number | undefined, own?: readonly ExitCodeMeaning[]): string {
  return `Exit codes:\n${twoColumns(
    exitCodesOf(own).map(([code, meaning]) => [String(code), meaning]),
    columns,
  )}`;
}

function twoColumns(rows: readonly (readonly [string, string])[], columns: number | undefined): string {
  const left = Math.max(...rows.map(([term]) => term.length));
  const room = Math.max(30, Math.min(columns ?? 80, widest) - left - 4);
  const lines = rows.flatMap(([term, text]) =>
    wrap(text, room)
      .split('\n')
      .map((part, at) => `  ${(at === 0 ? term : '').padEnd(left)}  ${part}`),
  );
  return `${lines.join('\n')}\n`;
}

/** Breaks at spaces; keeps the line feeds that are there. */
function wrap(text: string, cells: number): string {
  return text
    .split('\n')
    .map((paragraph) => {
      const lines = [''];
      for (const word of paragraph.split(' ')) {
        const last = lines.at(-1)!;
        if (last === '') lines[lines.length - 1] = word;
        else if (last.length + 1 + word.length <= cells) lines[lines.length - 1] = `${last} ${word}`;
        else lines.push(word);
      }
      return lines.join('\n');
    })
    .join('\n');
}
