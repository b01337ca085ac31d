import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { judgeIdentity } from '../../../../src/lib/tls/judge/identity-findings.ts';
import { clientAuth, make, makeKey, serverAuth, type Wish } from '../trust/made-certificate.ts';
import { brief } from './judging.ts';

const key = makeKey();

function judged(wish: Partial<Wish>, name: string) {
  const certificate = make({ subject: 'cn.test', key, ...wish });
  const { matches, findings } = judgeIdentity(certificate, name);
  // The certificate as a handshake has parsed it is judged alike.
  expect(judgeIdentity(certificate, name, new X509Certificate(certificate.der))).toEqual({ matches, findings });
  return { matches, findings: findings.map(brief) };
}

const matches = { matches: true, findings: [] };
const mismatch = { matches: false, findings: ['hostname-mismatch critical 0'] };

describe('names', () => {
  test.each([
    ['www.example.com', ['www.example.com']],
    ['www.example.com', ['other.test', 'www.example.com']],
    ['www.example.com', ['WWW.Example.COM']],
    ['www.example.com', ['*.example.com']],
    ['xn--bcher-kva.example.com', ['*.example.com']],
    ['xn--bcher-kva.example', ['xn--bcher-kva.example']],
    ['192.0.2.1', ['192.0.2.1']],
  ])('%s is one of %j', (name, names) => {
    expect(judged({ names }, name)).toEqual(matches);
  });

  test.each([
    ['example.com', ['www.example.com']],
    ['www.example.com', ['example.com']],
    ['www.example.com', ['www.example.com.evil.test']],
    ['example.com', ['*.example.com']],
    ['a.b.example.com', ['*.example.com']],
    ['www.example.com', ['w*.example.com']],
    ['www.example.com', ['*w.example.com']],
    ['www.example.com', ['w*w.example.com']],
    ['www.example.com', ['www.*.com']],
    ['www.example.com', ['*.*.com']],
    ['www.example.com', ['*']],
    ['example.com', ['*.com']],
    ['www.example.com', ['.example.com']],
    ['www.example.com', ['www.example.com\0.evil.test']],
    ['192.0.2.1', ['192.0.2.2']],
    ['192.0.2.1', ['*.0.2.1']],
    ['www.example.com', ['192.0.2.1']],
    ['2001:db8::1', ['192.0.2.1']],
    ['www.example.com', []],
  ])('%s is none of %j', (name, names) => {
    expect(judged({ names }, name)).toEqual(mismatch);
  });

  test('the common name counts only where there are no other names, and even then it is a warning', () => {
    expect(judged({ subject: 'www.example.com' }, 'www.example.com')).toEqual({
      matches: true,
      findings: ['no-san warning 0'],
    });
    expect(judged({ subject: 'www.example.com' }, 'example.com')).toEqual({
      matches: false,
      findings: ['no-san warning 0', 'hostname-mismatch critical 0'],
    });
    expect(judged({ subject: '192.0.2.1' }, '192.0.2.1').matches).toBe(false);
    expect(judged({ subject: 'www.example.com', names: ['other.test'] }, 'www.example.com')).toEqual(mismatch);
  });

  test('an address as the only other name leaves the common name uncounted, as browsers do', () => {
    expect(judged({ subject: 'www.example.com', names: ['192.0.2.1'] }, 'www.example.com')).toEqual(mismatch);
  });

  test('what it is for is told, of many names the first five', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((label) => `${label}.test`);
    const message = (wish: Partial<Wish>, name = 'x.test') =>
      judgeIdentity(make({ subject: 'cn.test', key, ...wish }), name).findings.at(-1)!.message;
    expect(message({ names: ['a.test', '192.0.2.1'] })).toBe(
      'the certificate is for a.test, 192.0.2.1, not for x.test',
    );
    expect(message({ names: names.slice(0, 5) })).toBe(
      'the certificate is for a.test, b.test, c.test, d.test, e.test, not for x.test',
    );
    expect(message({ names })).toBe(
      'the certificate is for a.test, b.test, c.test, d.test, e.test and 2 more, not for x.test',
    );
    expect(message({})).toBe('the certificate is for cn.test, not for x.test');
  });

  test('5,000 names are searched to the last', () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `host-${index}.test`);
    expect(judged({ names }, 'host-4999.test')).toEqual(matches);
    expect(judged({ names }, 'host-5000.test')).toEqual(mismatch);
  });
});

describe('usage', () => {
  const names = ['one.test'];
  const wrong = { matches: true, findings: ['wrong-usage warning 0'] };
  test.each([
    ['none named', undefined, matches],
    ['server', [serverAuth], matches],
    ['client and server', [clientAuth, serverAuth], matches],
    ['any', ['2.5.29.37.0'], matches],
    ['client', [clientAuth], wrong],
    ['something of somebody’s own', ['1.3.6.1.4.1.99999.1'], wrong],
  ] as const)('%s', (_, usage, expected) => {
    expect(judged({ names, ...(usage === undefined ? {} : { usage }) }, 'one.test')).toEqual(expected);
  });

  test('what it is for is told', () => {
    const certificate = make({ subject: 'one.test', key, names, usage: [clientAuth] });
    expect(judgeIdentity(certificate, 'one.test').findings).toMatchObject([
      { message: 'the certificate is for clientAuth, not for a server', hint: expect.stringContaining('serverAuth') },
    ]);
  });
});

test('every mistake is told of, not the first alone', () => {
  expect(judged({ subject: 'other.test', usage: [clientAuth] }, 'one.test').findings).toEqual([
    'no-san warning 0',
    'hostname-mismatch critical 0',
    'wrong-usage warning 0',
  ]);
});
