import type { Verdict } from '../results/verdict.ts';
import { formatDuration } from '../quantity/duration.ts';
import type { CertificateCheck } from './certificate-check.ts';

/** One verdict for each finding that counts; a target without any is fine, and says until when. */
export function* checkVerdicts(check: CertificateCheck): Generator<Verdict> {
  const { subject, findings, left_seconds: left, expires } = check;
  let isFine = true;
  for (const { severity, code, message, hint } of findings) {
    if (severity === 'note') continue;
    isFine = false;
    yield { status: severity, subject, code, message, ...(hint === undefined ? {} : { hint }) };
  }
  if (!isFine) return;
  const message =
    left === undefined || expires === undefined
      ? 'nothing that counts'
      : `${left < 0 ? 'expired' : `expires in ${formatDuration(left)}`}, on ${expires.slice(0, 10)}`;
  yield { status: 'ok', subject, code: 'valid', message };
}
