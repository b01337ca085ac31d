import { type Certificate, MalformedCertificate } from '../certificate/certificate.ts';
import { parseCertificate, readNameKeys } from '../certificate/parse-certificate.ts';

/** The roots that are trusted. */
export interface TrustStore {
  /** PEM of all of them, for OpenSSL. */
  pem: string;
  /** Those whose subject has this name, by the name's key. */
  find(subjectKey: string): readonly Certificate[];
}

/**
 * Only self-issued certificates are roots: OpenSSL trusts no chain that ends in another one, and neither do we. Of the
 * hundred and forty that a system has, a run meets a few: the others are not read beyond their names. What cannot be
 * read is left out.
 */
export function createTrustStore(ders: readonly Buffer[]): TrustStore {
  const bySubject = new Map<string, Buffer[]>();
  const read = new Map<string, readonly Certificate[]>();
  let pem = '';
  for (const der of once(ders)) {
    const names = unlessMalformed(() => readNameKeys(der));
    if (names === undefined) continue;
    pem += asPem(der);
    if (names.subject !== names.issuer) continue;
    const known = bySubject.get(names.subject);
    if (known === undefined) bySubject.set(names.subject, [der]);
    else known.push(der);
  }
  return {
    pem,
    find(subjectKey) {
      let roots = read.get(subjectKey);
      if (roots === undefined) {
        const found = bySubject.get(subjectKey) ?? [];
        if (found.length === 0) return found as [];
        roots = found.flatMap((der) => unlessMalformed(() => parseCertificate(der)) ?? []);
        read.set(subjectKey, roots);
      }
      return roots;
    },
  };
}

function unlessMalformed<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedCertificate) return undefined;
    throw error;
  }
}

/** A root that is in the system's bundle and in --ca is there once. */
function once(ders: readonly Buffer[]): Iterable<Buffer> {
  return new Map(ders.map((der) => [der.toString('latin1'), der])).values();
}

const lineLength = 64;

/** Written anew from what was read: at the first block that it cannot read, OpenSSL drops the rest without a word. */
function asPem(der: Buffer): string {
  const digits = der.toString('base64');
  let lines = '';
  for (let at = 0; at < digits.length; at += lineLength) lines += `${digits.slice(at, at + lineLength)}\n`;
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
