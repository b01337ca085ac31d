import { nothing, type Suggestions } from './suggestions.ts';

/** A value that is typed: behind an option, or as an argument. */
export interface ValueWords {
  /** As help shows it: `file`, `format=file`, `text|json`. Absent for a switch. */
  valueName?: string | undefined;
  values: readonly string[];
}

/** An option as completion sees it. */
export interface OptionWords extends ValueWords {
  long: string;
  short?: string | undefined;
  description: string;
}

export interface ReadOptions {
  /** The words that are neither options nor their values, and where they stand. */
  operands: readonly { word: string; at: number }[];
  /** The option whose value comes next. */
  pending: OptionWords | undefined;
}

export function readOptions(options: readonly OptionWords[], words: readonly string[]): ReadOptions {
  const operands: { word: string; at: number }[] = [];
  let pending: OptionWords | undefined;
  for (const [at, word] of words.entries()) {
    if (pending !== undefined) pending = undefined;
    else if (word.startsWith('--')) pending = withValue(options.find(({ long }) => long === word));
    else if (word.startsWith('-') && word !== '-') pending = pendingShort(options, word);
    else operands.push({ word, at });
  }
  return { operands, pending };
}

/** `-qo` waits for a value, `-ojson` has it. */
function pendingShort(options: readonly OptionWords[], word: string): OptionWords | undefined {
  for (let at = 1; at < word.length; at++) {
    const option = withValue(options.find(({ short }) => short === `-${word[at]}`));
    if (option !== undefined) return at === word.length - 1 ? option : undefined;
  }
  return undefined;
}

function withValue(option: OptionWords | undefined): OptionWords | undefined {
  return option?.valueName === undefined ? undefined : option;
}

/** For a word that begins with a dash; undefined for any other. */
export function suggestOption(options: readonly OptionWords[], last: string): Suggestions | undefined {
  if (!last.startsWith('-')) return undefined;
  const equals = last.indexOf('=');
  if (last.startsWith('--') && equals !== -1) {
    const option = withValue(options.find(({ long }) => long === last.slice(0, equals)));
    return option === undefined ? nothing : suggestValue(option, last.slice(equals + 1), last.slice(0, equals + 1));
  }
  const attached = withValue(options.find(({ short }) => short === last.slice(0, 2)));
  if (attached !== undefined && last.length > 2) return suggestValue(attached, last.slice(2), last.slice(0, 2));
  const shorts = options.flatMap(({ short, description }) => (short === last ? [{ value: short, description }] : []));
  return { candidates: [...options.map(({ long, description }) => ({ value: long, description })), ...shorts] };
}

/** `front` is what stands before the value in the same word, as in `--output=`. */
export function suggestValue({ valueName = '', values }: ValueWords, typed: string, front: string): Suggestions {
  const equals = typed.indexOf('=');
  const [first = '', second] = valueName.split('=');
  // `junit=report.xml`: behind the equals sign it is the second name that counts.
  if (second !== undefined && equals !== -1) {
    return namesFile(second) ? { fileFrom: front.length + equals + 1 } : nothing;
  }
  const words = values.length === 0 && first.includes('|') ? first.split('|') : values;
  if (words.length === 0) return namesFile(first) ? { fileFrom: front.length } : nothing;
  return { candidates: words.map((value) => ({ value: front + value, description: '' })) };
}

function namesFile(name: string): boolean {
  return /(^|[^a-z])(file|path|folder|directory)s?$/i.test(name);
}
