import type { Command as Commander } from 'commander';
import type { AnyCommand, Spec } from './command.ts';
import type { CommandTable } from './command-table.ts';
import { shells } from './lib/completion/completion-script.ts';
import { type Candidate, nothing, suggestionLines, type Suggestions } from './lib/completion/suggestions.ts';
import { type OptionWords, readOptions, suggestOption, suggestValue } from './lib/completion/option-words.ts';
import { readTypedWords } from './lib/completion/typed-words.ts';
import { formatsOf } from './output/formats.ts';
import { jobOptions, sharedOptions } from './shared-options.ts';
import { buildSpec } from './spec.ts';

const helpOption: OptionWords = { long: '--help', description: 'print the help of a command', values: [] };
const helpName: Candidate = { value: 'help', description: 'print the help of a command' };

/** What could stand in the place of the last word, in the form that the script of this shell reads. */
export async function completionLines(table: CommandTable, shell: string, typed: readonly string[]): Promise<string> {
  const known = shells.find((name) => name === shell);
  if (known === undefined) return '';
  const { before, last, isQuoted } = readTypedWords(typed);
  // Behind a redirection, and behind --, where the words of another program stand.
  const isFile = last === undefined || before.includes('--');
  const suggestions = isFile ? { fileFrom: 0 } : await suggest(table, before, last);
  return suggestionLines(matching(suggestions, last ?? ''), known, isQuoted);
}

function matching(suggestions: Suggestions, last: string): Suggestions {
  if ('fileFrom' in suggestions) return suggestions;
  return { candidates: suggestions.candidates.filter(({ value }) => value.startsWith(last)) };
}

async function suggest(table: CommandTable, before: readonly string[], last: string): Promise<Suggestions> {
  const { operands, pending } = readOptions(leadingOptions, before);
  const [first] = operands;
  if (first === undefined) {
    if (pending !== undefined) return suggestValue(pending, last, '');
    return suggestOption([...leadingOptions, helpOption, versionOption], last) ?? names(table, [], [helpName]);
  }
  const words = before.slice(first.at);
  if (first.word === 'help') return names(table, words.slice(1), []);
  const name = [words.slice(0, 2).join(' '), first.word].find((known) => Object.hasOwn(table, known));
  if (name === undefined) return suggestOption([helpOption], last) ?? names(table, words, []);
  const { default: command } = await table[name]!.load();
  return suggestForCommand(buildSpec(name, command), command, words.slice(name.split(' ').length), last);
}

/** The next word of all names that begin with these words. */
function names(table: CommandTable, words: readonly string[], more: readonly Candidate[]): Suggestions {
  const found = new Map<string, string>();
  for (const [name, { summary }] of Object.entries(table)) {
    const parts = name.split(' ');
    const part = parts[words.length];
    if (part === undefined || found.has(part) || words.some((word, at) => parts[at] !== word)) continue;
    found.set(part, parts.length > words.length + 1 ? 'several subcommands' : summary);
  }
  return { candidates: [...Array.from(found, ([value, description]) => ({ value, description })), ...more] };
}

function suggestForCommand(spec: Commander, command: AnyCommand, before: readonly string[], last: string): Suggestions {
  const options = spec.options.map((option): OptionWords => ({
    long: option.long ?? '',
    short: option.short,
    description: option.description,
    valueName: /<(.+)>/.exec(option.flags)?.[1],
    values: option.argChoices ?? command.complete?.[option.long ?? '']?.() ?? outputValues(option.long, command),
  }));
  const { operands, pending } = readOptions(options, before);
  if (pending !== undefined) return suggestValue(pending, last, '');
  const option = suggestOption([...options, helpOption], last);
  if (option !== undefined) return option;
  const argument =
    spec.registeredArguments[operands.length] ?? spec.registeredArguments.findLast((one) => one.variadic);
  if (argument === undefined) return nothing;
  const values = argument.argChoices ?? command.complete?.[argument.name()]?.() ?? [];
  const taken = new Set(argument.variadic ? operands.map(({ word }) => word) : []);
  const free = values.filter((value) => !taken.has(value));
  return suggestValue({ valueName: argument.name(), values: free }, last, '');
}

function outputValues(long: string | undefined, command: AnyCommand): readonly string[] {
  if (long === '--output') return formatsOf(command);
  if (long === '--report') return formatsOf(command).map((format) => `${format}=`);
  return [];
}

/** Before the name of a command is typed, the formats of any command may be meant. */
const everyPart: AnyCommand = {
  define: (spec: Spec) => spec,
  shape: 'many',
  async *run(): AsyncGenerator<never> {},
  columns: [],
  verdicts: () => [],
  loadMetrics: () => Promise.resolve(() => []),
};

const versionOption: OptionWords = { long: '--version', description: 'print the version', values: [] };

const leadingOptions: readonly OptionWords[] = [...sharedOptions, ...jobOptions].map(
  ({ long, short, value, description }) => ({
    long,
    short,
    description,
    valueName: value,
    values: outputValues(long, everyPart),
  }),
);
