import { berFields, berNumber, berTag, MalformedBer, readBer } from './ber.ts';
import { describeDer, noCertificate } from './other-contents.ts';
import { readPkcs12 } from './pkcs12.ts';
import { pkcs12Version } from './pkcs12-file.ts';
import { readPkcs7 } from './pkcs7.ts';
import { collect, emptyCollection, finish, isFull } from './store-contents.ts';
import type { StoreContents } from './store-contents.ts';

/**
 * The certificates of bytes that are DER or BER: certificates one after another, PKCS#12 or PKCS#7. Undefined when they
 * do not even begin like it.
 */
export async function readDer(
  bytes: Buffer,
  passwords: readonly string[],
  signal?: AbortSignal,
): Promise<StoreContents | undefined> {
  if (bytes[0] !== berTag.sequence || bytes[1] === undefined) return undefined;
  // Too short for a certificate: a key of an elliptic curve perhaps, else a text that begins with a 0.
  if (bytes[1] < 0x80) return otherThanCertificate(bytes);
  try {
    switch (kindOf(bytes)) {
      case 'pkcs12':
        return await readPkcs12(bytes, passwords, signal);
      case 'pkcs7':
        return readPkcs7(bytes);
      case 'other':
        return readCertificates(bytes);
    }
  } catch (error) {
    if (!(error instanceof MalformedBer)) throw error;
    const message = `begins like a certificate and is broken: ${error.message}`;
    return { format: undefined, certificates: [], problem: { code: 'malformed', message } };
  }
}

/** Told by the first field: PKCS#12 begins with its version, PKCS#7 with an object identifier. */
function kindOf(bytes: Buffer): 'pkcs12' | 'pkcs7' | 'other' {
  const [first, second] = berFields(readBer(bytes), 2);
  if (first?.tag === berTag.objectIdentifier) return 'pkcs7';
  const isVersioned = first?.tag === berTag.integer && second?.tag === berTag.sequence;
  return isVersioned && berNumber(first) === pkcs12Version ? 'pkcs12' : 'other';
}

function otherThanCertificate(bytes: Buffer): StoreContents | undefined {
  const other = describeDer(bytes);
  return other === undefined ? undefined : { format: 'der', certificates: [], problem: noCertificate([other]) };
}

function readCertificates(bytes: Buffer): StoreContents {
  const other = otherThanCertificate(bytes);
  if (other !== undefined) return other;
  const collection = emptyCollection();
  for (const der of sequences(bytes)) {
    if (isFull(collection)) break;
    const number = collection.certificates.length + collection.faults.length + 1;
    collect(collection, der, number === 1 ? 'the certificate' : `certificate ${number}`);
  }
  return finish('der', collection, { code: 'no-certificate', message: 'holds no certificate' });
}

/** One after another; what else is behind the last one is an editor's newline, or padding. */
function* sequences(bytes: Buffer): Generator<Buffer> {
  for (let offset = 0; bytes[offset] === berTag.sequence;) {
    const rest = bytes.subarray(offset);
    const sequence = offset === 0 ? readBer(rest).bytes : wholeOrRest(rest);
    yield sequence;
    offset += sequence.length;
  }
}

/** When it is broken, all of it, so that it is told beside the certificates in front of it. */
function wholeOrRest(bytes: Buffer): Buffer {
  try {
    return readBer(bytes).bytes;
  } catch (error) {
    if (error instanceof MalformedBer) return bytes;
    throw error;
  }
}
