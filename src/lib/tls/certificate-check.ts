import type { Status } from '../results/verdict.ts';
import type { Protocol } from './protocol.ts';
import type { SecretEntry, StoreFormat } from './store/stored-certificates.ts';

/**
 * The record of `devops ssl-expiry`: one target, public API, version `devops.ssl-expiry/1`.
 *
 * Times are ISO 8601 in UTC, to the second. `_seconds` is a duration in seconds, `_pct` a float from 0 to 100, `_ms`
 * milliseconds. What could not be told is absent, never 0 or false; why stands in `findings`. Fields are only ever
 * added within a major version.
 */
export interface CertificateCheck {
  schema: 'devops.ssl-expiry/1';
  /** What was looked at: `example.com:443`, `smtp://mx.example.com:25`, a path, `namespace/name tls.crt`. */
  subject: string;
  /** Worst of the findings that count. */
  status: Status;
  /** Who looks after it, from the inventory. */
  owner?: string;
  /** When it was looked at. */
  time: string;
  /** How long the answer took, name lookup included. */
  took_ms: number;
  /** When the first certificate of the validating path expires; of a file, the first of those that are in use. */
  expires?: string;
  /** Seconds until then, negative when it is over. */
  left_seconds?: number;
  /** The same as a share of that certificate's whole life, 0 when it is over. */
  left_pct?: number;
  /** Which of `certificates` that is. */
  expires_index?: number;
  /** With so much left of it a warning begins; absent when that is switched off. */
  warn_seconds?: number;
  /** With so much left of it, it is critical; absent when that is switched off. */
  crit_seconds?: number;
  /** Where it was asked for; absent for files. */
  endpoint?: EndpointFacts;
  /** Where it was read; absent for servers. */
  file?: FileFacts;
  /** What the server sent or the file has, in that order, then what the trust store added to the path. */
  certificates: CertificateFacts[];
  /** All that was noticed, the worst first. */
  findings: Finding[];
}

export interface EndpointFacts {
  /** Host name in ASCII, or address. */
  host: string;
  port: number;
  protocol: Protocol;
  /** The address that answered, or that was tried last. */
  address?: string;
  /** The name that was asked for (SNI, RFC 6066). */
  servername?: string;
  /** Such as `TLSv1.3`. */
  tls_version?: string;
  cipher?: string;
  /**
   * Which attempt brought the certificate: `default` as a current client connects, `permissive` with the security
   * level lowered, `raw` read from the first messages without a handshake.
   */
  probe?: 'default' | 'permissive' | 'raw';
  /** Whether the chain leads to a trusted root, whatever its dates say; absent when it could not be verified. */
  trusted?: boolean;
  /** Whether the certificate is for the name or address that was asked. */
  name_matches?: boolean;
  /** Connections that were opened. */
  attempts: number;
}

export interface FileFacts {
  path?: string;
  format?: StoreFormat;
  secret?: SecretEntry;
}

export interface CertificateFacts {
  /** `presented` by the server, in the `file`, or from the `trust-store`. */
  source: 'presented' | 'file' | 'trust-store';
  /** Whether the validating path goes through it. */
  on_path: boolean;
  /** As RFC 4514 writes it. */
  subject: string;
  issuer: string;
  common_name?: string;
  issuer_common_name?: string;
  /** Upper-case hexadecimal digits. */
  serial: string;
  not_before: string;
  not_after: string;
  /** Names and addresses that it is for. */
  dns_names: readonly string[];
  ip_addresses: readonly string[];
  /** `rsa`, `ec`, `ed25519`, ... */
  key_algorithm: string;
  key_bits?: number;
  signature_algorithm: string;
  /** SHA-256 of the certificate, lower-case hexadecimal digits. */
  sha256: string;
}

export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** Which of `certificates` it is about. */
  index?: number;
  message: string;
  /** How to mend it. */
  hint?: string;
  /** Why it does not count: `--ignore`, or `until 2027-01-01`. */
  ignored?: string;
}

/** `note` never changes the exit code; `unknown` means that it could not be told. */
export type Severity = 'critical' | 'warning' | 'unknown' | 'note';

/** Every code with the severity that it has unless an option says otherwise. */
export const findingSeverities = {
  expired: 'critical',
  'expires-critical': 'critical',
  'not-yet-valid': 'critical',
  'hostname-mismatch': 'critical',
  'self-signed': 'critical',
  'incomplete-chain': 'critical',
  untrusted: 'critical',
  'expires-warning': 'warning',
  'weak-key': 'warning',
  'weak-signature': 'warning',
  'no-san': 'warning',
  'wrong-usage': 'warning',
  'old-tls': 'warning',
  'chain-order': 'note',
  'expired-unused': 'note',
  'client-certificate': 'note',
  'trust-not-checked': 'note',
  dns: 'unknown',
  unreachable: 'unknown',
  timeout: 'unknown',
  reset: 'unknown',
  'not-tls': 'unknown',
  'sni-refused': 'unknown',
  'starttls-not-offered': 'unknown',
  'handshake-failed': 'unknown',
  'not-found': 'unknown',
  unreadable: 'unknown',
  'no-certificate': 'unknown',
  'wrong-password': 'unknown',
  malformed: 'unknown',
  internal: 'unknown',
} as const satisfies Record<string, Severity>;

export type FindingCode = keyof typeof findingSeverities;
