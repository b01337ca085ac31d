import { collect, emptyCollection, finish, isFull } from './store-contents.ts';
import type { StoreContents } from './store-contents.ts';

const jksMagic = 0xfe_ed_fe_ed;
const jceksMagic = 0xce_ce_ce_ce;
/** SHA-1 over the password and all before it, at the end. Without the password it says nothing. */
const digestLength = 20;

const entryKinds = { key: 1, certificate: 2, secret: 3 } as const;

/** The store ends or jumps where it must not. */
class MalformedJks extends Error {
  override readonly name = 'MalformedJks';
}

/** Whether these are the first bytes of a keystore of Java, JKS or JCEKS. */
export function isJks(bytes: Buffer): boolean {
  return bytes.length >= 4 && [jksMagic, jceksMagic].includes(bytes.readUInt32BE(0));
}

/**
 * The certificates of a JKS or JCEKS store, which stand in clear in it: the chains of its private keys and those that it
 * trusts. There is no written standard; the layout is that of `sun.security.provider.JavaKeyStore`: numbers are
 * big-endian, texts have a length of two bytes.
 *
 * The secret key of a JCEKS store is a serialized Java object of unknown length, so what follows one cannot be read.
 */
export function readJks(bytes: Buffer): StoreContents {
  const collection = emptyCollection();
  try {
    for (const { der, place } of certificatesOf(createCursor(bytes))) {
      if (isFull(collection)) break;
      collect(collection, der, place);
    }
  } catch (error) {
    if (!(error instanceof MalformedJks)) throw error;
    collection.faults.push(error.message);
  }
  return finish('jks', collection, { code: 'no-certificate', message: 'is a Java keystore without a certificate' });
}

interface Cursor {
  number(octets: 2 | 4): number;
  take(length: number): Buffer;
  left(): number;
}

function createCursor(bytes: Buffer): Cursor {
  let offset = 0;
  const left = (): number => bytes.length - offset;
  const take = (length: number): Buffer => {
    if (length > left()) throw new MalformedJks('is a Java keystore that ends too early');
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  return { left, take, number: (octets) => take(octets).readUIntBE(0, octets) };
}

function* certificatesOf(cursor: Cursor): Generator<{ der: Buffer; place: string }> {
  cursor.take(4);
  const version = cursor.number(4);
  if (version !== 1 && version !== 2) throw new MalformedJks(`is a Java keystore of the unknown version ${version}`);
  const readCertificate = (): Buffer => {
    // Its type, which is always X.509.
    if (version === 2) cursor.take(cursor.number(2));
    return cursor.take(cursor.number(4));
  };
  // The counts may say what they like: all that they count takes some bytes, and reading ends where they do.
  const count = cursor.number(4);
  for (let entry = 1; entry <= count; entry++) {
    const kind = cursor.number(4);
    if (kind === entryKinds.secret) {
      if (entry === count) return;
      throw new MalformedJks(`entry ${entry} of ${count} is a secret key, behind which nothing can be read`);
    }
    if (kind !== entryKinds.key && kind !== entryKinds.certificate) {
      throw new MalformedJks(`entry ${entry} of ${count} is of the unknown kind ${kind}`);
    }
    // Alias, then the time at which it was put there.
    cursor.take(cursor.number(2));
    cursor.take(8);
    if (kind === entryKinds.certificate) {
      yield { der: readCertificate(), place: `the certificate of entry ${entry}` };
      continue;
    }
    cursor.take(cursor.number(4));
    const chainLength = cursor.number(4);
    for (let index = 1; index <= chainLength; index++) {
      yield { der: readCertificate(), place: `certificate ${index} of entry ${entry}` };
    }
  }
  if (cursor.left() !== digestLength) throw new MalformedJks('is a Java keystore that does not end where it says');
}
