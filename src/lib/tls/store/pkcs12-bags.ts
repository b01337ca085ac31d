import {
  berChildren,
  berFields,
  berObjectIdentifier,
  berOctets,
  berTag,
  expectBer,
  MalformedBer,
  readBer,
  unwrapBer,
} from './ber.ts';

const certificateBag = '1.2.840.113549.1.12.10.1.3';
const nestedBag = '1.2.840.113549.1.12.10.1.6';
const x509Certificate = '1.2.840.113549.1.9.22.1';

/** Nobody nests them at all. */
const deepest = 4;

/**
 * The certificates, byte for byte, of a SafeContents (RFC 7292, 4.2); keys, revocation lists and secrets are passed
 * over unopened, so it does not matter whether their passwords are other ones. Throws MalformedBer.
 */
export function* certificateBags(safeContents: Buffer, depth = 0): Generator<Buffer> {
  if (depth > deepest) throw new MalformedBer('it is nested too deep');
  for (const bag of berChildren(expectBer(readBer(safeContents), berTag.sequence))) {
    const [type, value] = berFields(expectBer(bag, berTag.sequence), 2);
    const name = berObjectIdentifier(type);
    if (name === nestedBag) yield* certificateBags(unwrapBer(value).bytes, depth + 1);
    if (name !== certificateBag) continue;
    const [kind, certificate] = berFields(expectBer(unwrapBer(value), berTag.sequence), 2);
    if (berObjectIdentifier(kind) === x509Certificate) yield berOctets(unwrapBer(certificate));
  }
}

/** Whether decrypted bytes are a list from their first to their last byte, as a wrong password hardly ever makes one. */
export function isSafeContents(bytes: Buffer): boolean {
  try {
    const { tag, bytes: whole } = readBer(bytes);
    return tag === berTag.sequence && whole.length === bytes.length;
  } catch (error) {
    if (error instanceof MalformedBer) return false;
    throw error;
  }
}
