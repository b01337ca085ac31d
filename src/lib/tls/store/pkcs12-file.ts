import {
  berChildren,
  berFields,
  berNumber,
  berObjectIdentifier,
  berOctets,
  berTag,
  expectBer,
  MalformedBer,
  readBer,
  unwrapBer,
} from './ber.ts';
import type { BerElement } from './ber.ts';
import { readPasswordEncryption } from './password-encryption.ts';
import type { PasswordEncryption } from './password-encryption.ts';
import { UnreadablePkcs12, unsupported } from './pkcs12-failure.ts';
import { readPkcs12Mac } from './pkcs12-mac.ts';
import type { Pkcs12Mac } from './pkcs12-mac.ts';

/** A PKCS#12 file taken apart, nothing of it decrypted. */
export interface Pkcs12File {
  /** What the MAC is over. */
  contents: Buffer;
  /** Undefined when there is none, or one that we do not know: then only decrypting tells about a password. */
  mac: Pkcs12Mac | undefined;
  parts: Pkcs12Part[];
}

/** Some of its entries: SafeContents, perhaps encrypted. */
export type Pkcs12Part =
  | { kind: 'clear'; safeContents: Buffer }
  | { kind: 'encrypted'; ciphertext: Buffer; encryption: PasswordEncryption }
  | { kind: 'unsupported'; message: string };

const data = '1.2.840.113549.1.7.1';
const encryptedData = '1.2.840.113549.1.7.6';

/** There is one for certificates and one for keys. */
const mostParts = 100;

/** The version that a file of PKCS#12 begins with, the only one there is. */
export const pkcs12Version = 3;

/** Takes a PFX apart (RFC 7292, section 4). Throws MalformedBer and UnreadablePkcs12. */
export function readPkcs12File(bytes: Buffer): Pkcs12File {
  const [version, authSafe, macData] = berFields(expectBer(readBer(bytes), berTag.sequence), 3);
  if (berNumber(version) !== pkcs12Version) throw new MalformedBer('its version is not 3');
  const [type, content] = berFields(expectBer(authSafe, berTag.sequence), 2);
  if (berObjectIdentifier(type) !== data) throw unsupported('a signature in place of a password');
  const contents = berOctets(unwrapBer(content));
  const parts: Pkcs12Part[] = [];
  for (const contentInfo of berChildren(expectBer(readBer(contents), berTag.sequence))) {
    if (parts.length === mostParts) throw new MalformedBer(`it has more than ${mostParts} parts`);
    parts.push(orUnsupported(() => readPart(contentInfo)));
  }
  return { contents, mac: macData && readMac(macData), parts };
}

function readPart(contentInfo: BerElement): Pkcs12Part {
  const [type, content] = berFields(expectBer(contentInfo, berTag.sequence), 2);
  const name = berObjectIdentifier(type);
  if (name === data) return { kind: 'clear', safeContents: berOctets(unwrapBer(content)) };
  if (name !== encryptedData) throw unsupported(`contents of the type ${name}`);
  const [, encrypted] = berFields(expectBer(unwrapBer(content), berTag.sequence), 2);
  const [, algorithm, ciphertext] = berFields(expectBer(encrypted, berTag.sequence), 3);
  return { kind: 'encrypted', ciphertext: berOctets(ciphertext), encryption: readPasswordEncryption(algorithm) };
}

function readMac(element: BerElement): Pkcs12Mac | undefined {
  const mac = orUnsupported(() => readPkcs12Mac(element));
  return 'kind' in mac ? undefined : mac;
}

function orUnsupported<Value>(read: () => Value): Value | { kind: 'unsupported'; message: string } {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadablePkcs12)) throw error;
    return { kind: 'unsupported', message: error.message };
  }
}
