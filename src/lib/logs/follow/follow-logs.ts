import { closeSync } from 'node:fs';
import { pause } from '../../time/pause.ts';
import { createLogState } from './log-state.ts';
import { lookAtLog } from './look-at-log.ts';
import { hasNews, isEnding, readLog } from './read-log.ts';

export interface FollowedLog {
  /** Of the log in notes. */
  name: string;
  path: string;
  /**
   * Byte to begin at, the start of a line. Undefined: the end of the file as it is at the first look, or the start of
   * its last line where that has no line feed yet. 0 for a file that did not exist yet.
   */
  start?: number;
}

export interface FollowOptions {
  signal: AbortSignal;
  /** Seconds between two looks. Default 0.25. */
  pollSeconds?: number;
  /** Told for people, once for each time that it happens: `app.log: was rotated, goes on with the new file`. */
  onNote(note: string): void;
  /** Bytes. Lines longer than this are delivered in pieces. Default 64 MiB. */
  longestLine?: number;
}

/** Whole lines with their line feeds, of one file at a time; the memory holds until the next one is asked for. */
export interface FollowedLines {
  log: FollowedLog;
  bytes: Buffer;
  /**
   * True for the first lines of another file under the same name, and of a file that was truncated; also when late lines
   * of a rotated file come between those of the new one.
   */
  isNewFile: boolean;
  /**
   * False: the piece of a line that is too long, or the last line of a rotated or truncated file without a line feed.
   * What follows belongs to the same line unless it has `isNewFile`.
   */
  endsLine: boolean;
}

const defaultPollSeconds = 0.25;
const defaultLongestLine = 64 * 1024 * 1024;
/** Of each log at a time, so that one with much to tell does not hold up the others. */
const chunkBytes = 131_072;

/**
 * Yields new lines of logs as they come, without end, in the order of each log's files. A name that means another file
 * was rotated: the old file is read to its end, the new one from its start. Files that were truncated, also when they
 * have grown beyond the old place since, are read from their start; gone ones and links to nothing are waited for.
 *
 * One stat of each name at each look: 500 quiet logs take about one per cent of a core. Between two looks all that
 * is there is read, in turns. Memory: one chunk, and the lines that are not whole yet. Throws the reason of an aborted
 * signal; nothing that is wrong with a file is thrown, but told as a note and tried again. While the next lines are
 * waited for only the signal ends it at once: return() of any async generator comes after what it waits for.
 */
export async function* followLogs(
  logs: readonly FollowedLog[],
  options: FollowOptions,
): AsyncGenerator<FollowedLines, never, void> {
  const { signal, pollSeconds = defaultPollSeconds, longestLine = defaultLongestLine } = options;
  const states = logs.map((log) => createLogState(log, (note) => options.onNote(note)));
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  try {
    for (;;) {
      signal.throwIfAborted();
      const nextLook = performance.now() + pollSeconds * 1000;
      for (const state of states) lookAtLog(state, longestLine, Date.now());
      do {
        for (const state of states) {
          if (!hasNews(state) && !isEnding(state)) continue;
          for (const lines of readLog(state, buffer)) {
            yield lines;
            signal.throwIfAborted();
          }
        }
        // Timers and signals have their turn, however much there is to read.
        if (states.some(hasNews)) await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
      } while (states.some(hasNews) && performance.now() < nextLook);
      if (!states.some(hasNews)) await pause(pollSeconds, signal);
    }
  } finally {
    for (const { descriptor } of states.flatMap(({ files }) => files)) closeSync(descriptor);
  }
}
