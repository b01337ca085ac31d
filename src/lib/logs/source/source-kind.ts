/** How a log is stored. Told by its first bytes, never by its name: `app.log.gz` may be plain, `app.log.1` may be gzip. */
export type SourceKind = 'plain' | 'gzip' | 'zstd' | 'bzip2' | 'xz' | 'utf-16le' | 'utf-16be' | 'utf-8-bom' | 'empty';

/** As many bytes as `sniffSource` ever looks at. */
export const sniffedBytes = 10;

/**
 * What the first bytes of a source say. Formats: RFC 1952 (gzip), RFC 8878 (zstd, whose file may begin with a skippable
 * frame), the .xz file format 1.2.1 and bzip2, which has the number of its first block after `BZh1` to `BZh9`.
 */
export function sniffSource(head: Buffer): SourceKind {
  if (head.length === 0) return 'empty';
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return 'utf-8-bom';
  // UTF-32 begins in the same way; no text of UTF-16 begins with U+0000.
  if (startsWith(head, [0xff, 0xfe]) && !startsWith(head, [0xff, 0xfe, 0, 0])) return 'utf-16le';
  if (startsWith(head, [0xfe, 0xff])) return 'utf-16be';
  // A file that is just being written may have no third byte yet, which is 8 (deflate) in every file there is.
  if (startsWith(head, [0x1f, 0x8b]) && (head[2] ?? 8) === 8) return 'gzip';
  if (head.length >= 4 && isZstdMagic(head.readUInt32LE(0))) return 'zstd';
  if (startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])) return 'xz';
  if (isBzip2(head)) return 'bzip2';
  return 'plain';
}

/** True for the number that begins a frame of zstd, or one that is skipped. */
export function isZstdMagic(magic: number): boolean {
  return magic === 0xfd2fb528 || isSkippableMagic(magic);
}

/** True for the 16 numbers that begin a frame of zstd that holds none of its data. */
export function isSkippableMagic(magic: number): boolean {
  return magic >= 0x184d2a50 && magic <= 0x184d2a5f;
}

/**
 * Whether more bytes than these few may change what `sniffSource` says. A slow pipe whose first line is short is not kept
 * waiting: no magic number has a line feed.
 */
export function needsMoreBytes(head: Buffer): boolean {
  const first = head[0];
  if (first === undefined) return true;
  if (head.length >= sniffedBytes || head.includes(0x0a)) return false;
  return firstBytes.includes(first) || (first >= 0x50 && first <= 0x5f);
}

/** Of all magic numbers but the 16 of skippable frames. */
const firstBytes = [0xef, 0xff, 0xfe, 0x1f, 0x28, 0xfd, 0x42];
const bzip2Head = Buffer.from('BZh');
/** Pi for a block, its root for the end of a stream without any. */
const bzip2Blocks = [Buffer.from('314159265359', 'hex'), Buffer.from('177245385090', 'hex')];

function isBzip2(head: Buffer): boolean {
  if (head.length < 4 || !head.subarray(0, 3).equals(bzip2Head)) return false;
  const level = head[3]!;
  const block = head.subarray(4, 10);
  return level >= 0x31 && level <= 0x39 && bzip2Blocks.some((magic) => magic.subarray(0, block.length).equals(block));
}

function startsWith(head: Buffer, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, index) => head[index] === byte);
}
