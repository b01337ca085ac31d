import { formatDuration } from '../../quantity/duration.ts';
import type { Finding } from '../certificate-check.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { windowSeconds } from '../target/window-seconds.ts';
import { finding } from './finding.ts';
import { isoTime } from './iso-time.ts';
import type { JudgeOptions } from './judge-options.ts';

/** Where a certificate stands, and so what is to be done about it. */
export type Role = 'certificate' | 'issuer' | 'root';

const renewals: Readonly<Record<Role, string>> = {
  certificate: 'renew it now',
  issuer: 'install the chain that comes with the current certificate',
  root: 'replace it by its successor; what it has issued needs a new chain',
};

/** What the dates of one certificate that counts say. `what` names it: `the certificate`, `the issuer 'R3'`. */
export function dateFindings(
  { notBefore, notAfter }: Certificate,
  { what, role, index }: { what: string; role: Role; index: number },
  { now, warn, crit }: JudgeOptions,
): Finding[] {
  const hint = renewals[role];
  if (now < notBefore) {
    const message = `${what} is not valid before ${isoTime(notBefore)}, in ${formatDuration(notBefore - now)}`;
    return [finding('not-yet-valid', message, { index, hint: 'is the clock of the one or the other wrong?' })];
  }
  const left = notAfter - now;
  if (left < 0) {
    const message = `${what} expired ${formatDuration(-left)} ago, on ${isoTime(notAfter)}`;
    return [finding('expired', message, { index, hint })];
  }
  const message = `${what} expires in ${formatDuration(left)}, on ${isoTime(notAfter)}`;
  const lifetime = notAfter - notBefore;
  const isWithin = (seconds: number | undefined) => seconds !== undefined && left <= seconds;
  if (isWithin(windowSeconds(crit, lifetime))) return [finding('expires-critical', message, { index, hint })];
  const early = role === 'certificate' ? 'renew it, or see why its renewal has not run' : hint;
  if (isWithin(windowSeconds(warn, lifetime))) return [finding('expires-warning', message, { index, hint: early })];
  return [];
}
