import { nearest } from './lib/errors/nearest.ts';
import { UserError } from './lib/errors/user-error.ts';
import { everySharedOption, type SharedOption } from './shared-options.ts';

/** A command line cut into its parts, before the command itself is loaded. */
export interface CommandLine {
  /** Shared options that stood before the name, in their long form. */
  leading: readonly string[];
  /** Full name of the command, `config check`; undefined when none was given. */
  name: string | undefined;
  /** What follows the name. */
  rest: readonly string[];
  /** What stands behind the first `--`; undefined without one. */
  afterDoubleDash: readonly string[] | undefined;
  help: boolean;
  version: boolean;
}

/** Cuts argv at the first `--` and finds the command's name behind leading shared options. */
export function splitCommandLine(argv: readonly string[], names: readonly string[]): CommandLine {
  const dashes = argv.indexOf('--');
  const head = dashes === -1 ? [...argv] : argv.slice(0, dashes);
  const leading: string[] = [];
  const line: CommandLine = {
    leading,
    name: undefined,
    rest: [],
    afterDoubleDash: dashes === -1 ? undefined : argv.slice(dashes + 1),
    help: false,
    version: false,
  };
  let at = 0;
  for (; at < head.length && head[at]!.startsWith('-') && head[at] !== '-'; at++) {
    const word = head[at]!;
    if (word === '--help' || word === '-h') return { ...line, help: true, rest: head.slice(at + 1) };
    if (word === '--version' || word === '-V') return { ...line, version: true };
    const { long, inlineValue, option } = readLeadingOption(word);
    if (option.value === undefined) {
      leading.push(long);
      // `-qv` is `-q -v`.
      if (inlineValue !== undefined) head.splice(at + 1, 0, `-${inlineValue}`);
    } else if (inlineValue !== undefined) leading.push(`${long}=${inlineValue}`);
    else if (head[at + 1] === undefined)
      throw new UserError(`option '${word}' needs a value: <${option.value}>`, { code: 'usage' });
    else leading.push(`${long}=${head[++at]!}`);
  }
  if (head[at] === undefined) return line;
  if (head[at] === 'help') return { ...line, help: true, rest: head.slice(at + 1) };
  if (asksForGroupHelp(head.slice(at), names)) return { ...line, help: true, rest: [head[at]!] };
  const { name, words } = findName(head.slice(at), names);
  return { ...line, name, rest: head.slice(at + words) };
}

function readLeadingOption(word: string): { long: string; inlineValue: string | undefined; option: SharedOption } {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    const long = equals === -1 ? word : word.slice(0, equals);
    const option = everySharedOption.find((candidate) => candidate.long === long);
    if (option === undefined) {
      throw unknownOption(
        long,
        everySharedOption.map((candidate) => candidate.long),
      );
    }
    if (equals !== -1 && option.value === undefined) {
      throw new UserError(`option '${long}' takes no value`, { code: 'usage' });
    }
    return { long, inlineValue: equals === -1 ? undefined : word.slice(equals + 1), option };
  }
  const option = everySharedOption.find((candidate) => candidate.short === word.slice(0, 2));
  if (option === undefined) throw unknownOption(word, []);
  return { long: option.long, inlineValue: word.length > 2 ? word.slice(2) : undefined, option };
}

/** `devops config --help` asks for the subcommands of `config`. */
function asksForGroupHelp([first, second]: readonly string[], names: readonly string[]): boolean {
  return (second === '--help' || second === '-h') && names.every((name) => name !== first) && isGroup(first!, names);
}

function isGroup(word: string, names: readonly string[]): boolean {
  return names.some((name) => name.startsWith(`${word} `));
}

/** One line and the nearest option: the same words before and after the command's name. */
export function unknownOption(typed: string, candidates: readonly string[], name?: string): UserError {
  // The value has no place in a message: it may be a secret.
  const word = typed.startsWith('--') ? typed.split('=', 1)[0]! : typed;
  const near = nearest(word, candidates);
  const hints = near === undefined ? [] : [`did you mean '${near}'?`];
  return new UserError(`unknown option '${word}'`, {
    code: 'usage',
    hints: [
      ...hints,
      name === undefined ? 'devops --help lists all commands' : `devops ${name} --help lists its options`,
    ],
  });
}

/** The longest name that the words begin with, or a UserError that says which name was meant. */
export function findName(words: readonly string[], names: readonly string[]): { name: string; words: number } {
  const [first, second] = words as [string, ...string[]];
  const pair = `${first} ${second ?? ''}`;
  if (names.includes(pair)) return { name: pair, words: 2 };
  if (names.includes(first)) return { name: first, words: 1 };
  const group = names.filter((name) => name.startsWith(`${first} `));
  if (group.length > 0) {
    const near = second === undefined ? undefined : nearest(pair, group);
    const hint =
      near === undefined
        ? `write one of: ${group.map((name) => `devops ${name}`).join(', ')}`
        : `did you mean 'devops ${near}'?`;
    const message =
      second === undefined || second.startsWith('-') ? `'${first}' needs a subcommand` : `unknown command '${pair}'`;
    throw new UserError(message, { code: 'usage', hints: [hint] });
  }
  const near =
    nearest(first, names) ??
    nearest(
      first,
      names.map((name) => name.split(' ')[0]!),
    );
  throw new UserError(`unknown command '${first}'`, {
    code: 'usage',
    hints: near === undefined ? ['devops --help lists all commands'] : [`did you mean 'devops ${near}'?`],
  });
}
