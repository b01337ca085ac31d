import { UserError } from '../../errors/user-error.ts';
import { formatMoment } from '../../time/format-moment.ts';
import { parseMoment } from '../../time/parse-moment.ts';
import type { Zone } from '../../time/zone.ts';
import { parseLevelFilter } from '../fields/level-filter.ts';
import { parseWhere } from '../fields/parse-where.ts';
import type { Where } from '../fields/where.ts';
import { compilePatterns, type CompiledPatterns } from '../pattern/compile-patterns.ts';
import type { PatternOptions } from '../pattern/pattern-tree.ts';
import type { Selection } from '../search/selection.ts';
import type { TimeWindow } from '../window/time-window.ts';
import type { LogsGrepOptions } from './grep-options.ts';

/** Seconds to both sides of --around, unless --within says otherwise. */
const aroundSeconds = 300;

export function patternOptionsOf(options: LogsGrepOptions): PatternOptions {
  return {
    fixed: options.fixedStrings === true,
    ignoreCase: options.ignoreCase === true,
    word: options.wordRegexp === true,
    line: options.lineRegexp === true,
  };
}

/** What the options say about which lines are wanted. `patterns` undefined: all of them. */
export function readSelection(
  options: LogsGrepOptions,
  patterns: readonly string[] | undefined,
  { now, zone }: { now: number; zone(): Zone },
): Selection {
  const window = readWindow(options, now, zone);
  const where = readWhere(options.where);
  return {
    ...(patterns === undefined ? {} : { patterns: compilePatterns(patterns, patternOptionsOf(options)) }),
    invert: options.invertMatch === true,
    multiline: options.multiline === true || options.eventStart !== undefined,
    ...(window === undefined ? {} : { window }),
    ...(options.level === undefined ? {} : { levels: parseLevelFilter(options.level) }),
    ...(where === undefined ? {} : { where }),
    ...(options.eventStart === undefined ? {} : { eventStart: compilePatterns([options.eventStart]) }),
  };
}

function readWindow(options: LogsGrepOptions, now: number, zone: () => Zone): TimeWindow | undefined {
  const { since, until, around, within = aroundSeconds } = options;
  if (since === undefined && until === undefined && around === undefined) return undefined;
  const moment = (name: string, text: string): number => {
    try {
      return parseMoment(text, { now, zone: zone() });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`option '${name}': ${error.message}`, { code: 'usage', hints: error.hints, cause: error });
    }
  };
  const middle = around === undefined ? undefined : moment('--around', around);
  const from = middle === undefined ? since && moment('--since', since) : middle - within;
  const to = middle === undefined ? until && moment('--until', until) : middle + within;
  const start = typeof from === 'number' ? from : undefined;
  const end = typeof to === 'number' ? to : undefined;
  if (start !== undefined && end !== undefined && start >= end) {
    const shown = (seconds: number) => formatMoment(seconds, zone());
    throw new UserError(`no time is both since ${shown(start)} and before ${shown(end)}`, {
      code: 'usage',
      hints: ['--since is the beginning of the window, --until its end'],
    });
  }
  return {
    ...(start === undefined ? {} : { sinceMs: start * 1000 }),
    ...(end === undefined ? {} : { untilMs: end * 1000 }),
  };
}

/** Several conditions have to hold together. */
function readWhere(texts: readonly string[]): Where | undefined {
  const operands = texts.map((text) => parseWhere(text, textMatcher));
  return operands.length > 1 ? { kind: 'and', operands } : operands[0];
}

function textMatcher(pattern: string): (text: string) => boolean {
  const compiled: CompiledPatterns = compilePatterns([pattern]);
  return (text) => {
    // A field may have line feeds, which no line has.
    const bytes = Buffer.from(text.replaceAll('\n', ' '));
    return compiled.matches(bytes, 0, bytes.length);
  };
}
