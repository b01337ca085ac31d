import type { CertificateCheck, FileFacts } from './certificate-check.ts';
import { judgeStored } from './judge/judge-stored.ts';
import type { JudgeOptions } from './judge/judge-options.ts';
import type { StoredCertificates } from './store/stored-certificates.ts';
import type { TrustStore } from './trust/trust-store.ts';

/** The record of one file, or of one entry of a Secret. */
export function checkStored(
  stored: StoredCertificates,
  options: {
    store: TrustStore;
    judging: JudgeOptions;
    owner: string | undefined;
    path: string | undefined;
    time: Date;
    tookSeconds: number;
  },
): CertificateCheck {
  const { store, judging, owner, path, time, tookSeconds } = options;
  const { subject, format, secret } = stored;
  const { status, expiry, certificates, findings } = judgeStored(stored, store, judging);
  const file: FileFacts = {
    ...(path === undefined ? {} : { path }),
    ...(format === undefined ? {} : { format }),
    ...(secret === undefined ? {} : { secret }),
  };
  return {
    schema: 'devops.ssl-expiry/1',
    subject,
    status,
    ...(owner === undefined ? {} : { owner }),
    time: time.toISOString(),
    took_ms: Math.round(tookSeconds * 1000),
    ...expiry,
    file,
    certificates,
    findings,
  };
}
