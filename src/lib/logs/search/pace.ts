/** Keeps a search that crawls from holding up everything else. */
export interface Pace {
  /** A block in pieces of whole lines, each of which should take a tenth of a second at most. */
  cut(bytes: Buffer): Iterable<Buffer>;
  /** Does the work on a piece, and sees how long it takes. */
  measure<Result>(bytes: Buffer, work: () => Result): Result;
  /** Whether signals and deadlines have to be given a turn by now. */
  needsTurn(): boolean;
}

/** As long as nobody knows how fast it is. */
const firstBytes = 8192;
const leastBytes = 1024;
const targetMilliseconds = 100;
/** Below so many bytes a second people should know which pattern it is. */
const slowRate = 262_144;

/**
 * Ordinary patterns take a thousandth of a second for 256 KiB. One that makes thousands of states may take seconds, in
 * which no Ctrl-C and no deadline would be noticed. `onSlow` hears once of the piece and its bytes a second.
 */
export function createPace(now: () => number, onSlow: (piece: Buffer, bytesPerSecond: number) => void): Pace {
  let most = firstBytes;
  let wasTold = false;
  let isSlow = false;
  return {
    *cut(bytes) {
      for (let at = 0; at < bytes.length;) {
        const end = at + most >= bytes.length ? bytes.length : bytes.indexOf(0x0a, at + most) + 1 || bytes.length;
        yield bytes.subarray(at, end);
        at = end;
      }
    },
    measure(bytes, work) {
      const begin = now();
      const result = work();
      const milliseconds = now() - begin;
      isSlow = milliseconds > targetMilliseconds;
      most = milliseconds < targetMilliseconds / 10 ? Infinity : (bytes.length * targetMilliseconds) / milliseconds;
      most = Math.max(leastBytes, Math.floor(most));
      const rate = (bytes.length * 1000) / Math.max(1, milliseconds);
      if (isSlow && rate < slowRate && !wasTold) {
        wasTold = true;
        onSlow(bytes, rate);
      }
      return result;
    },
    needsTurn: () => isSlow || most !== Infinity,
  };
}
