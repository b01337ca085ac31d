import { berChildren, berTag, MalformedBer, readBer } from './ber.ts';
import type { BerElement } from './ber.ts';
import type { StoreProblem } from './stored-certificates.ts';

/** What a block of PEM with this label is, with its article; undefined for a certificate. */
export function describeLabel(label: string, isEncrypted: boolean): string {
  if (label === 'ENCRYPTED PRIVATE KEY' || (isEncrypted && label.endsWith('PRIVATE KEY'))) {
    return 'an encrypted private key';
  }
  if (label.endsWith('PRIVATE KEY')) return 'a private key';
  if (label.endsWith('CERTIFICATE REQUEST')) return 'a certificate request (CSR)';
  if (label.endsWith('CRL')) return 'a revocation list (CRL)';
  if (label.endsWith('PUBLIC KEY')) return 'a public key';
  if (label.endsWith('PARAMETERS')) return 'parameters of keys';
  return `a block '${label}'`;
}

/**
 * What some DER is when it is no certificate, with its article, told by its shape (RFC 2986, 5280, 5208, 5915, 8017);
 * undefined when it is nothing that is kept beside certificates.
 */
export function describeDer(bytes: Buffer): string | undefined {
  try {
    const outer = readBer(bytes);
    if (outer.tag !== berTag.sequence || outer.bytes.length !== bytes.length) return undefined;
    return describeShape(shapeOf(outer), outer);
  } catch (error) {
    if (error instanceof MalformedBer) return undefined;
    throw error;
  }
}

/** What is there instead of certificates, as a problem. */
export function noCertificate(contents: readonly string[]): StoreProblem {
  const different = [...new Set(contents)];
  const message = `holds ${listOf(different)} and no certificate`;
  const isKey = different.some((content) => content.endsWith('private key'));
  const hint = isKey
    ? 'name the file of the certificate, which is often beside it: fullchain.pem, or the same name with .crt'
    : 'name the file of the certificate that belongs to it';
  return { code: 'no-certificate', message, hint };
}

function listOf(contents: readonly string[]): string {
  if (contents.length > 5) return `${contents.slice(0, 5).join(', ')} and others`;
  const last = contents.at(-1)!;
  return contents.length === 1 ? last : `${contents.slice(0, -1).join(', ')} and ${last}`;
}

/** The tags of the first children, as many as tell the kinds apart. */
function shapeOf(element: BerElement): string {
  const tags: string[] = [];
  for (const child of berChildren(element)) {
    tags.push(shapeNames[child.tag] ?? '?');
    if (tags.length === 6) break;
  }
  return tags.join(' ');
}

const shapeNames: Record<number, string> = {
  [berTag.integer]: 'integer',
  [berTag.bitString]: 'bits',
  [berTag.octetString]: 'octets',
  [berTag.sequence]: 'sequence',
  [berTag.utcTime]: 'time',
  [berTag.generalizedTime]: 'time',
  [berTag.context0]: 'context0',
};

function describeShape(shape: string, outer: BerElement): string | undefined {
  switch (shape) {
    case 'sequence sequence bits': {
      const inner = shapeOf(readBer(outer.content));
      if (/^integer sequence sequence( context0)?$/.test(inner)) return 'a certificate request (CSR)';
      return /^(integer )?sequence sequence time/.test(inner) ? 'a revocation list (CRL)' : undefined;
    }
    case 'sequence bits':
      return 'a public key';
    case 'sequence octets':
      return 'an encrypted private key';
    default:
      // PKCS#8, then the older forms of an EC and of an RSA key.
      if (/^integer (sequence octets|octets|integer integer integer integer integer)/.test(shape))
        return 'a private key';
      return undefined;
  }
}
