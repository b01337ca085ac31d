/** Collects bytes to be written in large pieces. */
export interface ByteSink {
  /** Takes a copy of these bytes. */
  copy(bytes: Buffer, start: number, end: number): void;
  text(text: string): void;
  /** Hands over what was collected; a promise when the reader is slow. */
  flush(): Promise<void> | undefined;
  /** The same when it has become much. */
  flushFull(): Promise<void> | undefined;
}

const pieceBytes = 131_072;

/** A piece is never touched again once it is handed over, for it may wait in a queue. */
export function createByteSink(write: (piece: Buffer) => Promise<void> | undefined): ByteSink {
  let pieces: Buffer[] = [];
  let piece = Buffer.allocUnsafeSlow(pieceBytes);
  let used = 0;

  function turnOver(): void {
    if (used === 0) return;
    pieces.push(piece.subarray(0, used));
    piece = Buffer.allocUnsafeSlow(pieceBytes);
    used = 0;
  }

  function flush(): Promise<void> | undefined {
    turnOver();
    if (pieces.length === 0) return undefined;
    const full = pieces;
    pieces = [];
    const waits = full.flatMap((each) => write(each) ?? []);
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
  }

  return {
    copy(bytes, start, end) {
      if (end - start > pieceBytes) {
        turnOver();
        pieces.push(Buffer.from(bytes.subarray(start, end)));
        return;
      }
      if (used + end - start > pieceBytes) turnOver();
      used += bytes.copy(piece, used, start, end);
    },
    text(text) {
      const bytes = Buffer.from(text);
      this.copy(bytes, 0, bytes.length);
    },
    flush,
    flushFull: () => (pieces.length > 0 ? flush() : undefined),
  };
}
