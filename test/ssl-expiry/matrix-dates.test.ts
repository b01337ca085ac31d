import { describe } from 'vitest';
import { chain, day, hour } from '../support/tls/workshop.ts';
import type { CertificateOptions, Issued } from '../support/tls/workshop.ts';
import { type Authorities, type Row, testRows, useMatrix } from './matrix.ts';

// When a certificate counts as ending: `--warn 30d,25%`, `--crit 7d,10%`, the smallest window of each.

const matrix = useMatrix('matrix-dates');

/** A leaf of this whole life, of which this is left. */
const lived = (life: number, left: number): CertificateOptions => ({ from: left - life, until: left });

const leaves = {
  p256: {},
  p384: { key: 'P-384' },
  ed25519: { key: 'ed25519' },
  rsa: { key: 'rsa:2048' },
  expired: { from: -90 * day, until: -day },
  justExpired: { from: -90 * day, until: -1 },
  future: { from: day, until: 90 * day },
  critical: lived(90 * day, 3 * day),
  warning: lived(90 * day, 22 * day),
  renewedSoon: lived(90 * day, 24 * day),
  yearWarning: lived(398 * day, 29 * day),
  yearFine: lived(398 * day, 31 * day),
  monthWarning: lived(47 * day, 11 * day),
  monthFine: lived(47 * day, 12 * day),
  monthCritical: lived(47 * day, 4 * day),
  weekWarning: lived(160 * hour, 39 * hour),
  weekFine: lived(160 * hour, 41 * hour),
  weekCritical: lived(160 * hour, 15 * hour),
  far: { until: 60 * 365 * day },
} satisfies Record<string, CertificateOptions>;

type Made = Record<keyof typeof leaves, Issued>;

async function make(workshop: typeof matrix.workshop, { intermediate }: Authorities): Promise<Made> {
  const made = Object.entries(leaves).map(async ([name, options]) => {
    const leaf = await workshop.leaf({ commonName: name, names: ['good.test'], issuer: intermediate, ...options });
    return [name, leaf] as const;
  });
  return Object.fromEntries(await Promise.all(made)) as Made;
}

const row = (leaf: keyof Made, status: 'ok' | 'warning' | 'critical', ...findings: string[]): Row<Made> => ({
  site: (made) => ({ leaf: made[leaf], sent: chain(made[leaf], made.intermediate) }),
  expected: (made) => ({ status, findings, expires: made[leaf], probe: 'default' }),
});

describe('when it ends', () => {
  testRows<Made>(matrix, make, {
    'a good certificate with a P-256 key': row('p256', 'ok'),
    'a good certificate with a P-384 key': row('p384', 'ok'),
    'a good certificate with an Ed25519 key': row('ed25519', 'ok'),
    'a good certificate with an RSA key': row('rsa', 'ok'),
    expired: row('expired', 'critical', 'expired critical 0'),
    'expired a second ago': row('justExpired', 'critical', 'expired critical 0'),
    'not yet valid': row('future', 'critical', 'not-yet-valid critical 0'),
    '3 of 90 days left': row('critical', 'critical', 'expires-critical critical 0'),
    '22 of 90 days left': row('warning', 'warning', 'expires-warning warning 0'),
    '24 of 90 days left': row('renewedSoon', 'ok'),
    '29 of 398 days left': row('yearWarning', 'warning', 'expires-warning warning 0'),
    '31 of 398 days left': row('yearFine', 'ok'),
    '11 of 47 days left': row('monthWarning', 'warning', 'expires-warning warning 0'),
    '12 of 47 days left': row('monthFine', 'ok'),
    '4 of 47 days left': row('monthCritical', 'critical', 'expires-critical critical 0'),
    '39 of 160 hours left': row('weekWarning', 'warning', 'expires-warning warning 0'),
    '41 of 160 hours left': row('weekFine', 'ok'),
    '15 of 160 hours left': row('weekCritical', 'critical', 'expires-critical critical 0'),
    'beyond 2049, where the notation changes, but the intermediate ends before': {
      ...row('far', 'ok'),
      expected: (made) => ({ status: 'ok', findings: [], expires: made.intermediate, probe: 'default' }),
    },
    '22 of 90 days left, asked with --warn 20d': {
      ...row('warning', 'ok'),
      words: () => ['--warn', '20d'],
    },
    '24 of 90 days left, asked with --warn 90d --crit 60d': {
      ...row('renewedSoon', 'critical', 'expires-critical critical 0'),
      words: () => ['--warn', '90d', '--crit', '60d'],
    },
    'expired, asked with --ignore expired': {
      ...row('expired', 'ok', 'expired note 0 ignored'),
      words: () => ['--ignore', 'expired'],
    },
  });
});
