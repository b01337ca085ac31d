/** Bytes of a UTF-8 character (RFC 3629: at most 4 bytes) that begins at the end of `bytes` and is not whole. */
export function brokenAtEnd(bytes: Buffer): number {
  for (let count = 1; count <= Math.min(3, bytes.length); count++) {
    const byte = bytes[bytes.length - count]!;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > count ? count : 0;
  }
  return 0;
}

/** Bytes at the start of `bytes` that belong to a UTF-8 character whose beginning is not there. */
export function brokenAtStart(bytes: Buffer): number {
  let count = 0;
  while (count < bytes.length && isContinuation(bytes[count]!)) count++;
  // More than three in a row are not UTF-8 at all.
  return count > 3 ? 0 : count;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
