import { UserError } from '../../errors/user-error.ts';
import type { CompiledPatterns } from '../pattern/compile-patterns.ts';

/** A second of work, and more for long lines: what a pattern needs that does not look at the rest again and again. */
const mostSteps = 100_000_000;
const mostStepsPerByte = 16;

/**
 * The matches of a line from left to right, those without a byte left out. One match is found in time linear in the
 * line, all of them together may not be: each `a` of `a.*b|a` asks whether a b follows anywhere. Before that takes
 * minutes it throws a UserError that names the pattern, or leaves out the rest with `isForShow`.
 */
export function* matchesOfLine(
  patterns: CompiledPatterns,
  bytes: Buffer,
  start: number,
  end: number,
  isForShow = false,
): Generator<{ start: number; end: number }> {
  const most = Math.max(mostSteps, mostStepsPerByte * (end - start));
  let steps = 0;
  for (let from = start; from <= end;) {
    const match = patterns.find(bytes, start, end, from);
    if (match === undefined) return;
    if (match.end > match.start) yield match;
    steps += match.reach - from;
    if (steps > most) {
      if (isForShow) return;
      throw tooSlow(patterns, end - start);
    }
    from = match.end > match.start ? match.end : match.end + 1;
  }
}

function tooSlow({ texts }: CompiledPatterns, length: number): UserError {
  const shown = texts.map((text) => `'${text}'`).join(', ');
  return new UserError(`the matches of ${shown} take too long to tell apart in a line of ${length} bytes`, {
    code: 'failed',
    hints: ['leave out -o, or write the pattern without .* before something that may be missing'],
  });
}
