import { X509Certificate } from 'node:crypto';
import { addressFamily } from '../../net/address-family.ts';
import type { Finding } from '../certificate-check.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { finding } from './finding.ts';

export interface IdentityJudgement {
  /** Undefined when it could not be compared. */
  matches: boolean | undefined;
  findings: Finding[];
}

const mostNamesShown = 5;

/**
 * Whether a server's certificate is for the name or address that was asked, RFC 9525, and whether it may serve.
 * `parsed` is the same certificate where OpenSSL has parsed it already.
 */
export function judgeIdentity(certificate: Certificate, name: string, parsed?: X509Certificate): IdentityJudgement {
  const { alternativeNames, extendedKeyUsage } = certificate;
  const found: Finding[] = [];
  if (alternativeNames === undefined) {
    const message =
      'the certificate has no subject alternative names; browsers and current clients look at nothing else';
    found.push(finding('no-san', message, { index: 0, hint: 'have it issued anew with its names as subjectAltName' }));
  }
  const readable = parsed ?? readByOpenssl(certificate);
  if (readable === undefined) {
    found.push(finding('malformed', 'OpenSSL cannot read the certificate, and no client that uses it', { index: 0 }));
  }
  const matches = readable === undefined ? undefined : isNamed(certificate, name) || isFor(readable, certificate, name);
  if (matches === false) {
    const hint = 'have its names completed, or name the right one with --servername';
    found.push(
      finding('hostname-mismatch', `the certificate is for ${namesOf(certificate)}, not for ${name}`, {
        index: 0,
        hint,
      }),
    );
  }
  if (extendedKeyUsage?.every((usage) => usage !== 'serverAuth' && usage !== 'anyExtendedKeyUsage') === true) {
    const message = `the certificate is for ${extendedKeyUsage.join(', ') || 'no use at all'}, not for a server`;
    found.push(
      finding('wrong-usage', message, { index: 0, hint: 'have it issued anew with extended key usage serverAuth' }),
    );
  }
  return { matches, findings: found };
}

function readByOpenssl({ der }: Certificate): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

/** A name that stands there letter by letter needs no comparison by rules. */
function isNamed({ alternativeNames }: Certificate, name: string): boolean {
  return alternativeNames?.dns.includes(name) === true || alternativeNames?.ip.includes(name) === true;
}

/**
 * OpenSSL's comparison: wildcards for a whole label only, the common name only where there are no other names of any
 * kind. Left to itself it takes the common name beside addresses as well, which browsers do not.
 */
function isFor(certificate: X509Certificate, { alternativeNames }: Certificate, name: string): boolean {
  const hasOtherNames = alternativeNames !== undefined;
  if (addressFamily(name) !== 0) return certificate.checkIP(name) !== undefined;
  const subject = hasOtherNames ? 'never' : 'default';
  return certificate.checkHost(name, { partialWildcards: false, subject }) !== undefined;
}

function namesOf({ alternativeNames, subject }: Certificate): string {
  const names = alternativeNames === undefined ? [] : [...alternativeNames.dns, ...alternativeNames.ip];
  if (names.length === 0) return subject.commonName ?? 'no name';
  const shown = names.slice(0, mostNamesShown).join(', ');
  return names.length > mostNamesShown ? `${shown} and ${names.length - mostNamesShown} more` : shown;
}
