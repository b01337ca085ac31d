/** Takes bytes and hands over whole lines. */
export interface LineTaker {
  write(chunk: Buffer): void;
  /** Nothing more comes: what has no newline at its end was torn and is dropped. */
  end(): void;
  /** Lines that were not handed over. */
  dropped(): number;
}

/** Longer lines are dropped, so that one without an end does not fill our memory. */
const longestLine = 1_048_576;

/**
 * Lines of UTF-8 text, without their newlines. A line longer than 1 MiB is dropped and counted, and so is every line
 * after `mostBytes` were handed over: the bytes are read on, so that who writes them is not held up.
 */
export function createLineTaker(take: (line: string) => void, mostBytes: number): LineTaker {
  let pieces: Buffer[] = [];
  let length = 0;
  let handedOver = 0;
  let dropped = 0;

  function endLine(last: Buffer): void {
    const bytes = length + last.length;
    if (bytes > longestLine || handedOver + bytes > mostBytes) dropped++;
    else {
      handedOver += bytes;
      take(pieces.length === 0 ? last.toString() : Buffer.concat([...pieces, last]).toString());
    }
    pieces = [];
    length = 0;
  }

  return {
    write(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, start)) {
        endLine(chunk.subarray(start, at));
        start = at + 1;
      }
      if (start === chunk.length) return;
      length += chunk.length - start;
      if (length > longestLine) pieces = [];
      else pieces.push(chunk.subarray(start));
    },
    end() {
      if (length > 0) dropped++;
      pieces = [];
      length = 0;
    },
    dropped: () => dropped,
  };
}
