import { parseCertificate } from '../certificate/parse-certificate.ts';
import { MalformedCertificate } from '../certificate/certificate.ts';
import type { Certificate } from '../certificate/certificate.ts';
import type { StoredCertificates, StoreProblem } from './stored-certificates.ts';

/** What one of the readers made of the bytes of a store. */
export type StoreContents = Omit<StoredCertificates, 'subject' | 'secret'>;

/** More than any trust store has, and few enough to be held in memory. */
export const mostCertificates = 10_000;

/** Certificates as they are found, beside what was wrong with the others: the first fault is told, the rest counted. */
export interface Collection {
  certificates: Certificate[];
  faults: string[];
}

export function emptyCollection(): Collection {
  return { certificates: [], faults: [] };
}

/** Adds a certificate. `place` says which one it is when it is broken, such as `block 3 (line 41)`. */
export function collect(collection: Collection, der: Buffer, place: string): void {
  try {
    // A copy, or one certificate would keep all of a large store in memory.
    collection.certificates.push(parseCertificate(Buffer.from(der)));
  } catch (error) {
    if (!(error instanceof MalformedCertificate)) throw error;
    collection.faults.push(`${place} is broken: ${error.message}`);
  }
}

/** Whether no more may be added; the last fault then says so. */
export function isFull({ certificates, faults }: Collection): boolean {
  if (certificates.length + faults.length < mostCertificates) return false;
  faults.unshift(`holds more than ${mostCertificates} certificates, the others were left out`);
  return true;
}

/** The collection as the contents of a store; `nothing` is why it has none, when nothing in it was broken either. */
export function finish(
  format: StoreContents['format'],
  { certificates, faults }: Collection,
  nothing: StoreProblem,
): StoreContents {
  const [fault, ...others] = faults;
  if (fault !== undefined) {
    const message = others.length === 0 ? fault : `${fault} (and ${others.length} more like it)`;
    return { format, certificates, problem: { code: 'malformed', message } };
  }
  return certificates.length > 0 ? { format, certificates } : { format, certificates, problem: nothing };
}
