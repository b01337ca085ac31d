import { open } from 'node:fs/promises';
import type { LineBlock } from './line-block.ts';
import { createRandom, type Random } from './random.ts';

/** The one day of every log, in UTC: no zone changes its clocks on a Wednesday in January. */
export const day = '2026-01-14';

/** In each log, whatever its size, evenly over the day. */
export const needleCount = 20;

/** What is in a needle and in no other line. */
export const needle = 'E4471-UNREACHABLE';

const blockBytes = 1 << 20;
/** Nothing that is appended at once, a stack trace included, is longer. */
const roomForOne = 8 << 10;
const millisecondsOfDay = 86_400_000;

/** Appends one event, of one line or of some, at `millisecond` of the day. */
export type AppendEvent = (block: LineBlock, millisecond: number, random: Random) => void;

export interface DayLog {
  seed: number;
  event: AppendEvent;
  needle: AppendEvent;
}

/**
 * Writes a log of `size` bytes or a line more: times ascend over the whole day, as many bytes in every minute. The same
 * log and size give the same bytes. One block is filled while the other is written.
 */
export async function writeDay(path: string, size: number, log: DayLog, signal: AbortSignal): Promise<void> {
  const random = createRandom(log.seed);
  const file = await open(path, 'wx');
  try {
    let filling: LineBlock = { bytes: Buffer.allocUnsafe(blockBytes), end: 0 };
    let spare: LineBlock = { bytes: Buffer.allocUnsafe(blockBytes), end: 0 };
    let written = 0;
    let needles = 0;
    let writing: Promise<unknown> = Promise.resolve();
    while (written < size) {
      signal.throwIfAborted();
      const most = Math.min(blockBytes - roomForOne, size - written);
      while (filling.end < most) {
        const share = (written + filling.end) / size;
        const millisecond = Math.floor(share * millisecondsOfDay);
        if (share * needleCount >= needles + 0.5) {
          log.needle(filling, millisecond, random);
          needles++;
        } else {
          log.event(filling, millisecond, random);
        }
      }
      written += filling.end;
      await writing;
      const full = filling;
      writing = file.writeFile(full.bytes.subarray(0, full.end));
      writing.catch(() => undefined);
      filling = spare;
      filling.end = 0;
      spare = full;
    }
    await writing;
    // What is not on the disk yet cannot be dropped from the page cache, and would be written during a measured run.
    await file.sync();
  } finally {
    await file.close();
  }
}
