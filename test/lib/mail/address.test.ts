import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../../src/lib/mail/address.ts';
import { parseMailto } from '../../../src/lib/mail/mailto.ts';

describe('an address', () => {
  test.each([
    ['ops@example.org', { address: 'ops@example.org' }],
    [' ops+a.b@Example.ORG ', { address: 'ops+a.b@example.org' }],
    ['root@localhost', { address: 'root@localhost' }],
    ['<ops@example.org>', { address: 'ops@example.org' }],
    ['Ops <ops@example.org>', { name: 'Ops', address: 'ops@example.org' }],
    ['Jörg Müller <j@bücher.example>', { name: 'Jörg Müller', address: 'j@xn--bcher-kva.example' }],
    ['"Ops, all of \\"them\\"" <ops@example.org>', { name: 'Ops, all of "them"', address: 'ops@example.org' }],
  ])('%j is taken', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });

  test.each([
    '',
    'ops',
    '@example.org',
    'ops@',
    'a@b@example.org',
    'a b@example.org',
    'a@example.org, b@example.org',
    'a@example.org\r\nRCPT TO:<b@example.org>',
    'a@example.org\0',
    'a@example.org\u2028',
    'a\u0085@example.org',
    'Ops\nBcc: b@example.org <a@example.org>',
    '-oQ/tmp@example.org',
    '"a b"@example.org',
    'jörg@example.org',
    'a..b@example.org',
    'a@-example.org',
    'a@example..org',
    'a@exam%70le.org',
    'a@[127.0.0.1]',
    'Ops <a@example.org> <b@example.org>',
    'Ops, all <a@example.org>',
    '"Ops" all" <a@example.org>',
    '"Ops\\" <a@example.org>',
    'Ops <a@example.org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(64)}.org`,
    `a@${'b.'.repeat(127)}org`,
    `${'N'.repeat(257)} <a@example.org>`,
    'x'.repeat(1_000_000),
  ])('%j is refused in one line', (text) => {
    const refusal = () => parseAddress(text);
    expect(refusal).toThrow(expect.objectContaining({ name: 'UserError', code: 'usage' }));
    expect(refusal).toThrow(/^[^\r\n]{1,250}$/);
  });
});

describe('a mailto:', () => {
  test.each([
    ['mailto:ops@example.org', 'ops@example.org'],
    ['MAILTO:ops%2Ball@example.org', 'ops+all@example.org'],
  ])('%s is an address', (text, expected) => {
    expect(parseMailto(text)).toBe(expected);
  });

  test.each([
    'ops@example.org',
    'mailto:',
    'mailto:a@example.org?bcc=b@example.org',
    'mailto:a@example.org,b@example.org',
    'mailto:a@example.org%0ABcc:b@example.org',
    'mailto:%zz@example.org',
  ])('%s is refused', (text) => {
    expect(() => parseMailto(text)).toThrow(expect.objectContaining({ name: 'UserError', code: 'usage' }));
  });
});
