import type { SourceEnd } from '../source/source-problem.ts';
import { createEventStart } from './event-start.ts';
import type { EventTracker } from './event-tracker.ts';
import { alignToEvents, type Block, type Blocks } from './read-blocks.ts';
import type { Pace } from './pace.ts';
import { createRunSelector, type Runs } from './select-runs.ts';
import type { LineFormat, Selection } from './selection.ts';

/** A block of a log and what was found in it. */
export interface Batch extends Block {
  /** The wanted lines. */
  runs: Runs;
  /** How many they are, where that is known without counting. */
  lines?: number;
  /** What is known of each line's event, for lines in their order. */
  events: EventTracker;
  /** What was found is not to be shown, for it is no text. */
  isHidden?: boolean;
}

export interface SearchBlocksOptions {
  tracks: boolean;
  onTime?: ((timeMs: number) => void) | undefined;
  before?: Buffer | undefined;
  pace: Pace;
  signal: AbortSignal;
}

/** For those who ask for none. */
const untrackedEvents: EventTracker = {
  enter() {},
  rewind() {},
  leave() {},
  isStart: () => true,
  at: () => ({ timeMs: undefined, level: () => undefined, passes: () => true }),
};

/**
 * Searches a log block by block. A batch comes for every block, also where nothing was found. `tracks`: events will be
 * asked for; `onTime` hears of some of their times, in their order. `before`: lines before the first block, of an event
 * that may go on there. Throws the reason of an aborted signal.
 */
export async function* searchBlocks(
  blocks: Blocks,
  selection: Selection,
  format: LineFormat,
  { tracks, onTime, before, pace, signal }: SearchBlocksOptions,
): AsyncGenerator<Batch, SourceEnd, void> {
  const { where } = selection;
  const required =
    where === undefined ? undefined : (await import('./required-by-where.ts')).requiredByWhere(where, format.shape);
  const select = createRunSelector(selection, required);
  const events = tracks
    ? (await import('./event-tracker.ts')).createEventTracker(selection, format, onTime)
    : untrackedEvents;
  if (before !== undefined) {
    events.enter(before);
    events.leave();
  }
  const aligned = selection.multiline ? alignToEvents(blocks, createEventStart(selection, format)) : blocks;
  try {
    for (;;) {
      const next = await aligned.next();
      if (next.done === true) return next.value;
      const { bytes: block } = next.value;
      let { offset } = next.value;
      // Events are not torn apart.
      for (const bytes of selection.multiline ? [block] : pace.cut(block)) {
        events.enter(bytes);
        const selected = pace.measure(bytes, () => select(bytes, events));
        events.rewind();
        yield { bytes, offset, ...selected, events };
        if (tracks) events.leave();
        offset += bytes.length;
        if (!pace.needsTurn()) continue;
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
      }
    }
  } finally {
    await aligned.return({ problems: [] });
  }
}
