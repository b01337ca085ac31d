import { describe } from 'vitest';
import { chain, day, type Issued } from '../support/tls/workshop.ts';
import { type Authorities, type Expected, type Row, testRows, useMatrix } from './matrix.ts';

// What is sent beside the leaf, and whether it leads to a trusted root.

const matrix = useMatrix('matrix-chain');

async function make(workshop: typeof matrix.workshop, { root, intermediate, stranger }: Authorities) {
  const old = { from: -5 * 365 * day };
  const [expired, ending, endingSoon, second, strange, crossSigned, oldRoot] = await Promise.all([
    workshop.authority('Expired Intermediate', { issuer: root, ...old, until: -day }),
    workshop.authority('Ending Intermediate', { issuer: root, ...old, until: 3 * day }),
    workshop.authority('Ending Soon Intermediate', { issuer: root, ...old, until: 20 * day }),
    workshop.authority('Second Intermediate', { issuer: intermediate }),
    workshop.authority('Strange Intermediate', { issuer: stranger }),
    workshop.authority('Matrix Root', { issuer: stranger, key: root, ...old, until: -day }),
    workshop.authority('Old Root', { ...old, until: -day }),
  ]);
  const authorities = { expired, ending, endingSoon, second, strange, crossSigned, oldRoot };
  const leafOf = (issuer?: Issued) =>
    workshop.leaf({ commonName: 'good.test', names: ['good.test'], ...(issuer && { issuer }) });
  return {
    ...authorities,
    leaf: await leafOf(intermediate),
    selfSigned: await leafOf(),
    ofRoot: await leafOf(root),
    ofExpired: await leafOf(expired),
    ofEnding: await leafOf(ending),
    ofEndingSoon: await leafOf(endingSoon),
    ofSecond: await leafOf(second),
    ofStrange: await leafOf(strange),
    ofOldRoot: await leafOf(oldRoot),
  };
}

type Made = Awaited<ReturnType<typeof make>>;
type Name = keyof Made | keyof Authorities;

/** A server that sends these, the first as its own. */
function row(
  sent: readonly [Name, ...Name[]],
  status: Expected['status'],
  findings: string[],
  ends = sent[0],
): Row<Made> {
  return {
    site: (made) => ({ leaf: made[sent[0]], sent: chain(...sent.map((name) => made[name])) }),
    expected: (made) => ({ status, findings, expires: made[ends], probe: 'default' }),
  };
}

const trusting = (name: Name) => ({ words: (made: Made & Authorities) => ['--ca', made[name].certificateFile] });

describe('the chain', () => {
  testRows<Made>(matrix, make, {
    'leaf and intermediate': row(['leaf', 'intermediate'], 'ok', []),
    'the root is sent too, in its place': row(['leaf', 'intermediate', 'root'], 'ok', []),
    'a leaf of the root itself, alone': row(['ofRoot'], 'ok', []),
    'two intermediates': row(['ofSecond', 'second', 'intermediate'], 'ok', []),
    'self-signed': row(['selfSigned'], 'critical', ['self-signed critical']),
    'self-signed and trusted': { ...row(['selfSigned'], 'ok', []), ...trusting('selfSigned') },
    'the intermediate is missing': row(['leaf'], 'critical', ['incomplete-chain critical']),
    'one of two intermediates is missing': row(['ofSecond', 'second'], 'critical', ['untrusted critical']),
    'an unknown root': row(['ofStrange', 'strange'], 'critical', ['untrusted critical']),
    'an unknown root, which is sent': row(['ofStrange', 'strange', 'stranger'], 'critical', ['untrusted critical']),
    'the root before the intermediate': row(['leaf', 'root', 'intermediate'], 'ok', ['chain-order note']),
    'two intermediates the wrong way round': row(['ofSecond', 'intermediate', 'second'], 'ok', ['chain-order note']),
    'an expired intermediate': row(['ofExpired', 'expired'], 'critical', ['expired critical 1'], 'expired'),
    'an intermediate with 3 days left': row(
      ['ofEnding', 'ending'],
      'critical',
      ['expires-critical critical 1'],
      'ending',
    ),
    'an intermediate with 20 days left': row(
      ['ofEndingSoon', 'endingSoon'],
      'warning',
      ['expires-warning warning 1'],
      'endingSoon',
    ),
    'an expired cross-sign that nobody needs': row(['leaf', 'intermediate', 'crossSigned'], 'ok', [
      'expired-unused note 2',
    ]),
    'an expired root in the trust store': {
      ...row(['ofOldRoot'], 'critical', ['expired critical 1'], 'oldRoot'),
      ...trusting('oldRoot'),
    },
  });
});
