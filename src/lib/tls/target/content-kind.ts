/** What a file or a pipe holds, by its first bytes. */
export type ContentKind =
  /** What `kubectl get -o json` prints. */
  | 'kubernetes'
  /** Certificates: PEM, or a binary form of them. */
  | 'certificates'
  /** A list of targets, one on each line. */
  | 'lines';

/** As the beginning of a PEM block, RFC 7468, wherever in a file it stands: what stands before it is explanatory text. */
const pemLine = '-----BEGIN ';

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/** Tells the kinds apart by content alone: a pipe has no name, and the name of a file may be anything. */
export function contentKind(bytes: Buffer): ContentKind {
  const start = bytes.subarray(0, 4096);
  if (!isUtf16(bytes) && hasControl(start)) return 'certificates';
  const text = isUtf16(bytes) ? decodeUtf16(start) : start.toString('utf8');
  if (/^\uFEFF?\s*(?:\{|\[\s*(?:\{|\]\s*$))/.test(text)) return 'kubernetes';
  return hasPemLine(isUtf16(bytes) ? Buffer.from(decodeUtf16(bytes)) : bytes) ? 'certificates' : 'lines';
}

/** UTF-16 with its byte order mark, as some shells write what is redirected to a file. */
export function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** Without its byte order mark. */
export function decodeUtf16(bytes: Buffer): string {
  return new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
}

function hasPemLine(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(pemLine); at !== -1; at = bytes.indexOf(pemLine, at + 1)) {
    if (isLineStart(bytes, at)) return true;
  }
  return false;
}

/** Whether nothing but white space or a byte order mark stands before it on its line. */
function isLineStart(bytes: Buffer, offset: number): boolean {
  let before = offset - 1;
  while (before >= 0 && (bytes[before] === space || bytes[before] === tab)) before--;
  return before < 0 || bytes[before] === lineFeed || bytes[before] === carriageReturn || isMark(bytes, before);
}

/** Whether the byte is the last one of UTF-8's byte order mark. */
function isMark(bytes: Buffer, offset: number): boolean {
  return offset === 2 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** What every binary form has among its first bytes, the short lengths and numbers of DER at least, and no text. */
function hasControl(bytes: Buffer): boolean {
  return bytes.some((byte) => byte < tab);
}
