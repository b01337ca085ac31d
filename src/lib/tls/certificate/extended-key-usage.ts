import { expectEnd, readTagged, tags, type Element } from './der.ts';
import { byObjectIdentifier, dottedNumber, lookUp, readObjectIdentifier } from './object-identifier.ts';

const what = 'the extended key usage extension';
const anything = 'anyExtendedKeyUsage';

/** Names as RFC 5280, 4.2.1.12 and OpenSSL's configuration have them. */
const purposes = byObjectIdentifier({
  '2.5.29.37.0': anything,
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.5': 'ipsecEndSystem',
  '1.3.6.1.5.5.7.3.6': 'ipsecTunnel',
  '1.3.6.1.5.5.7.3.7': 'ipsecUser',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '1.3.6.1.5.5.7.3.17': 'ipsecIKE',
  '1.3.6.1.5.2.3.5': 'pkInitKDC',
  '1.3.6.1.4.1.311.10.3.3': 'msSGC',
  '1.3.6.1.4.1.311.20.2.2': 'msSmartcardLogin',
  '2.16.840.1.113730.4.1': 'nsSGC',
});

/**
 * Purposes of an extKeyUsage extension in the order of the certificate, a dotted number for one that we do not know;
 * none when the list is empty, undefined when any purpose is allowed. Throws MalformedCertificate.
 */
export function readExtendedKeyUsage(der: Buffer, extension: Element): readonly string[] | undefined {
  const list = readTagged(der, extension.content, extension.end, tags.sequence, what);
  expectEnd(list.end, extension.end, what);
  const found: string[] = [];
  for (let position = list.content; position < list.end;) {
    const purpose = readObjectIdentifier(der, position, list.end, what);
    found.push(lookUp(purposes, der, purpose) ?? dottedNumber(der, purpose));
    position = purpose.end;
  }
  return found.includes(anything) ? undefined : found;
}
