import { Command as Commander, CommanderError } from 'commander';
import type { AnyCommand } from './command.ts';
import { type CommandLine, unknownOption } from './command-line.ts';
import { makeOnlyTyped, typedAmong } from './lazy-options.ts';
import { UserError } from './lib/errors/user-error.ts';
import { changeOptions, jobOptions, type SharedOption, sharedOptions, type SharedValues } from './shared-options.ts';
import { readSharedValues } from './shared-values.ts';

// The only importer of commander's values.

/** What one command line says, checked and typed by the command's own definition. */
export interface ParsedWords {
  options: Record<string, unknown>;
  args: readonly unknown[];
  shared: SharedValues;
}

/**
 * commander's picture of one command with the shared options: for parsing, help, completion and the reference. With
 * `words` only with those options that may be among them.
 */
export function buildSpec(name: string, command: AnyCommand, words?: readonly string[]): Commander {
  const spec = new Commander(`devops ${name}`)
    .exitOverride()
    .helpOption(false)
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  const isTyped = words === undefined ? () => true : typedAmong(words);
  if (words !== undefined) makeOnlyTyped(spec, isTyped);
  command.define(spec as never);
  for (const option of spec.options) {
    const { parseArg } = option;
    if (parseArg === undefined) continue;
    option.argParser((value, previous: unknown) =>
      namingOption(option.long, () => parseArg.call(option, value, previous)),
    );
  }
  const added = [...(command.changes === true ? changeOptions : []), ...sharedOptions, ...jobOptions];
  for (const option of added) {
    // `run` has the options of a job as its own.
    if (spec.options.some(({ long }) => long === option.long)) continue;
    if (isTyped(option.short === undefined ? option.long : `${option.short}, ${option.long}`)) addShared(spec, option);
  }
  return spec;
}

/** Throws a UserError of code `usage` for anything that the definition does not know. */
export function parseWords(line: CommandLine, name: string, command: AnyCommand): ParsedWords {
  const words = [...line.leading, ...line.rest];
  const spec = buildSpec(name, command, words);
  const behind = line.afterDoubleDash === undefined ? [] : ['--', ...line.afterDoubleDash];
  try {
    spec.parse([...words, ...behind], { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? usageError(error, name, buildSpec(name, command)) : error;
  }
  const { shared, own } = readSharedValues(spec.opts());
  return { options: own, args: spec.processedArgs, shared };
}

export function asksForHelp(line: CommandLine, name: string, command: AnyCommand): boolean {
  if (line.rest.includes('--help')) return true;
  const at = line.rest.indexOf('-h');
  if (at === -1) return false;
  const spec = buildSpec(name, command);
  // Behind an option that wants a value it is that value.
  const before = line.rest[at - 1] ?? '';
  const isValue = spec.options.some(({ short, long, required }) => required && [short, long].includes(before));
  return !isValue && !ownsShort(spec, '-h');
}

/**
 * A command that uses a letter for something else keeps it: the shared option then has its long name only. Its value is
 * stored under that name, where it meets no option of the command: `--no-color` is no `--color never`.
 */
function addShared(spec: Commander, option: SharedOption): void {
  const short = option.short === undefined || ownsShort(spec, option.short) ? '' : `${option.short}, `;
  const value = option.value === undefined ? '' : ` <${option.value}>`;
  const added = spec.createOption(`${short}${option.long}${value}`, option.description);
  added.attributeName = () => option.long;
  if (option.repeatable === true) {
    added.argParser((text: string, before: readonly string[]) => [...before, text]).default([]);
  }
  spec.addOption(added);
}

function ownsShort(spec: Commander, short: string): boolean {
  return spec.options.some((option) => option.short === short);
}

function namingOption<Value>(long: string | undefined, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`option '${long}': ${error.message}`, { code: 'usage', hints: error.hints, cause: error });
  }
}

function usageError(error: CommanderError, name: string, spec: Commander): UserError {
  const message = error.message.replace(/^error: /, '').split('\n')[0]!;
  const option = /^unknown option '(.*)'$/.exec(message)?.[1];
  if (option !== undefined) {
    const known = spec.options.flatMap(({ long }) => long ?? []);
    const long = option.split('=', 1)[0]!;
    // commander says of a value for a switch that it does not know the switch.
    if (known.includes(long)) return new UserError(`option '${long}' takes no value`, { code: 'usage' });
    return unknownOption(option, known, name);
  }
  return new UserError(message, { code: 'usage', hints: [`devops ${name} --help shows how it is called`] });
}
