import { attributeTypes } from './attribute-types.ts';
import { MalformedCertificate, type DistinguishedName } from './certificate.ts';
import { expectEnd, readElement, readTagged, tags, type Element } from './der.ts';
import { directoryString } from './directory-string.ts';
import { dottedNumber, lookUp, readObjectIdentifier } from './object-identifier.ts';

const special = /["+,;<>\\]/g;
const control = /\p{Cc}/gu;
const needsEscape = /[\p{Cc}"+,;<>\\]|^[ #]| $/u;

/**
 * A name (RFC 5280, 4.1.2.4) with its text as RFC 4514 writes it: the last part first, and so within a part of several
 * values, as OpenSSL does. A value that is not text, or whose attribute has no name, is `#` and its bytes in
 * hexadecimal digits. Control characters are escaped, which RFC 4514 allows.
 *
 * `commonName` and `organization` are the most specific ones, which are the last, unescaped; undefined also when they
 * are not text. Throws MalformedCertificate.
 */
export function readDistinguishedName(der: Buffer, name: Element): DistinguishedName {
  let commonName: string | undefined;
  let organization: string | undefined;
  const parts: string[] = [];
  for (let position = name.content; position < name.end;) {
    const set = readTagged(der, position, name.end, tags.set, 'a part of a name');
    if (set.content === set.end) throw new MalformedCertificate(`a part of a name is empty, at byte ${position}`);
    let separator = ',';
    for (let inner = set.content; inner < set.end;) {
      const attribute = readTagged(der, inner, set.end, tags.sequence, 'an attribute of a name');
      const type = readObjectIdentifier(der, attribute.content, attribute.end, 'the type of an attribute');
      const value = readElement(der, type.end, attribute.end, 'the value of an attribute');
      expectEnd(value.end, attribute.end, 'an attribute of a name');
      const typeName = lookUp(attributeTypes, der, type);
      const text = directoryString(der, value);
      if (typeName === 'CN') commonName = text;
      if (typeName === 'O') organization = text;
      parts.push(separator, attributeText(der, type, typeName, value, text));
      separator = '+';
      inner = attribute.end;
    }
    position = set.end;
  }
  return {
    // All but the first separator, which nothing stands before.
    text: parts.slice(1).toReversed().join(''),
    commonName,
    organization,
    key: der.toString('latin1', name.start, name.end),
  };
}

function attributeText(
  der: Buffer,
  type: Element,
  typeName: string | undefined,
  value: Element,
  text: string | undefined,
): string {
  if (typeName !== undefined && text !== undefined) return `${typeName}=${escapeValue(text)}`;
  return `${typeName ?? dottedNumber(der, type)}=#${der.toString('hex', value.start, value.end).toUpperCase()}`;
}

/** RFC 4514, 2.4. */
function escapeValue(value: string): string {
  if (!needsEscape.test(value)) return value;
  let text = value.replace(special, (character) => `\\${character}`).replace(control, hexadecimalPairs);
  if (value.startsWith(' ') || value.startsWith('#')) text = `\\${text}`;
  if (value.endsWith(' ') && value.length > 1) text = `${text.slice(0, -1)}\\ `;
  return text;
}

/** Those of its UTF-8 bytes, of which a control character has two from U+0080 to U+009F and otherwise one. */
function hexadecimalPairs(character: string): string {
  const code = character.charCodeAt(0);
  const last = code.toString(16).toUpperCase().padStart(2, '0');
  return code < 0x80 ? `\\${last}` : `\\C2\\${last}`;
}
