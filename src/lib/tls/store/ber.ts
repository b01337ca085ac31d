/** The bytes break the rules of BER (X.690), or go deeper than anything that we read. */
export class MalformedBer extends Error {
  override readonly name = 'MalformedBer';
}

/** One element of BER, which is DER with more freedom: PKCS#12 and PKCS#7 may use lengths that are not known before. */
export interface BerElement {
  /** The identifier octet as it stands: class, constructed bit and number. */
  tag: number;
  /** What is in it, a view. */
  content: Buffer;
  /** All of it with identifier and length, a view. */
  bytes: Buffer;
}

export const berTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  constructedOctetString: 0x24,
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  generalizedTime: 0x18,
  context0: 0xa0,
  primitiveContext0: 0x80,
} as const;

/** Real containers need seven; each level of indefinite lengths is another look at what is below it. */
const deepest = 24;

const constructedBit = 0x20;

/**
 * The first element of the bytes; more may follow it. Elements are read one by one as somebody asks for them, so a
 * hostile file costs no memory. Throws MalformedBer.
 */
export function readBer(bytes: Buffer): BerElement {
  return elementAt(bytes, 0, 0);
}

/** What a constructed element is made of, in order. Throws MalformedBer when it comes to something broken. */
export function* berChildren({ tag, content }: BerElement): Generator<BerElement> {
  if ((tag & constructedBit) === 0) throw new MalformedBer('a list was expected');
  for (let offset = 0; offset < content.length;) {
    const child = elementAt(content, offset, 0);
    yield child;
    offset += child.bytes.length;
  }
}

/** The first children of an element, at most `count`, which is enough for every structure with named fields. */
export function berFields(element: BerElement, count: number): BerElement[] {
  const fields: BerElement[] = [];
  for (const child of berChildren(element)) {
    fields.push(child);
    if (fields.length === count) break;
  }
  return fields;
}

/** The element, which has to be there and to have this tag. */
export function expectBer(element: BerElement | undefined, tag: number): BerElement {
  if (element?.tag !== tag) throw new MalformedBer(`an element of the type ${tag} was expected`);
  return element;
}

/** The only child of an explicit tag. */
export function unwrapBer(element: BerElement | undefined): BerElement {
  const [inner] = berFields(expectBer(element, berTag.context0), 1);
  if (inner === undefined) throw new MalformedBer('an element is empty');
  return inner;
}

/** Bytes of an OCTET STRING, which BER may cut into pieces (X.690, 8.7). An implicit `[0]` is one as well. */
export function berOctets(element: BerElement | undefined): Buffer {
  switch (element?.tag) {
    case berTag.octetString:
    case berTag.primitiveContext0:
      return element.content;
    case berTag.constructedOctetString:
    case berTag.context0:
      return Buffer.concat([...octetPieces(element, 0)]);
    case undefined:
    default:
      throw new MalformedBer('an OCTET STRING was expected');
  }
}

function* octetPieces(element: BerElement, depth: number): Generator<Buffer> {
  if (depth > deepest) throw new MalformedBer('it is nested too deep');
  for (const child of berChildren(element)) {
    if (child.tag === berTag.octetString) yield child.content;
    else yield* octetPieces(expectBer(child, berTag.constructedOctetString), depth + 1);
  }
}

/** A whole number that is not negative; one beyond 2^53 is Infinity, because all of ours are compared with a bound. */
export function berNumber(element: BerElement | undefined): number {
  const { content } = expectBer(element, berTag.integer);
  if (content.length === 0 || content[0]! >= 0x80) throw new MalformedBer('a count is negative');
  const value = content.length > 8 ? Infinity : Number(BigInt(`0x${content.toString('hex')}`));
  return Number.isSafeInteger(value) ? value : Infinity;
}

/** Such as `1.2.840.113549.1.7.1` (X.690, 8.19). */
export function berObjectIdentifier(element: BerElement | undefined): string {
  const { content } = expectBer(element, berTag.objectIdentifier);
  if (content.length > 64) throw new MalformedBer('an object identifier is too long');
  const numbers: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    const first = Math.min(2, Math.floor(value / 40));
    numbers.push(...(numbers.length === 0 ? [first, value - first * 40] : [value]));
    value = 0;
  }
  return numbers.join('.');
}

function elementAt(bytes: Buffer, start: number, depth: number): BerElement {
  if (depth > deepest) throw new MalformedBer('it is nested too deep');
  const tag = bytes[start];
  const firstLength = bytes[start + 1];
  if (tag === undefined || firstLength === undefined) throw new MalformedBer('it ends in the middle of an element');
  if ((tag & 0x1f) === 0x1f) throw new MalformedBer('a tag is of an unknown kind');
  if (firstLength === 0x80) return indefiniteElement(bytes, start, tag, depth);
  const octets = firstLength < 0x80 ? 0 : firstLength & 0x7f;
  const contentStart = start + 2 + octets;
  if (octets > 6 || contentStart > bytes.length) throw new MalformedBer('a length is broken');
  const length = octets === 0 ? firstLength : bytes.readUIntBE(start + 2, octets);
  const end = contentStart + length;
  if (end > bytes.length) throw new MalformedBer('it ends in the middle of an element');
  return { tag, content: bytes.subarray(contentStart, end), bytes: bytes.subarray(start, end) };
}

/** Goes on until two zero octets (X.690, 8.1.3.6). */
function indefiniteElement(bytes: Buffer, start: number, tag: number, depth: number): BerElement {
  if ((tag & constructedBit) === 0) throw new MalformedBer('a length is broken');
  let offset = start + 2;
  while (bytes[offset] !== 0 || bytes[offset + 1] !== 0) {
    offset += elementAt(bytes, offset, depth + 1).bytes.length;
  }
  return { tag, content: bytes.subarray(start + 2, offset), bytes: bytes.subarray(start, offset + 2) };
}
