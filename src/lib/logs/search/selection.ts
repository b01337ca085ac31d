import type { Level } from '../fields/level.ts';
import type { Shape } from '../fields/shape.ts';
import type { Where } from '../fields/where.ts';
import type { CompiledPatterns } from '../pattern/compile-patterns.ts';
import type { TimeFormat } from '../time/time-format.ts';
import type { TimeWindow } from '../window/time-window.ts';

/** Which lines are wanted. All that is given has to hold. */
export interface Selection {
  /** A line that matches one of them; left out, every line. */
  patterns?: CompiledPatterns;
  /** A line that matches none of them. */
  invert: boolean;
  /** Time, level and fields are those of the event that a line belongs to. */
  window?: TimeWindow;
  levels?: ReadonlySet<Level>;
  where?: Where;
  /** An event is found as a whole, when one of its lines matches. */
  multiline: boolean;
  /** What the first line of an event looks like, where its time is not what tells. */
  eventStart?: CompiledPatterns;
}

/** How the lines of one log are to be read. */
export interface LineFormat {
  /** Undefined where no time can be read. */
  time: TimeFormat | undefined;
  shape: Shape;
}

/** Whether it takes more than the bytes of a line to tell whether it is wanted. */
export function asksForEvents({ window, levels, where, multiline }: Selection): boolean {
  return window !== undefined || levels !== undefined || where !== undefined || multiline;
}

/** The selection without its window, for a stretch of a log that lies within. */
export function withoutWindow(selection: Selection): Selection {
  const { window, ...rest } = selection;
  return window === undefined ? selection : rest;
}
