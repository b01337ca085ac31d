import type { Finding } from '../../../../src/lib/tls/certificate-check.ts';
import type { JudgeOptions } from '../../../../src/lib/tls/judge/judge-options.ts';
import { day, now } from '../trust/made-certificate.ts';

/** The usual measure: thirty days or a quarter of the life to warn, seven days or a tenth for critical. */
export function judging(options: Partial<JudgeOptions> = {}): JudgeOptions {
  return {
    warn: [{ seconds: 30 * day }, { percent: 25 }],
    crit: [{ seconds: 7 * day }, { percent: 10 }],
    expiryOnly: false,
    ignoreCodes: new Set(),
    unreachable: 'unknown',
    now,
    ...options,
  };
}

/** `expired critical 0`, as short as a finding can be told. */
export function brief({ code, severity, index, ignored }: Finding): string {
  return [code, severity, index, ignored === undefined ? undefined : `(${ignored})`]
    .filter((part) => part !== undefined)
    .join(' ');
}
