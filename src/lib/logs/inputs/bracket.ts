/** A set of characters as code points. */
export type CharacterSet = (codePoint: number) => boolean;

/** What POSIX calls these, in ASCII: the locale of cron is not the one of the terminal, and the answer should be. */
const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /\p{Cc}/u,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /\s/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/**
 * Reads a bracket expression of a glob (POSIX.1-2024, section 2.14.1): `[a-z]`, `[!0-9]` or `[^0-9]`, `[]x]`,
 * `[[:digit:]]`, `[\]]`. Ranges go by code points. `at` is the place of the `[`; `next` the one behind the `]`.
 * Undefined when it is not closed, for then the `[` is an ordinary character.
 */
export function parseBracket(glob: readonly string[], at: number): { set: CharacterSet; next: number } | undefined {
  const ranges: [number, number][] = [];
  const named: RegExp[] = [];
  let position = at + 1;
  const isNegated = glob[position] === '!' || glob[position] === '^';
  if (isNegated) position++;
  const first = position;
  for (;;) {
    const character = glob[position];
    if (character === undefined) return undefined;
    if (character === ']' && position > first) break;
    const known = character === '[' && glob[position + 1] === ':' ? classAt(glob, position) : undefined;
    if (known !== undefined) {
      named.push(known.characters);
      position = known.next;
      continue;
    }
    const low = memberAt(glob, position);
    if (low === undefined) return undefined;
    position = low.next;
    let high = low;
    if (glob[position] === '-' && glob[position + 1] !== undefined && glob[position + 1] !== ']') {
      const end = memberAt(glob, position + 1);
      if (end === undefined) return undefined;
      high = end;
      position = end.next;
    }
    ranges.push([low.codePoint, high.codePoint]);
  }
  const holds: CharacterSet = (codePoint) =>
    ranges.some(([low, high]) => low <= codePoint && codePoint <= high) ||
    named.some((characters) => characters.test(String.fromCodePoint(codePoint)));
  return { set: (codePoint) => holds(codePoint) !== isNegated, next: position + 1 };
}

/** The longest name is `xdigit`. */
const classBytes = 12;

function classAt(glob: readonly string[], at: number): { characters: RegExp; next: number } | undefined {
  const [word, name] = /^\[:([a-z]+):\]/.exec(glob.slice(at, at + classBytes).join('')) ?? [];
  const characters = name !== undefined && Object.hasOwn(classes, name) ? classes[name] : undefined;
  return characters === undefined ? undefined : { characters, next: at + word!.length };
}

function memberAt(glob: readonly string[], at: number): { codePoint: number; next: number } | undefined {
  const place = glob[at] === '\\' ? at + 1 : at;
  const character = glob[place];
  return character === undefined ? undefined : { codePoint: character.codePointAt(0)!, next: place + 1 };
}
