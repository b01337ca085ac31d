import { MalformedBer, readBer } from './ber.ts';
import { describeLabel, noCertificate } from './other-contents.ts';
import { pemBlocks } from './pem.ts';
import type { PemBlock } from './pem.ts';
import { collectPkcs7 } from './pkcs7.ts';
import { collect, emptyCollection, finish, isFull } from './store-contents.ts';
import type { Collection, StoreContents } from './store-contents.ts';

const certificateLabels: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];
const pkcs7Labels: readonly string[] = ['PKCS7', 'CMS', 'PKCS #7 SIGNED DATA'];

/** The certificates of a text with at least one block of PEM; undefined when it has none. */
export function readPem(text: string): StoreContents | undefined {
  const collection = emptyCollection();
  const others = new Set<string>();
  let hasBlocks = false;
  for (const block of pemBlocks(text)) {
    hasBlocks = true;
    if (isFull(collection)) break;
    if (!isCertificate(block.label)) {
      // There are few kinds, but a hostile file may invent a new one in every block.
      if (others.size < 10) others.add(describeLabel(block.label, block.isEncrypted));
      continue;
    }
    readBlock(collection, block);
  }
  if (!hasBlocks) return undefined;
  const nothing =
    others.size === 0
      ? ({ code: 'no-certificate', message: 'holds no certificate' } as const)
      : noCertificate([...others]);
  return finish('pem', collection, nothing);
}

function isCertificate(label: string): boolean {
  return certificateLabels.includes(label) || pkcs7Labels.includes(label);
}

function readBlock(collection: Collection, { label, number, line, der, fault }: PemBlock): void {
  const place = `block ${number} (line ${line})`;
  if (fault !== undefined) collection.faults.push(`${place} ${fault}`);
  if (der === undefined) return;
  if (pkcs7Labels.includes(label)) collectPkcs7(collection, der, place);
  else collect(collection, label === 'TRUSTED CERTIFICATE' ? withoutTrust(der) : der, place);
}

/** OpenSSL writes what a certificate is trusted for directly behind it. */
function withoutTrust(der: Buffer): Buffer {
  try {
    return readBer(der).bytes;
  } catch (error) {
    if (error instanceof MalformedBer) return der;
    throw error;
  }
}
