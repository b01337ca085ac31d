import { brokenAtEnd, brokenAtStart } from './utf8-cut.ts';

/** The first and the last bytes of a stream, and how much of it is not here. */
export interface Captured {
  /** The first bytes, or all of them. */
  head: Buffer;
  /** The last bytes, where they are not in `head` already. */
  tail: Buffer;
  /** Bytes that came; always head + omitted + tail. */
  totalBytes: number;
  /** Bytes left out between `head` and `tail`. */
  omittedBytes: number;
  /** False when we stopped reading before the stream ended: it may have gone on. */
  complete: boolean;
}

/** How much of a stream is kept. */
export interface CaptureLimits {
  headBytes: number;
  tailBytes: number;
}

/** Keeps the first and the last bytes of a stream in fixed memory, however long the stream is. */
export interface HeadAndTail {
  write(chunk: Uint8Array): void;
  /** The stream ended by itself. */
  end(): void;
  captured(): Captured;
}

export function createHeadAndTail(limits: CaptureLimits): HeadAndTail {
  // Both are allocated when first needed: most programs write nothing on stderr and little on stdout.
  let head: Buffer | undefined;
  let ring: Buffer | undefined;
  let headLength = 0;
  /** Bytes that came after the head; the next one goes to this position, modulo the size of the ring. */
  let afterHead = 0;
  let complete = false;

  function writeToRing(chunk: Uint8Array): void {
    const kept = chunk.subarray(Math.max(0, chunk.length - limits.tailBytes));
    afterHead += chunk.length;
    if (kept.length === 0) return;
    ring ??= Buffer.allocUnsafeSlow(limits.tailBytes);
    const start = (afterHead - kept.length) % ring.length;
    const untilEdge = Math.min(kept.length, ring.length - start);
    ring.set(kept.subarray(0, untilEdge), start);
    ring.set(kept.subarray(untilEdge), 0);
  }

  function lastBytes(): Buffer {
    if (ring === undefined) return Buffer.alloc(0);
    if (afterHead <= ring.length) return Buffer.from(ring.subarray(0, afterHead));
    const edge = afterHead % ring.length;
    return Buffer.concat([ring.subarray(edge), ring.subarray(0, edge)]);
  }

  return {
    write(chunk) {
      const forHead = chunk.subarray(0, limits.headBytes - headLength);
      if (forHead.length > 0) {
        head ??= Buffer.allocUnsafeSlow(limits.headBytes);
        head.set(forHead, headLength);
        headLength += forHead.length;
      }
      if (chunk.length > forHead.length) writeToRing(chunk.subarray(forHead.length));
    },
    end() {
      complete = true;
    },
    captured() {
      const totalBytes = headLength + afterHead;
      let first = Buffer.from(head?.subarray(0, headLength) ?? []);
      let last = lastBytes();
      if (first.length + last.length < totalBytes) {
        first = first.subarray(0, first.length - brokenAtEnd(first));
        last = last.subarray(brokenAtStart(last));
      }
      return { head: first, tail: last, totalBytes, omittedBytes: totalBytes - first.length - last.length, complete };
    },
  };
}

/** What was captured as text; a gap is told in a line of its own. Bytes that are not UTF-8 become U+FFFD. */
export function capturedText(captured: Captured): string {
  if (captured.omittedBytes === 0) return Buffer.concat([captured.head, captured.tail]).toString();
  return `${captured.head.toString()}${gapLine(captured.omittedBytes)}${captured.tail.toString()}`;
}

/** The line that stands where something was left out, with the newlines around it. */
export function gapLine(omittedBytes: number): string {
  return `\n[... ${omittedBytes} bytes left out ...]\n`;
}
