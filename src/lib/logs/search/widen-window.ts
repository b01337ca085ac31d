import { createEventTracker } from './event-tracker.ts';
import { linesBefore, linesBehind } from './lines-around.ts';
import type { SearchOptions } from './search-options.ts';
import type { LineFormat } from './selection.ts';

interface Surroundings extends Pick<SearchOptions, 'selection' | 'context'> {
  descriptor: number;
  /** Of what is searched, bytes of the file. */
  start: number;
  end: number;
  /** The lines before `start`, from the first one of an event on. */
  before: Buffer;
  format: LineFormat;
}

/** A stretch of a file with the lines around it that may be printed, and those that go on with an event before `start`. */
export function widenWindow(
  stretch: { start: number; end: number },
  { descriptor, start, end, before, format, selection, context = { before: 0, after: 0 } }: Surroundings,
): { start: number; end: number; before: Buffer } {
  const { timeMs } = lastEventOf(before, createEventTracker(selection, format));
  const goesOn = timeMs !== undefined && timeMs >= (selection.window?.sinceMs ?? -Infinity);
  return {
    start: linesBefore(descriptor, goesOn ? start : stretch.start, context.before, start),
    end: linesBehind(descriptor, stretch.end, context.after, end),
    before,
  };
}

function lastEventOf(lines: Buffer, tracker: ReturnType<typeof createEventTracker>) {
  tracker.enter(lines);
  tracker.leave();
  tracker.enter(Buffer.alloc(0));
  return tracker.at(0);
}
