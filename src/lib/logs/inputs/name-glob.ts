import { parseBracket } from './bracket.ts';
import type { CharacterSet } from './bracket.ts';

/** A glob of one name, without folders. */
export interface NameGlob {
  /** The only name that fits, when there is no wildcard. */
  literal: string | undefined;
  /** Whether it begins with a dot of its own, so that hidden names may fit where a shell expands it. */
  beginsWithDot: boolean;
  /** Upper and lower case differ; a leading dot is nothing special here, as in `grep --include`. */
  fits(name: string): boolean;
}

type Token = '*' | number | CharacterSet;

/** No filesystem has longer names, in bytes. */
const longestName = 255;

/** Four times the longest name. The time to read brackets that are not closed is the square of it. */
const longestGlob = 1024;

/**
 * `*` any characters, `?` one, `[a-z]` one of a set, `\` before any of them the character itself. Matched without
 * backtracking beyond the last `*`: the time is at most the length of the glob times that of the name, and a glob that
 * asks for more than 255 characters, or is longer than 1024 itself, fits nothing. Some 0.05 µs a name for
 * `prefix*suffix`, 1 µs for others.
 */
export function compileNameGlob(glob: string): NameGlob {
  if (glob.length > longestGlob) return { literal: undefined, beginsWithDot: false, fits: () => false };
  const tokens = tokensOf(glob);
  const beginsWithDot = tokens[0] === 0x2e;
  // One character too many is enough to fit nothing.
  const literal = literalOf(tokens.slice(0, longestName + 1));
  if (literal !== undefined && tokens.every((token) => typeof token === 'number')) {
    return { literal, beginsWithDot, fits: (name) => name === literal };
  }
  if (tokens.filter((token) => token !== '*').length > longestName) {
    return { literal: undefined, beginsWithDot, fits: () => false };
  }
  const star = tokens.indexOf('*');
  const [prefix, suffix] = [literalOf(tokens.slice(0, star)), literalOf(tokens.slice(star + 1))];
  if (star !== -1 && prefix !== undefined && suffix !== undefined) {
    const shortest = prefix.length + suffix.length;
    const fits = (name: string): boolean => name.length >= shortest && name.endsWith(suffix) && name.startsWith(prefix);
    return { literal: undefined, beginsWithDot, fits };
  }
  return { literal: undefined, beginsWithDot, fits: (name) => matches(tokens, codePointsOf(name)) };
}

/** Undefined when there is a wildcard in it. */
function literalOf(tokens: readonly Token[]): string | undefined {
  const characters = tokens.filter((token) => typeof token === 'number');
  return characters.length === tokens.length ? String.fromCodePoint(...characters) : undefined;
}

function codePointsOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!);
}

function tokensOf(glob: string): Token[] {
  const characters = Array.from(glob);
  const tokens: Token[] = [];
  let at = 0;
  while (at < characters.length) {
    const character = characters[at]!;
    const bracket = character === '[' ? parseBracket(characters, at) : undefined;
    if (bracket !== undefined) {
      tokens.push(bracket.set);
      at = bracket.next;
    } else if (character === '*') {
      if (tokens.at(-1) !== '*') tokens.push('*');
      at++;
    } else if (character === '?') {
      tokens.push(() => true);
      at++;
    } else {
      // A backslash at the end stands for itself.
      if (character === '\\' && at + 1 < characters.length) at++;
      tokens.push(characters[at++]!.codePointAt(0)!);
    }
  }
  return tokens;
}

function matches(tokens: readonly Token[], name: readonly number[]): boolean {
  let atToken = 0;
  let atName = 0;
  let star = -1;
  let resume = 0;
  while (atName < name.length) {
    const token = tokens[atToken];
    if (token === '*') {
      star = atToken++;
      resume = atName;
    } else if (token !== undefined && fitsOne(token, name[atName]!)) {
      atToken++;
      atName++;
    } else if (star !== -1) {
      atToken = star + 1;
      atName = ++resume;
    } else {
      return false;
    }
  }
  while (tokens[atToken] === '*') atToken++;
  return atToken === tokens.length;
}

function fitsOne(token: number | CharacterSet, codePoint: number): boolean {
  return typeof token === 'number' ? token === codePoint : token(codePoint);
}
