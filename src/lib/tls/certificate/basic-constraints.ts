import { MalformedCertificate } from './certificate.ts';
import { expectEnd, readTagged, readUnsigned, tags, type Element } from './der.ts';

const what = 'the basic constraints extension';

export interface BasicConstraints {
  isAuthority: boolean;
  /** How many authorities may stand between this one and the last certificate; undefined is any number. */
  pathLength: number | undefined;
}

/** The basicConstraints extension (RFC 5280, 4.2.1.9). Throws MalformedCertificate. */
export function readBasicConstraints(der: Buffer, extension: Element): BasicConstraints {
  const constraints = readTagged(der, extension.content, extension.end, tags.sequence, what);
  expectEnd(constraints.end, extension.end, what);
  let position = constraints.content;
  let isAuthority = false;
  if (position < constraints.end && der[position] === tags.boolean) {
    const flag = readTagged(der, position, constraints.end, tags.boolean, what);
    if (flag.end - flag.content !== 1) {
      throw new MalformedCertificate(`${what} says neither yes nor no, at byte ${position}`);
    }
    // DER has 0xff alone for true; any other byte but zero means true all the same (X.690, 8.2), as OpenSSL takes it.
    isAuthority = der[flag.content] !== 0;
    position = flag.end;
  }
  let pathLength: number | undefined;
  if (position < constraints.end) {
    const number = readUnsigned(der, position, constraints.end, 'the longest path of the basic constraints');
    // A number of more bytes than this is longer than any path.
    if (number.end - number.content <= 4) pathLength = der.readUIntBE(number.content, number.end - number.content);
    position = number.end;
  }
  expectEnd(position, constraints.end, what);
  return { isAuthority, pathLength };
}
