import type { Command as Commander } from 'commander';

/** Tells whether an option, declared as in `-o, --output <format>`, may be among the words that were typed. */
export type IsTyped = (flags: string) => boolean;

/**
 * Making an option of commander costs a tenth of a millisecond, and some commands have sixty: of those that a command
 * declares from now on, only the typed ones are made. Of the others nothing is left but their default.
 */
export function makeOnlyTyped(spec: Commander, isTyped: IsTyped): void {
  const { option } = spec;
  spec.option = ((...args: Parameters<typeof option>) => {
    const [flags, , third, fourth] = args;
    if (isTyped(flags)) return Reflect.apply(option, spec, args);
    const ownDefault: unknown = typeof third === 'function' ? fourth : third;
    const long = longOf(flags);
    const value = long.startsWith('--no-') ? (ownDefault ?? true) : ownDefault;
    if (value !== undefined) spec.setOptionValueWithSource(attributeName(long), value, 'default');
    return spec;
  }) as typeof option;
}

/** Names as they were typed, with or without a value; and letters, of which a word may have several. */
export function typedAmong(words: readonly string[]): IsTyped {
  const names = new Set<string>();
  let letters = '';
  for (const word of words) {
    if (word.startsWith('--')) names.add(word.split('=', 1)[0]!);
    else if (word.startsWith('-')) letters += word.slice(1);
  }
  return (flags) => names.has(longOf(flags)) || (flags[1] !== '-' && letters.includes(flags[1]!));
}

function longOf(flags: string): string {
  const start = flags.indexOf('--');
  const end = flags.indexOf(' ', start);
  if (start === -1) throw new Error(`an option is declared as '-o, --output <format>', not as '${flags}'`);
  return end === -1 ? flags.slice(start) : flags.slice(start, end);
}

/** commander's rule: `--no-color` is stored as `color`, `--fail-on` as `failOn`. */
function attributeName(long: string): string {
  return long.replace(/^--(no-)?/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
