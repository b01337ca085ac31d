import { MalformedCertificate } from './certificate.ts';
import { readElement, readTagged, tags, type Element } from './der.ts';

const keyIdentifierTag = 0x80;

/**
 * Key identifier of a subjectKeyIdentifier extension (RFC 5280, 4.2.1.2) in lower-case hexadecimal digits. Undefined
 * when the extension is broken: it only helps to find the issuer, and is no reason to lose the rest of a certificate.
 */
export function readSubjectKeyId(der: Buffer, extension: Element): string | undefined {
  return unlessBroken(() => {
    const { content, end } = readTagged(der, extension.content, extension.end, tags.octetString, 'the key identifier');
    return der.toString('hex', content, end);
  });
}

/** The same for authorityKeyIdentifier (RFC 5280, 4.2.1.1); undefined also when it names the issuer in another way. */
export function readAuthorityKeyId(der: Buffer, extension: Element): string | undefined {
  return unlessBroken(() => {
    const list = readTagged(der, extension.content, extension.end, tags.sequence, "the issuer's key identifier");
    if (list.content === list.end) return undefined;
    const { tag, content, end } = readElement(der, list.content, list.end, "the issuer's key identifier");
    return tag === keyIdentifierTag ? der.toString('hex', content, end) : undefined;
  });
}

function unlessBroken(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedCertificate) return undefined;
    throw error;
  }
}
