import type { Command as Commander, Option } from 'commander';
import type { AnyCommand } from './command.ts';
import type { CommandTable } from './commands.ts';
import { formatsOf } from './output/formats.ts';
import { sharedOptions } from './shared-options.ts';
import { buildSpec } from './spec.ts';

interface Candidate {
  value: string;
  description: string;
}

const fixedValues: Readonly<Record<string, readonly string[]>> = {
  '--log-format': ['text', 'json'],
  '--fail-on': ['warning', 'critical'],
};

/**
 * What could stand in the place of the last word, one candidate a line in the form the shell wants. Nothing at all where
 * a file is expected: the scripts then let the shell complete file names.
 */
export async function completionLines(table: CommandTable, shell: string, typed: readonly string[]): Promise<string> {
  const words = shell === 'bash' ? joinEquals(typed) : typed;
  const candidates = await candidatesFor(table, words);
  const last = words.at(-1) ?? '';
  // bash splits words at `=`, so it wants only what follows it.
  const cut = shell === 'bash' && last.includes('=') ? last.indexOf('=') + 1 : 0;
  return candidates
    .filter(({ value }) => value.startsWith(last))
    .map(({ value, description }) => `${inShellForm(shell, value.slice(cut), description)}\n`)
    .join('');
}

function inShellForm(shell: string, value: string, description: string): string {
  if (shell === 'fish') return `${value}\t${description}`;
  if (shell === 'zsh') return `${value.replaceAll(':', '\\:')}:${description}`;
  return value;
}

/** bash hands `--output=js` over as three words. */
function joinEquals(words: readonly string[]): string[] {
  const joined: string[] = [];
  let glue = false;
  for (const word of words) {
    if (word === '=' && joined.length > 0) {
      joined[joined.length - 1] += '=';
      glue = true;
    } else if (glue) {
      joined[joined.length - 1] += word;
      glue = false;
    } else {
      joined.push(word);
    }
  }
  return joined;
}

async function candidatesFor(table: CommandTable, words: readonly string[]): Promise<Candidate[]> {
  const before = words.slice(0, -1);
  const names = Object.keys(table);
  const name = [before.slice(0, 2).join(' '), before[0] ?? ''].find((known) => names.includes(known));
  if (name === undefined) return nameCandidates(table, before, words.at(-1) ?? '');
  const { default: command } = await table[name]!.load();
  return wordCandidates(buildSpec(name, command), command, before.slice(name.split(' ').length), words.at(-1) ?? '');
}

/** Names by their first words, then by the second ones. */
function nameCandidates(table: CommandTable, before: readonly string[], last: string): Candidate[] {
  if (last.startsWith('-')) return sharedOptions.map(({ long, description }) => ({ value: long, description }));
  const depth = before.length;
  if (depth > 1) return [];
  const all = Object.entries(table).filter(([name]) => depth === 0 || name.startsWith(`${before[0]} `));
  const found = new Map<string, string>();
  for (const [name, { summary }] of all) {
    const word = name.split(' ')[depth];
    if (word !== undefined && !found.has(word))
      found.set(word, name.includes(' ') && depth === 0 ? 'several subcommands' : summary);
  }
  if (depth === 0) found.set('help', 'print the help of a command');
  return [...found].map(([value, description]) => ({ value, description }));
}

function wordCandidates(spec: Commander, command: AnyCommand, before: readonly string[], last: string): Candidate[] {
  const equals = last.startsWith('--') ? last.indexOf('=') : -1;
  if (equals !== -1) {
    const long = last.slice(0, equals);
    return valuesOf(findOption(spec, long), command).map((value) => ({ value: `${long}=${value}`, description: '' }));
  }
  const option = findOption(spec, before.at(-1) ?? '');
  if (option?.required === true) return valuesOf(option, command).map((value) => ({ value, description: '' }));
  if (last.startsWith('-')) {
    return spec.options.map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));
  }
  const operands = before.filter((word) => !word.startsWith('-')).length;
  const position = Math.min(operands, spec.registeredArguments.length - 1);
  const argument = spec.registeredArguments[position];
  if (argument === undefined) return [];
  const values = argument.argChoices ?? command.complete?.[argument.name()]?.() ?? [];
  const taken = new Set(argument.variadic ? before : []);
  return values.filter((value) => !taken.has(value)).map((value) => ({ value, description: '' }));
}

function findOption(spec: Commander, word: string): Option | undefined {
  return spec.options.find((option) => option.long === word || option.short === word);
}

function valuesOf(option: Option | undefined, command: AnyCommand): readonly string[] {
  const long = option?.long;
  if (option === undefined || long === undefined) return [];
  if (long === '--output') return formatsOf(command);
  if (long === '--report') return formatsOf(command).map((format) => `${format}=`);
  return option.argChoices ?? fixedValues[long] ?? command.complete?.[long]?.() ?? [];
}
