import { isSkippableMagic, isZstdMagic } from './source-kind.ts';

/** What came after the last frame that is whole. */
export type FramesEnd = 'nothing' | 'truncated' | 'garbage';

type Field = 'magic' | 'skipped-size' | 'descriptor' | 'header' | 'block' | 'body' | 'checksum';

/**
 * Finds the frames of zstd in the bytes of a file (RFC 8878) and yields the bytes of data frames in order: no piece goes
 * beyond the end of its frame, and skippable frames and zeros at the end are left out. What is inside of a block is not
 * looked at. Node up to 22 stops silently after the first frame and at a truncated one, and every Node at what is no
 * frame, which is why the frames are walked here; it costs 3 bytes of header for each block of some 20 KiB.
 */
export async function* zstdFrames(
  input: AsyncIterable<Buffer>,
  onEnd: (end: FramesEnd) => void,
): AsyncGenerator<Buffer, void, void> {
  let field = 'magic' as Field;
  const gathered = Buffer.alloc(16);
  let have = 0;
  let wanted = 4;
  /** Bytes that are passed over before the next field. */
  let body = 0;
  let isData = false;
  let hasChecksum = false;
  let isLastBlock = false;

  const expect = (next: Field, bytes: number): void => {
    field = next;
    have = 0;
    wanted = bytes;
  };
  const endBlock = (): void => {
    if (!isLastBlock) expect('block', 3);
    else if (hasChecksum) expect('checksum', 4);
    else expect('magic', 4);
  };
  const isBetween = (): boolean => field === 'magic' && have === 0;

  for await (const chunk of input) {
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      if (field === 'body') {
        const step = Math.min(body, chunk.length - at);
        at += step;
        body -= step;
        if (body > 0) break;
        if (isData) endBlock();
        else expect('magic', 4);
      } else {
        const step = Math.min(wanted - have, chunk.length - at);
        chunk.copy(gathered, have, at, at + step);
        at += step;
        have += step;
        if (have < wanted) break;
        switch (field) {
          case 'magic': {
            const magic = gathered.readUInt32LE(0);
            if (!isZstdMagic(magic)) {
              onEnd((await areZeros([gathered.subarray(0, 4), chunk.subarray(at)], input)) ? 'nothing' : 'garbage');
              return;
            }
            isData = !isSkippableMagic(magic);
            // A magic number that began in the chunk before was held back until it was known what it is.
            if (isData && step < 4) yield Buffer.from(gathered.subarray(0, 4));
            if (isData) from = step < 4 ? at : at - 4;
            expect(isData ? 'descriptor' : 'skipped-size', isData ? 1 : 4);
            break;
          }
          case 'skipped-size':
            body = gathered.readUInt32LE(0);
            expect(body === 0 ? 'magic' : 'body', 4);
            break;
          case 'descriptor':
            hasChecksum = (gathered[0]! & 4) !== 0;
            expect('header', restOfHeader(gathered[0]!));
            break;
          case 'header':
            expect('block', 3);
            break;
          case 'block': {
            const header = gathered.readUIntLE(0, 3);
            isLastBlock = (header & 1) === 1;
            // A run-length block of any size holds one byte. Type 3 is reserved: the decoder says so.
            body = ((header >> 1) & 3) === 1 ? 1 : header >> 3;
            if (body === 0) endBlock();
            else field = 'body';
            break;
          }
          case 'checksum':
            expect('magic', 4);
            break;
        }
      }
      if (isData && isBetween()) {
        yield chunk.subarray(from, at);
        isData = false;
      }
    }
    if (isData && at > from) yield chunk.subarray(from, at);
  }
  const isPadding = field === 'magic' && isZero(gathered.subarray(0, have));
  onEnd(isBetween() || isPadding ? 'nothing' : 'truncated');
}

/** Window, dictionary and content size, which follow the descriptor: 1 to 13 bytes. */
function restOfHeader(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  return (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + contentSize;
}

/** Whether nothing but zeros is left, as some tapes and pre-allocated files have it. */
export async function areZeros(first: readonly Buffer[], rest: AsyncIterable<Buffer>): Promise<boolean> {
  if (!first.every(isZero)) return false;
  for await (const chunk of rest) if (!isZero(chunk)) return false;
  return true;
}

function isZero(bytes: Buffer): boolean {
  return bytes.equals(Buffer.alloc(bytes.length));
}
