/** A message as a reader shows it. */
export interface ReadMail {
  /** By lower-case name, unfolded and decoded; of several the first. */
  headers: ReadonlyMap<string, string>;
  /** Every header line before decoding, to see what was put in. */
  headerNames: readonly string[];
  parts: readonly ReadPart[];
  /** Of the first part that is text/plain, with the line ends of this machine unless it came in base64. */
  text: string;
}

export interface ReadPart {
  type: string;
  filename?: string;
  encoding: string;
  content: Buffer;
}

/** Reads a message by itself and not with the library that wrote it (RFC 5322, 2045 to 2047, 2231). */
export function readMail(raw: Buffer): ReadMail {
  const { headers, names, body } = split(raw.toString('latin1'));
  const parts = [...partsOf(headers, body)];
  const decoded = new Map([...headers].map(([name, value]) => [name, decodeWords(value)]));
  const plain = parts.find(({ type, filename }) => type === 'text/plain' && filename === undefined);
  const content = plain?.content.toString('utf8') ?? '';
  const text = plain?.encoding === 'base64' ? content : content.replaceAll('\r\n', '\n');
  return { headers: decoded, headerNames: names, parts, text };
}

function split(message: string): { headers: Map<string, string>; names: string[]; body: string } {
  const end = message.indexOf('\r\n\r\n');
  const head = end < 0 ? message : message.slice(0, end);
  const headers = new Map<string, string>();
  const names: string[] = [];
  for (const line of head.replaceAll(/\r\n(?=[ \t])/g, '').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    names.push(name);
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).replace(/^ /, ''));
  }
  return { headers, names, body: end < 0 ? '' : message.slice(end + 4) };
}

function* partsOf(headers: ReadonlyMap<string, string>, body: string): Generator<ReadPart> {
  const contentType = headers.get('content-type') ?? 'text/plain';
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (type.startsWith('multipart/')) {
    const boundary = parameter(contentType, 'boundary')!;
    for (const piece of `\r\n${body}`.split(`\r\n--${boundary}`).slice(1)) {
      if (piece.startsWith('--')) break;
      const inner = split(piece.slice(piece.indexOf('\r\n') + 2));
      yield* partsOf(inner.headers, inner.body);
    }
    return;
  }
  const encoding = (headers.get('content-transfer-encoding') ?? '7bit').toLowerCase();
  const filename = parameter(headers.get('content-disposition') ?? '', 'filename');
  const part = { type, encoding, content: decodeBody(body, encoding) };
  yield filename === undefined ? part : { ...part, filename };
}

function decodeBody(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1');
  return decodeQuotedPrintable(body.replaceAll(/[ \t]+(?=\r\n)/g, '').replaceAll('=\r\n', ''));
}

/** Byte by byte: a mail of 10 MB has millions of them. */
function decodeQuotedPrintable(text: string): Buffer {
  const bytes = Buffer.alloc(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const hex = text[index] === '=' ? text.slice(index + 1, index + 3) : '';
    const isCode = /^[0-9A-F]{2}$/.test(hex);
    bytes[length++] = isCode ? Number.parseInt(hex, 16) : text.charCodeAt(index);
    if (isCode) index += 2;
  }
  return bytes.subarray(0, length);
}

/** `name="value"`, `name=value`, or the pieces `name*0*=utf-8''...` of RFC 2231. */
function parameter(header: string, name: string): string | undefined {
  const pieces = [
    ...header.matchAll(new RegExp(`;\\s*${name}(?:\\*(\\d+))?(\\*)?=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'gi')),
  ];
  if (pieces.length === 0) return undefined;
  const isEncoded = pieces.some((piece) => piece[2] === '*');
  const values = pieces.map((piece) => {
    const value = piece[3]?.replaceAll(/\\(.)/g, '$1') ?? piece[4]!;
    return piece[2] === '*' ? decodeURIComponent(value.replace(/^utf-8''/i, '')) : value;
  });
  return isEncoded ? values.join('') : decodeWords(values.join(''));
}

function decodeWords(value: string): string {
  const bytes: (string | Buffer)[] = [];
  let last = 0;
  let wasWord = false;
  for (const match of value.matchAll(/=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi)) {
    const between = value.slice(last, match.index);
    if (!(wasWord && between.trim() === '')) bytes.push(between);
    bytes.push(match[2]!.toLowerCase() === 'b' ? Buffer.from(match[3]!, 'base64') : quotedWord(match[3]!));
    last = match.index + match[0].length;
    wasWord = true;
  }
  bytes.push(value.slice(last));
  return Buffer.concat(bytes.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))).toString(
    'utf8',
  );
}

function quotedWord(text: string): Buffer {
  return decodeBody(text.replaceAll('_', '=20'), 'quoted-printable');
}
