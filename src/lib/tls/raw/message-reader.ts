/** Who gets the messages of a handshake. */
export interface MessageSink {
  /** Called when type and length of a message are known: whether its body is kept. Throws for one that must not be. */
  wants(type: number, length: number): boolean;
  /** Called with each message that was wanted. The body is its own from then on. */
  message(type: number, body: Buffer): void;
}

const headerLength = 4;
// Not from Node's pool, or a small body that is kept would keep a whole slab of it.
const firstCapacity = 4096;

/**
 * Puts the messages of a handshake (RFC 5246, 7.4) together, however they are spread over records. It keeps the one
 * message that is wanted and not complete, and memory grows with what has come, not with what was announced.
 *
 * @returns takes the bytes from `start` to `end` of `chunk`, which come next. Throws what the sink throws.
 */
export function messageReader(sink: MessageSink): (chunk: Buffer, start: number, end: number) => void {
  const header = Buffer.alloc(headerLength);
  let headerFilled = 0;
  let length = 0;
  let taken = 0;
  let body: Buffer | undefined;

  function take(chunk: Buffer, start: number, end: number): void {
    if (body !== undefined) {
      body = withRoomFor(body, taken, taken + end - start, length);
      chunk.copy(body, taken, start, end);
    }
    taken += end - start;
  }

  return (chunk, start, end) => {
    let offset = start;
    while (offset < end) {
      if (headerFilled < headerLength) {
        header[headerFilled++] = chunk[offset++]!;
        if (headerFilled < headerLength) continue;
        length = header.readUIntBE(1, 3);
        taken = 0;
        body = sink.wants(header[0]!, length) ? Buffer.allocUnsafeSlow(Math.min(length, firstCapacity)) : undefined;
      }
      const next = Math.min(end, offset + length - taken);
      take(chunk, offset, next);
      offset = next;
      if (taken < length) continue;
      headerFilled = 0;
      if (body !== undefined) sink.message(header[0]!, body);
      body = undefined;
    }
  };
}

/** Twice the size each time it is too small, so that a body that comes byte by byte is copied a few times only. */
function withRoomFor(body: Buffer, filled: number, needed: number, length: number): Buffer {
  if (needed <= body.length) return body;
  const larger = Buffer.allocUnsafeSlow(Math.min(length, Math.max(needed, body.length * 2)));
  body.copy(larger, 0, 0, filled);
  return larger;
}
