import type { CertificateCheck, CertificateFacts } from '../../../src/lib/tls/certificate-check.ts';

/** The facts of a server's certificate of 90 days, of which 60 are left. */
export function facts(change: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    source: 'presented',
    on_path: true,
    subject: 'CN=one.test',
    issuer: 'CN=R3',
    common_name: 'one.test',
    issuer_common_name: 'R3',
    serial: '0A',
    not_before: '2026-01-01T00:00:00Z',
    not_after: '2026-04-01T00:00:00Z',
    dns_names: ['one.test', '*.one.test'],
    ip_addresses: ['192.0.2.1'],
    key_algorithm: 'ec',
    key_bits: 256,
    signature_algorithm: 'ecdsa-with-SHA256',
    sha256: '00'.repeat(32),
    ...change,
  };
}

export const issuer = facts({
  common_name: 'R3',
  issuer_common_name: 'X1',
  serial: 'FFFFFFFFFFFFFFFFFFFF',
  not_after: '2027-01-01T00:00:00Z',
  dns_names: [],
  ip_addresses: [],
});

/** A server that is fine. */
export function checked(change: Partial<CertificateCheck> = {}): CertificateCheck {
  return {
    schema: 'devops.ssl-expiry/1',
    subject: 'one.test:443',
    status: 'ok',
    time: '2026-01-31T00:00:00Z',
    took_ms: 12,
    expires: '2026-04-01T00:00:00Z',
    left_seconds: 60 * 86_400,
    left_pct: 66.7,
    expires_index: 0,
    warn_seconds: 1_944_000,
    crit_seconds: 604_800,
    endpoint: { host: 'one.test', port: 443, protocol: 'tls', tls_version: 'TLSv1.3', trusted: true, attempts: 1 },
    certificates: [facts(), issuer],
    findings: [],
    ...change,
  };
}
