import type { Certificate } from '../certificate/certificate.ts';
import type { ItemError } from '../../results/item-error.ts';

/** The certificates of one file or of one entry of a Kubernetes Secret, in the order in which they stand there. */
export interface StoredCertificates {
  /** The path as typed or found, or `namespace/name tls.crt`. */
  subject: string;
  /** Undefined when it could not even be told what it is. */
  format: StoreFormat | undefined;
  secret?: SecretEntry;
  certificates: readonly Certificate[];
  /** Why there are none, or not all of them. Certificates beside a problem are right. */
  problem?: StoreProblem;
}

export type StoreFormat = 'pem' | 'der' | 'pkcs12' | 'jks';

export interface SecretEntry {
  namespace: string;
  name: string;
  key: string;
}

export interface StoreProblem extends ItemError {
  code: 'not-found' | 'unreadable' | 'no-certificate' | 'wrong-password' | 'malformed';
}
