import type { Status } from '../../results/verdict.ts';
import type { CertificateCheck, Finding, Severity } from '../certificate-check.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { windowSeconds } from '../target/window-seconds.ts';
import { isoTime } from './iso-time.ts';
import type { JudgeOptions } from './judge-options.ts';

/** The worst first. */
const order: readonly Severity[] = ['critical', 'unknown', 'warning', 'note'];

/** What an endpoint says when it could not be asked, for `--unreachable`. */
const unreachableCodes: ReadonlySet<string> = new Set([
  'dns',
  'unreachable',
  'timeout',
  'reset',
  'not-tls',
  'sni-refused',
  'starttls-not-offered',
  'handshake-failed',
]);

/** Findings with what the options make of them, the worst first, and what they come to. */
export function settle(found: readonly Finding[], options: JudgeOptions): { status: Status; findings: Finding[] } {
  const findings = found
    .map((each) => settled(each, options))
    .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const worst = findings[0]?.severity ?? 'note';
  return { status: worst === 'note' ? 'ok' : worst, findings };
}

function settled(found: Finding, { ignoreCodes, ignore, unreachable, now }: JudgeOptions): Finding {
  if (found.severity === 'note') return found;
  if (ignoreCodes.has(found.code)) return { ...found, severity: 'note', ignored: '--ignore' };
  if (ignore !== undefined && (ignore.until === undefined || now < ignore.until)) {
    if (ignore.codes === undefined || ignore.codes.includes(found.code)) {
      const ignored = ignore.until === undefined ? 'inventory' : `until ${isoTime(ignore.until)}`;
      return { ...found, severity: 'note', ignored };
    }
  }
  if (!unreachableCodes.has(found.code)) return found;
  return { ...found, severity: unreachable === 'ok' ? 'note' : unreachable };
}

/** The part of a record that tells when the first of the certificates that count expires. */
export type ExpiryFacts = Pick<
  CertificateCheck,
  'expires' | 'left_seconds' | 'left_pct' | 'expires_index' | 'warn_seconds' | 'crit_seconds'
>;

export function expiryFacts(
  elements: readonly { certificate: Certificate; index: number }[],
  { now, warn, crit }: JudgeOptions,
): ExpiryFacts {
  const first = elements.toSorted((a, b) => a.certificate.notAfter - b.certificate.notAfter)[0];
  if (first === undefined) return {};
  const { notBefore, notAfter } = first.certificate;
  const left = notAfter - now;
  const lifetime = notAfter - notBefore;
  const share = lifetime > 0 ? (left / lifetime) * 100 : 0;
  const warnSeconds = windowSeconds(warn, lifetime);
  const critSeconds = windowSeconds(crit, lifetime);
  return {
    expires: isoTime(notAfter),
    left_seconds: Math.floor(left),
    left_pct: Math.round(Math.min(100, Math.max(0, share)) * 10) / 10,
    expires_index: first.index,
    ...(warnSeconds === undefined ? {} : { warn_seconds: Math.round(warnSeconds) }),
    ...(critSeconds === undefined ? {} : { crit_seconds: Math.round(critSeconds) }),
  };
}
