import type { Zone } from '../../time/zone.ts';
import { compilePatterns } from '../pattern/compile-patterns.ts';
import type { PatternOptions } from '../pattern/pattern-tree.ts';
import type { Selection } from '../search/selection.ts';
import type { LogsGrepOptions } from './grep-options.ts';

// What is not asked for is not loaded: each costs a start some milliseconds.

/** What the options say about which lines are wanted. `patterns` undefined: all of them. */
export async function readSelection(
  options: LogsGrepOptions,
  patterns: readonly string[] | undefined,
  { now, zone }: { now: number; zone(): Zone },
): Promise<Selection> {
  const selection: Selection = {
    invert: options.invertMatch === true,
    multiline: options.multiline === true || options.eventStart !== undefined,
  };
  if (patterns !== undefined) selection.patterns = compilePatterns(patterns, patternOptionsOf(options));
  if (options.since !== undefined || options.until !== undefined || options.around !== undefined) {
    const { readWindow } = await import('./read-window.ts');
    selection.window = readWindow(options, now, zone());
  }
  if (options.level !== undefined) {
    const { parseLevelFilter } = await import('../fields/level-filter.ts');
    selection.levels = parseLevelFilter(options.level);
  }
  if (options.where.length > 0) {
    const { readWhere } = await import('./read-where.ts');
    selection.where = readWhere(options.where);
  }
  if (options.eventStart !== undefined) selection.eventStart = compilePatterns([options.eventStart]);
  return selection;
}

function patternOptionsOf(options: LogsGrepOptions): PatternOptions {
  return {
    fixed: options.fixedStrings === true,
    ignoreCase: options.ignoreCase === true,
    word: options.wordRegexp === true,
    line: options.lineRegexp === true,
  };
}
