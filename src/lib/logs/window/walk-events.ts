import { readSync } from 'node:fs';
import type { TimeFormat } from '../time/time-format.ts';

/** The first line of an event, which is a line with a time and the lines behind it without one. */
export interface EventLine {
  /** Byte offset in the file. */
  start: number;
  /** Milliseconds since 1970; a local time that the clocks show twice is read as the earlier of both here ... */
  earliest: number;
  /** ... and as the later here, as only a reader of all that stands before it can tell. */
  latest: number;
}

export interface WalkOptions {
  /** Where the text begins. */
  start: number;
  /** Bytes that count. */
  size: number;
  format: TimeFormat;
  signal: AbortSignal;
  /** Told of the bytes of each read. */
  onRead?: ((bytes: number) => void) | undefined;
}

/**
 * - `end`: all lines that begin before the limit were looked at.
 * - `stopped`: the visitor wanted no more.
 * - `gave-up`: the file is shorter than it was, cannot be read, or too much of it has no line with a time.
 */
export type WalkResult = 'end' | 'stopped' | 'gave-up';

export interface EventWalk {
  /**
   * Shows the events whose lines begin in [from, limit), in order; `from` may be in the middle of a line, which is left
   * out then. The first read is of `firstBytes`. The visitor answers false to stop.
   */
  walk(from: number, limit: number, firstBytes: number, visit: (event: EventLine) => boolean): Promise<WalkResult>;
  /**
   * The last line of the file when it has a time but no line feed, once it was come across. It is not shown to visitors:
   * somebody may be writing it, and `14:00` may become `14:00:59`.
   */
  cut(): EventLine | undefined;
}

/** How much of one line is held to read its time: no format looks further into it. */
const longestHead = 1024 * 1024;
const largestRead = 262_144;
/** How much is read between two looks at the signal. */
const bytesBetweenTurns = 16 * 1024 * 1024;
/** Beyond this, and an eighth of the file, looking for lines with a time is no better than reading everything. */
const leastBudget = 256 * 1024 * 1024;

/** Finds the events of parts of an open file. One walk at a time; at most 1 MiB of memory whatever the lines' length. */
export function createEventWalk(descriptor: number, options: WalkOptions): EventWalk {
  const { start, size, format, signal, onRead } = options;
  let budget = Math.max(leastBudget, size / 8);
  let untilTurn = bytesBetweenTurns;
  let buffer = Buffer.allocUnsafeSlow(8192);
  let cutLine: EventLine | undefined;

  function eventAt(offset: number, from: number, to: number): EventLine | undefined {
    const earliest = format.read(buffer, from, to);
    if (earliest === undefined) return undefined;
    return { start: offset, earliest, latest: format.read(buffer, from, to, Infinity) ?? earliest };
  }

  /** Makes the buffer larger and keeps its first bytes. */
  function grow(bytes: number, kept: number): void {
    if (buffer.length >= bytes) return;
    const larger = Buffer.allocUnsafeSlow(bytes);
    buffer.copy(larger, 0, 0, kept);
    buffer = larger;
  }

  /** Answers 0 for a file that cannot be read as it was. */
  function readAt(position: number, into: number, bytes: number): number {
    let count: number;
    try {
      count = readSync(descriptor, buffer, into, Math.min(bytes, buffer.length - into, size - position), position);
    } catch {
      // Whoever reads the file from its start then meets the same failure, and tells of it.
      return 0;
    }
    onRead?.(count);
    budget -= count;
    untilTurn -= count;
    return budget < 0 ? 0 : count;
  }

  async function takeTurn(): Promise<void> {
    untilTurn = bytesBetweenTurns;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }

  return {
    cut: () => cutLine,

    async walk(from, limit, firstBytes, visit) {
      signal.throwIfAborted();
      if (from >= limit) return 'end';
      // The byte before tells whether a line begins at `from`.
      let base = from > start ? from - 1 : from;
      let length = 0;
      // Where in the buffer the line begins; -1 while the end of a line is looked for that is of no interest.
      let line = from > start ? -1 : 0;
      let chunk = Math.min(firstBytes, largestRead + 8192);
      grow(chunk, 0);
      for (;;) {
        if (line === -1) {
          base += length;
          length = 0;
          if (base >= limit - 1) return 'end';
          grow(chunk, 0);
        } else if (length === buffer.length) {
          if (line > 0) {
            buffer.copyWithin(0, line, length);
            base += line;
            length -= line;
            line = 0;
          } else if (length < longestHead) {
            grow(Math.min(length * 2, longestHead), length);
          } else {
            const event = eventAt(base, 0, length);
            if (event !== undefined && !visit(event)) return 'stopped';
            line = -1;
            continue;
          }
        }

        if (base + length >= size) {
          if (line >= 0 && line < length) cutLine = eventAt(base + line, line, length) ?? cutLine;
          return 'end';
        }
        const count = readAt(base + length, length, chunk);
        if (count === 0) return 'gave-up';
        chunk = Math.max(chunk, Math.min(chunk * 2, largestRead));

        let searched = length;
        length += count;
        const filled = buffer.subarray(0, length);
        for (;;) {
          const feed = filled.indexOf(10, searched);
          if (feed === -1) break;
          if (line >= 0) {
            const event = eventAt(base + line, line, feed);
            if (event !== undefined && !visit(event)) return 'stopped';
          }
          line = searched = feed + 1;
          if (base + line >= limit) return 'end';
        }
        if (untilTurn <= 0) await takeTurn();
      }
    },
  };
}
