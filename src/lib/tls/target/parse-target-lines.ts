import { quoted } from '../../text/quoted.ts';
import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';
import { parseTarget, type TargetOptions } from './parse-target.ts';
import { withoutUserInfo } from './target-mistake.ts';
import type { Target } from './target.ts';

/** More lines than this are no list of targets; each one is kept in memory. */
const mostTargets = 500_000;
/** A wrong file has nothing but bad lines. */
const mostShown = 20;
const mostCounted = 10_000;

interface BadLine {
  line: number;
  message: string;
  hints: readonly string[];
}

/**
 * The targets of a list: one on each line, `#` begins a comment at the start of a word, empty lines do not count.
 * Throws one UserError that tells of every bad line, the first 20 of them with what is wrong; `source` is what was read.
 */
export function parseTargetLines(text: string, source: string, options: TargetOptions): Target[] {
  const targets: Target[] = [];
  const bad: BadLine[] = [];
  let badCount = 0;
  let line = 0;
  // Lines are cut off one after the other: an array of them all would be as large again as a huge file.
  const ending = /\r\n|\n|\r|$/g;
  for (let start = 0; start < text.length; start = ending.lastIndex) {
    line++;
    ending.lastIndex = start;
    const end = ending.exec(text)!.index;
    const [target, ...others] = wordsOf(text.slice(start, end));
    if (target === undefined) continue;
    if (targets.length === mostTargets) {
      throw new UserError(`${source} has more than ${mostTargets} targets`, { code: 'usage', hints: ['split it'] });
    }
    try {
      if (others.length > 0) throw extraWord(others[0]!);
      targets.push(parseTarget(target, options));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      badCount++;
      if (badCount === mostCounted) break;
      if (bad.length < mostShown) bad.push({ line, message: error.message, hints: error.hints });
    }
  }
  if (badCount > 0) throw badLines(source, bad, badCount);
  if (targets.length === 0) {
    throw new UserError(`no target in ${source}`, { code: 'usage', hints: ['write one target on each line'] });
  }
  return targets;
}

/** The first two words. Never by \s+, which V8 goes back through: five million spaces are more than its stack holds. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  let rest = line.replace(/(?:^|\s)#.*$/s, '').trim();
  while (rest !== '' && words.length < 2) {
    const space = rest.search(/\s/);
    const end = space === -1 ? rest.length : space;
    words.push(rest.slice(0, end));
    rest = rest.slice(end).trim();
  }
  return words;
}

function extraWord(word: string): UserError {
  const hint = 'write one target on each line, a comment behind #, and a path with spaces as file:///my%20folder';
  return new UserError(`found ${quoted(withoutUserInfo(word))} behind the target, expected the end of the line`, {
    hints: [hint],
  });
}

function badLines(source: string, bad: readonly BadLine[], count: number): UserError {
  const place = ({ line, message }: BadLine): string => `${printable(source)}:${line}: ${message}`;
  const [first, ...others] = bad;
  const atLeast = count === mostCounted ? 'at least ' : '';
  const more = count === 1 ? '' : ` (and ${atLeast}${count - 1} more bad ${count === 2 ? 'line' : 'lines'})`;
  const rest = count === bad.length ? [] : [`and ${atLeast}${count - bad.length} more`];
  return new UserError(`${place(first!)}${more}`, {
    code: 'usage',
    hints: [...first!.hints, ...others.map(place), ...rest],
  });
}
