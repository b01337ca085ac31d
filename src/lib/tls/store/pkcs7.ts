import {
  berChildren,
  berFields,
  berObjectIdentifier,
  berTag,
  expectBer,
  MalformedBer,
  readBer,
  unwrapBer,
} from './ber.ts';
import { collect, emptyCollection, finish, isFull } from './store-contents.ts';
import type { Collection, StoreContents } from './store-contents.ts';

const signedData = '1.2.840.113549.1.7.2';

/** The certificates of a `.p7b`, a signature over nothing that only carries certificates (RFC 2315, 9.1). */
export function readPkcs7(bytes: Buffer): StoreContents {
  const collection = emptyCollection();
  collectPkcs7(collection, bytes, 'it');
  return finish('der', collection, { code: 'no-certificate', message: 'is PKCS#7 without a certificate' });
}

/** Adds them to those of other blocks; `place` says which block this one is when it is broken. */
export function collectPkcs7(collection: Collection, bytes: Buffer, place: string): void {
  let number = 0;
  try {
    for (const certificate of certificatesOf(bytes)) {
      if (isFull(collection)) return;
      number++;
      collect(collection, certificate, `certificate ${number} of ${place}`);
    }
  } catch (error) {
    if (!(error instanceof MalformedBer)) throw error;
    collection.faults.push(`${place} is broken PKCS#7: ${error.message}`);
  }
}

function* certificatesOf(bytes: Buffer): Generator<Buffer> {
  const [type, content] = berFields(expectBer(readBer(bytes), berTag.sequence), 2);
  if (berObjectIdentifier(type) !== signedData) throw new MalformedBer('it is no signed data');
  for (const field of berChildren(expectBer(unwrapBer(content), berTag.sequence))) {
    if (field.tag !== berTag.context0) continue;
    for (const certificate of berChildren(field)) {
      // The others are attribute certificates, which nobody asks a server for.
      if (certificate.tag === berTag.sequence) yield certificate.bytes;
    }
  }
}
