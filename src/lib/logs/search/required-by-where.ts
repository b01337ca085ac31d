import type { Shape } from '../fields/shape.ts';
import { whereLiterals } from '../fields/where-literals.ts';
import type { Where } from '../fields/where.ts';
import { compilePatterns } from '../pattern/compile-patterns.ts';
import type { CompiledPatterns } from '../pattern/compile-patterns.ts';

/** Texts of which the first line of every event has one that fulfils the condition; undefined when nothing is sure. */
export function requiredByWhere(where: Where, shape: Shape): CompiledPatterns | undefined {
  const lists = whereLiterals(where, shape).filter((list) => list.length > 0);
  const shortest = (list: readonly string[]) => Math.min(...list.map((text) => text.length));
  const best = lists.toSorted((one, other) => shortest(other) - shortest(one))[0];
  return best === undefined ? undefined : compilePatterns(best, { fixed: true });
}
