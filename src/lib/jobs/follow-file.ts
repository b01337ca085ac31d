import { closeSync, fstatSync, readSync } from 'node:fs';
import { systemErrorName } from '../files/system-failure.ts';

/** Takes a piece, which is overwritten when the promise settles, or at once where there is none. */
export type TakePiece = (piece: Buffer) => Promise<void> | undefined;

/** A file that is read while somebody writes to it. */
export interface Follower {
  /** What was appended from here to there is not passed on. */
  skip(from: number, to: number): void;
  /** Resolves when what the file has now was passed on. */
  end(): Promise<void>;
  /** Passes on no more, and closes the descriptor. */
  close(): void;
}

const pieceBytes = 65_536;
/** Between two looks at a file that has not grown: at first, and when nothing came for long. */
const shortestMilliseconds = 20;
const longestMilliseconds = 200;

/**
 * Passes on what is written to a file, from its beginning, in the pace of who takes it: the writer is never held up, and
 * one fixed piece is in memory however far the reader is behind. A `take` that rejects has gone: nothing more is read.
 * A file that became shorter is passed on from its beginning again. No events of the file system: a look at a file that
 * did not grow takes a microsecond, and unlike events it is never lost.
 */
export function followFile(descriptor: number, take: TakePiece): Follower {
  const piece = Buffer.allocUnsafeSlow(pieceBytes);
  const skipped: { from: number; to: number }[] = [];
  let position = 0;
  /** Known when the writer has ended: who goes on behind its back is not followed for ever. */
  let lastPosition: number | undefined;
  let isClosed = false;
  let wake = (): void => undefined;

  /** How much may be read from here; 0 when the rest is none of ours. */
  function roomAt(): number {
    for (const { from, to } of skipped) if (position >= from && position < to) position = to;
    const next = Math.min(lastPosition ?? Infinity, ...skipped.map(({ from }) => from).filter((at) => at > position));
    return Math.max(0, Math.min(pieceBytes, next - position));
  }

  /** Bytes of the next piece; 0 when there are none now. */
  function readNext(): number {
    const room = roomAt();
    const count = room === 0 ? 0 : readSync(descriptor, piece, 0, room, position);
    if (count === 0 && lastPosition === undefined && fstatSync(descriptor).size < position) startAgain();
    position += count;
    return count;
  }

  function startAgain(): void {
    position = 0;
    skipped.length = 0;
  }

  async function follow(): Promise<void> {
    let pause = shortestMilliseconds;
    for (;;) {
      const isLast = lastPosition !== undefined;
      const count = isClosed ? 0 : readNext();
      if (isClosed || (count === 0 && isLast)) return;
      if (count === 0) {
        await sleep(pause);
        pause = Math.min(pause * 2, longestMilliseconds);
        continue;
      }
      pause = shortestMilliseconds;
      await take(piece.subarray(0, count));
      // A fast reader must not keep signals and deadlines waiting.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  function sleep(milliseconds: number): Promise<void> {
    if (lastPosition !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const followed = follow().catch(() => undefined);
  return {
    skip: (from, to) => void skipped.push({ from, to }),
    end() {
      lastPosition = sizeOf(descriptor);
      if (lastPosition < position) startAgain();
      wake();
      return followed;
    },
    close() {
      isClosed = true;
      closeSync(descriptor);
    },
  };
}

function sizeOf(descriptor: number): number {
  try {
    return fstatSync(descriptor).size;
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return 0;
  }
}
