import { readAlternativeNames } from './alternative-names.ts';
import { readBasicConstraints } from './basic-constraints.ts';
import { MalformedCertificate, type Certificate } from './certificate.ts';
import { expectEnd, readTagged, tags, type Element } from './der.ts';
import { readExtendedKeyUsage } from './extended-key-usage.ts';
import { readAuthorityKeyId, readSubjectKeyId } from './key-identifiers.ts';
import { byObjectIdentifier, dottedNumber, lookUp, readObjectIdentifier } from './object-identifier.ts';

export type Extensions = Pick<
  Certificate,
  'alternativeNames' | 'isAuthority' | 'pathLength' | 'extendedKeyUsage' | 'subjectKeyId' | 'authorityKeyId'
>;

type ReadInto = (extensions: Extensions, der: Buffer, value: Element) => void;

const what = 'the list of extensions';

const readers = byObjectIdentifier<ReadInto>({
  '2.5.29.14': (extensions, der, value) => {
    extensions.subjectKeyId = readSubjectKeyId(der, value);
  },
  '2.5.29.17': (extensions, der, value) => {
    extensions.alternativeNames = readAlternativeNames(der, value);
  },
  '2.5.29.19': (extensions, der, value) => {
    Object.assign(extensions, readBasicConstraints(der, value));
  },
  '2.5.29.35': (extensions, der, value) => {
    extensions.authorityKeyId = readAuthorityKeyId(der, value);
  },
  '2.5.29.37': (extensions, der, value) => {
    extensions.extendedKeyUsage = readExtendedKeyUsage(der, value);
  },
});

/** What a certificate without extensions says. */
export function noExtensions(): Extensions {
  return {
    alternativeNames: undefined,
    isAuthority: false,
    pathLength: undefined,
    extendedKeyUsage: undefined,
    subjectKeyId: undefined,
    authorityKeyId: undefined,
  };
}

/**
 * Those of the extensions (RFC 5280, 4.2) that the checks need; nobody looks into the values of the others, so that
 * what is wrong there does no harm. Throws MalformedCertificate, also when one that we need is there twice: two
 * programs would take a different one each.
 */
export function readExtensions(der: Buffer, element: Element): Extensions {
  const list = readTagged(der, element.content, element.end, tags.sequence, what);
  expectEnd(list.end, element.end, what);
  const extensions = noExtensions();
  const seen: ReadInto[] = [];
  for (let position = list.content; position < list.end;) {
    const extension = readTagged(der, position, list.end, tags.sequence, 'an extension');
    const type = readObjectIdentifier(der, extension.content, extension.end, 'the type of an extension');
    const value = readValue(der, type.end, extension.end);
    const readInto = lookUp(readers, der, type);
    if (readInto !== undefined) {
      if (seen.includes(readInto)) {
        throw new MalformedCertificate(`the extension ${dottedNumber(der, type)} is there twice, at byte ${position}`);
      }
      seen.push(readInto);
      readInto(extensions, der, value);
    }
    position = extension.end;
  }
  return extensions;
}

/** What stands behind the type of an extension: perhaps whether it is critical, then its value. */
function readValue(der: Buffer, start: number, end: number): Element {
  let position = start;
  if (position < end && der[position] === tags.boolean) {
    position = readTagged(der, position, end, tags.boolean, 'the critical flag of an extension').end;
  }
  const value = readTagged(der, position, end, tags.octetString, 'the value of an extension');
  expectEnd(value.end, end, 'an extension');
  return value;
}
