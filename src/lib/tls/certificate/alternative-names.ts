import { MalformedCertificate, type AlternativeNames } from './certificate.ts';
import { bytes, expectEnd, readElement, readTagged, tags, unexpectedTag, type Element } from './der.ts';
import { ipAddressText } from './ip-address-text.ts';

const what = 'the subject alternative name extension';

/**
 * The names of a subjectAltName extension (RFC 5280, 4.2.1.6) by kind; other names, directory names and registered
 * numbers are left out. Bytes above 127, which do not belong there, are read as Latin-1, and nothing is cut off at a
 * zero byte.
 *
 * Throws MalformedCertificate, also for an address that is neither of IPv4 nor of IPv6.
 */
export function readAlternativeNames(der: Buffer, extension: Element): AlternativeNames {
  const names = readTagged(der, extension.content, extension.end, tags.sequence, what);
  expectEnd(names.end, extension.end, what);
  const dns: string[] = [];
  const ip: string[] = [];
  const email: string[] = [];
  const uri: string[] = [];
  for (let position = names.content; position < names.end;) {
    const { tag, content, end } = readElement(der, position, names.end, what);
    switch (tag) {
      case 0x81:
        email.push(der.toString('latin1', content, end));
        break;
      case 0x82:
        dns.push(der.toString('latin1', content, end));
        break;
      case 0x86:
        uri.push(der.toString('latin1', content, end));
        break;
      case 0x87:
        ip.push(addressOf(der.subarray(content, end), position));
        break;
      // Other name, X.400 address, directory name, EDI party and registered number.
      case 0xa0:
      case 0xa3:
      case 0xa4:
      case 0xa5:
      case 0x88:
        break;
      default:
        throw unexpectedTag(what, tag, position);
    }
    position = end;
  }
  return { dns, ip, email, uri };
}

function addressOf(address: Buffer, position: number): string {
  const text = ipAddressText(address);
  if (text !== undefined) return text;
  throw new MalformedCertificate(`${what} has an IP address of ${bytes(address.length)}, at byte ${position}`);
}
