import { join } from 'node:path';
import type { Argument, Command as Commander, Option } from 'commander';
import type { AnyCommand, Example } from '../../src/command.ts';
import { commands } from '../../src/commands.ts';
import { exitCodesOf, nagiosExitCode } from '../../src/exit-code.ts';
import { isShared } from '../../src/help.ts';
import type { Status } from '../../src/lib/results/verdict.ts';
import { formatsOf } from '../../src/output/formats.ts';
import { buildSpec } from '../../src/spec.ts';
import { recordFinder } from './command-record.ts';
import type { RecordType } from './record-type.ts';

/** An option or an argument as it is typed, and what it means. */
export interface Term {
  /** `-o`, `--output`; empty for an argument. */
  names: readonly string[];
  /** Name of its value, `format`; absent for a switch. */
  value?: string;
  /** The description with its choices and its default. */
  text: string;
}

/** Everything that a page says about one command, out of its definition and the types of its source. */
export interface CommandReference {
  name: string;
  /** File name of its pages: `config-check`. */
  page: string;
  summary: string;
  /** Paragraphs. */
  description: readonly string[];
  usage: string;
  args: readonly Term[];
  options: readonly Term[];
  sharedOptions: readonly Term[];
  formats: readonly string[];
  /** Those of the formats that only this command has. */
  ownFormats: readonly string[];
  exitCodes: readonly (readonly [code: string, meaning: string])[];
  examples: readonly Example[];
  shape: 'one' | 'many';
  /** Whether its text is the table of its columns. */
  isTable: boolean;
  /** Undefined when the record is a document of its own kind. */
  record: RecordType | undefined;
}

/** All commands, in the order of --help. */
export function collectReferences(root: string): Promise<CommandReference[]> {
  const recordOf = recordFinder();
  return Promise.all(
    Object.entries(commands).map(async ([name, entry]) => {
      const { default: command } = await entry.load();
      const source = join(root, 'src/commands', `${name.replaceAll(' ', '/')}.ts`);
      return reference(name, entry.summary, command, recordOf(source));
    }),
  );
}

function reference(
  name: string,
  summary: string,
  command: AnyCommand,
  record: RecordType | undefined,
): CommandReference {
  const spec = buildSpec(name, command);
  const visible = spec.options.filter(({ hidden }) => !hidden);
  return {
    name,
    page: name.replaceAll(' ', '-'),
    summary,
    description: (command.description ?? '').split('\n').filter((paragraph) => paragraph !== ''),
    usage: usage(spec),
    args: spec.registeredArguments.map(argumentTerm),
    options: visible.filter((option) => !isShared(option)).map(optionTerm),
    sharedOptions: visible.filter(isShared).map(optionTerm),
    formats: formatsOf(command),
    ownFormats: Object.keys(command.formats ?? {}),
    exitCodes: exitCodes(command),
    examples: command.examples ?? [],
    shape: command.shape,
    isTable: command.text === undefined,
    record,
  };
}

function usage(spec: Commander): string {
  return spec.createHelp().commandUsage(spec);
}

function argumentTerm(argument: Argument): Term {
  const value = argument.variadic ? `${argument.name()}...` : argument.name();
  return { names: [], value, text: withChoices(argument.description, argument) };
}

function optionTerm(option: Option): Term {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const value = /<(.+)>/.exec(option.flags)?.[1];
  return { names, ...(value === undefined ? {} : { value }), text: withChoices(option.description, option) };
}

function withChoices(
  description: string,
  { argChoices, defaultValue, defaultValueDescription }: Argument | Option,
): string {
  const notes: string[] = [];
  if (argChoices !== undefined) notes.push(`one of ${argChoices.join(', ')}`);
  const isGiven = defaultValue !== undefined && !(Array.isArray(defaultValue) && defaultValue.length === 0);
  if (defaultValueDescription !== undefined) notes.push(`default: ${defaultValueDescription}`);
  // `--no-color` makes commander note that `color` is true without it.
  else if (isGiven && typeof defaultValue !== 'boolean') notes.push(`default: ${String(defaultValue)}`);
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

function exitCodes(command: AnyCommand): [string, string][] {
  const codes = exitCodesOf(command.exitCodes?.()).map(([code, meaning]): [string, string] => [String(code), meaning]);
  if (command.verdicts === undefined) return codes;
  const states: readonly Status[] = ['ok', 'warning', 'critical', 'unknown'];
  const nagios = states.map((status) => `${nagiosExitCode(new Set([status]))} ${status}`).join(', ');
  return [...codes, ['0 to 3', `with --output nagios: ${nagios}`]];
}
