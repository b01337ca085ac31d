import type { Command as Commander } from 'commander';

/** The names of an option, as in `-o, --output <format>`. */
interface OptionNames {
  short?: string | undefined;
  long: string;
}

/**
 * Making an option of commander costs a tenth of a millisecond, and some commands have sixty: of those that a command
 * declares from now on, only the wanted ones are made. Of the others nothing is left but their default.
 */
export function makeOnlyOptions(spec: Commander, wanted: (names: OptionNames) => boolean): void {
  const { option } = spec;
  spec.option = ((...args: Parameters<typeof option>) => {
    const names = namesOf(args[0]);
    if (wanted(names)) return Reflect.apply(option, spec, args) as Commander;
    const [, , third, fourth] = args;
    const ownDefault: unknown = typeof third === 'function' ? fourth : third;
    const value = names.long.startsWith('--no-') ? (ownDefault ?? true) : ownDefault;
    if (value !== undefined) spec.setOptionValueWithSource(attributeName(names.long), value, 'default');
    return spec;
  }) as typeof option;
}

/** Whether a typed word may be this option: its name, with or without a value, or letters of which it is one. */
export function mayBe({ long, short }: OptionNames, word: string): boolean {
  if (word.startsWith('--')) return word.startsWith(long);
  return short !== undefined && word.startsWith('-') && word.includes(short[1]!);
}

function namesOf(flags: string): OptionNames {
  const names = /^(?:(-\w), )?(--[\w-]+)/.exec(flags);
  if (names === null) throw new Error(`an option is declared as '-o, --output <format>', not as '${flags}'`);
  return { short: names[1], long: names[2]! };
}

/** commander's rule: `--no-color` is stored as `color`, `--fail-on` as `failOn`. */
function attributeName(long: string): string {
  return long.replace(/^--(no-)?/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
