import { describe } from 'vitest';
import { chain, type CertificateOptions, type Issued } from '../support/tls/workshop.ts';
import { type Authorities, type Expected, type Row, testRows, useMatrix } from './matrix.ts';

// Whether the certificate is for the name or the address that was asked.

const matrix = useMatrix('matrix-identity');

const leaves = {
  good: { names: ['good.test', 'www.good.test'] },
  wildcard: { names: ['*.good.test'] },
  commonName: { commonName: 'good.test' },
  address: { names: ['127.0.0.1', '192.0.2.1'] },
  idn: { names: ['xn--bcher-kva.test'] },
  nameless: { commonName: '', names: ['good.test'] },
  // A Certificate message of more than 102,400 bytes is more than OpenSSL takes.
  manyNames: { names: Array.from({ length: 5_000 }, (_, index) => `h${index}.names.test`) },
  tooManyNames: { names: Array.from({ length: 5_000 }, (_, index) => `host-${index}.names.test`) },
} satisfies Record<string, CertificateOptions>;

type Made = Record<keyof typeof leaves, Issued>;

async function make(workshop: typeof matrix.workshop, { intermediate }: Authorities): Promise<Made> {
  const made = Object.entries(leaves).map(async ([name, options]) => {
    return [name, await workshop.leaf({ issuer: intermediate, ...options })] as const;
  });
  return Object.fromEntries(await Promise.all(made)) as Made;
}

function row(leaf: keyof Made, host: string, status: Expected['status'], ...findings: string[]): Row<Made> {
  return {
    site: (made) => ({ leaf: made[leaf], sent: chain(made[leaf], made.intermediate) }),
    host,
    expected: (made) => ({ status, findings, expires: made[leaf], probe: 'default' }),
  };
}

const mismatch = 'hostname-mismatch critical';

describe('the name', () => {
  testRows<Made>(matrix, make, {
    'one of its names': row('good', 'www.good.test', 'ok'),
    'in capitals': row('good', 'GOOD.test', 'ok'),
    'another name': row('good', 'wrong.test', 'critical', mismatch),
    'a name below one of its names': row('good', 'sub.www.good.test', 'critical', mismatch),
    'a name below the wildcard': row('wildcard', 'sub.good.test', 'ok'),
    'two names below the wildcard': row('wildcard', 'a.sub.good.test', 'critical', mismatch),
    'the name that the wildcard stands below': row('wildcard', 'good.test', 'critical', mismatch),
    'only a common name, which is right': row('commonName', 'good.test', 'warning', 'no-san warning'),
    'only a common name, which is wrong': row('commonName', 'wrong.test', 'critical', mismatch, 'no-san warning'),
    'one of its addresses': row('address', '127.0.0.1', 'ok'),
    'an address, but it has names only': row('good', '127.0.0.1', 'critical', mismatch),
    'a name, but it has addresses only': row('address', 'good.test', 'critical', mismatch),
    'a name with letters beyond ASCII': row('idn', 'bücher.test', 'ok'),
    'no subject at all': row('nameless', 'good.test', 'ok'),
    'the last of 5,000 names': row('manyNames', 'h4999.names.test', 'ok'),
    'none of 5,000 names': row('manyNames', 'h5000.names.test', 'critical', mismatch),
    'the last of 5,000 names, which OpenSSL finds too long': {
      ...row('tooManyNames', 'host-4999.names.test', 'ok'),
      expected: (made) => ({
        status: 'warning',
        findings: ['old-tls warning', 'trust-not-checked note'],
        expires: made.tooManyNames,
        probe: 'raw',
      }),
    },
    'an address with --servername': {
      ...row('good', '127.0.0.1', 'ok'),
      words: () => ['--servername', 'good.test'],
    },
    'another name, asked with --ignore hostname-mismatch': {
      ...row('good', 'wrong.test', 'ok', 'hostname-mismatch note ignored'),
      words: () => ['--ignore', 'hostname-mismatch'],
    },
    'another name, asked with --expiry-only': {
      ...row('good', 'wrong.test', 'ok'),
      words: () => ['--expiry-only'],
    },
  });
});
