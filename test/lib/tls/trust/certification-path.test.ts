import { describe, expect, test } from 'vitest';
import type { Certificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { findPath, indexPresented } from '../../../../src/lib/tls/trust/certification-path.ts';
import { createTrustStore } from '../../../../src/lib/tls/trust/trust-store.ts';
import { day, make, makeKey, now } from './made-certificate.ts';

const key = { root: makeKey(), other: makeKey(), middle: makeKey(), leaf: makeKey(), forger: makeKey() };

const root = make({ subject: 'Root', key: key.root, isAuthority: true });
const middle = make({
  subject: 'Middle',
  key: key.middle,
  issuer: { subject: 'Root', key: key.root },
  isAuthority: true,
});
const leaf = make({ subject: 'leaf.test', key: key.leaf, issuer: { subject: 'Middle', key: key.middle } });

/** The path as text: `leaf 0, middle 1, root store → root`. */
function path(
  presented: readonly Certificate[],
  roots: readonly Certificate[],
  options: { verify?: boolean; start?: number; named?: Readonly<Record<string, Certificate>> } = {},
): string {
  const { verify = true, start = 0, named = {} } = options;
  // Told apart by their bytes: those of the store have been read anew.
  const known = Object.entries({ root, middle, leaf, ...named });
  const nameOf = ({ der }: Certificate) => known.find(([, each]) => each.der.equals(der))?.[0] ?? 'somebody';
  const { elements, end } = findPath(indexPresented(presented), start, createTrustStore(roots.map(({ der }) => der)), {
    verify,
    now,
  });
  const shown = elements.map(({ certificate, presentedAt }) => `${nameOf(certificate)} ${presentedAt ?? 'store'}`);
  return `${shown.join(', ')} → ${end}`;
}

describe.each([true, false])('with signatures looked at: %s', (verify) => {
  test('a complete chain leads to the root of the store', () => {
    expect(path([leaf, middle], [root], { verify })).toBe('leaf 0, middle 1, root store → root');
  });

  test('a root that was sent as well stands where it was sent', () => {
    expect(path([leaf, middle, root], [root], { verify })).toBe('leaf 0, middle 1, root 2 → root');
  });

  test('the order does not matter, and what does not belong there is passed by', () => {
    const stranger = make({ subject: 'Stranger', key: key.other, isAuthority: true });
    expect(path([leaf, root, stranger, middle], [root], { verify })).toBe('leaf 0, middle 3, root 1 → root');
  });

  test('a root that is presented and not trusted is a self-signed end', () => {
    expect(path([leaf, middle, root], [], { verify })).toBe('leaf 0, middle 1, root 2 → self-signed');
    expect(path([root], [], { verify })).toBe('root 0 → self-signed');
  });

  test('without the intermediate the issuer is not known', () => {
    expect(path([leaf], [root], { verify })).toBe('leaf 0 → unknown-issuer');
    expect(path([leaf, root], [root], { verify })).toBe('leaf 0 → unknown-issuer');
    expect(path([leaf, middle], [], { verify })).toBe('leaf 0, middle 1 → unknown-issuer');
  });

  test('a root that is the server’s own certificate is trusted when it is in the store', () => {
    expect(path([root], [root], { verify })).toBe('root 0 → root');
    const copy = make({ subject: 'Root', key: key.root, isAuthority: true, serial: 2 });
    expect(path([root], [copy], { verify, named: { copy } })).toBe('root 0, copy store → root');
  });

  test('a trusted root is preferred to the cross-signed one that was sent', () => {
    const issuer = { subject: 'Old Root', key: key.other };
    const crossSigned = make({ subject: 'Root', key: key.root, issuer, isAuthority: true });
    const old = make({ subject: 'Old Root', key: key.other, isAuthority: true, until: -1 });
    const named = { crossSigned, old };
    const sent = [leaf, middle, crossSigned, old];
    expect(path(sent, [root, old], { verify, named })).toBe('leaf 0, middle 1, root store → root');
    expect(path(sent, [old], { verify, named })).toBe('leaf 0, middle 1, crossSigned 2, old 3 → root');
    expect(path(sent.slice(0, 3), [old], { verify, named })).toBe('leaf 0, middle 1, crossSigned 2, old store → root');
    expect(path(sent, [], { verify, named })).toBe('leaf 0, middle 1, crossSigned 2, old 3 → self-signed');
  });

  test('of two certificates of one authority the valid one counts, else the one that is valid longest', () => {
    const renew = (until: number, from?: number) =>
      make({
        subject: 'Middle',
        key: key.middle,
        issuer: { subject: 'Root', key: key.root },
        isAuthority: true,
        until,
        ...(from === undefined ? {} : { from }),
      });
    const expired = renew(-day, -900 * day);
    const soon = renew(5 * day);
    const late = renew(500 * day);
    const future = renew(900 * day, day);
    const named = { expired, soon, late, future };
    expect(path([leaf, expired, soon, late, future], [root], { verify, named })).toContain('late 3');
    expect(path([leaf, future, expired, soon], [root], { verify, named })).toContain('soon 3');
    expect(path([leaf, expired, future], [root], { verify, named })).toContain('future 2');
    expect(path([leaf, expired], [root], { verify, named })).toContain('expired 1');
  });

  test('of two roots with one name and different keys the right one is found by the key ids', () => {
    const namesake = make({ subject: 'Root', key: key.other, isAuthority: true, until: 900 * day });
    for (const roots of [
      [namesake, root],
      [root, namesake],
    ]) {
      expect(path([leaf, middle], roots, { verify, named: { namesake } })).toBe('leaf 0, middle 1, root store → root');
    }
    expect(path([leaf, middle], [namesake], { verify })).toBe('leaf 0, middle 1 → unknown-issuer');
  });

  test('certificates that issue each other lead nowhere, and not for ever', () => {
    const a = make({ subject: 'A', key: key.other, issuer: { subject: 'B', key: key.forger }, isAuthority: true });
    const b = make({ subject: 'B', key: key.forger, issuer: { subject: 'A', key: key.other }, isAuthority: true });
    expect(path([a, b], [root], { verify, named: { a, b } })).toBe('a 0, b 1 → unknown-issuer');
    const child = make({ subject: 'child.test', key: key.leaf, issuer: { subject: 'A', key: key.other } });
    expect(path([child, b, a], [], { verify, named: { a, b, child } })).toBe('child 0, a 2, b 1 → unknown-issuer');
  });

  test('a chain of a hundred ends where no real one does', () => {
    const keys = Array.from({ length: 100 }, () => key.other);
    const chain = keys.map((each, at) =>
      make({ subject: `Number ${at}`, key: each, issuer: { subject: `Number ${at + 1}`, key: key.other } }),
    );
    const { elements, end } = findPath(indexPresented(chain), 0, createTrustStore([]), { verify, now });
    expect({ length: elements.length, end }).toEqual({ length: 32, end: 'unknown-issuer' });
  });

  test('one certificate sent many times is one step', () => {
    const sent = [leaf, ...Array.from({ length: 50 }, () => middle)];
    expect(path(sent, [root], { verify })).toBe('leaf 0, middle 1, root store → root');
  });

  test('the way may begin at any of them', () => {
    expect(path([leaf, middle, root], [], { verify, start: 1 })).toBe('middle 1, root 2 → self-signed');
  });
});

describe('forgeries', () => {
  const forged = make({
    subject: 'Root',
    key: key.forger,
    isAuthority: true,
    subjectKeyId: key.root.id,
    authorityKeyId: key.root.id,
  });
  const named = { forged };

  test('an issuer with the right name and key id, and the wrong key, has signed nothing', () => {
    expect(path([leaf, middle, forged], [], { named })).toBe('leaf 0, middle 1 → unknown-issuer');
    expect(path([leaf, middle, forged, root], [], { named })).toBe('leaf 0, middle 1, root 3 → self-signed');
    expect(path([leaf, middle, forged], [root], { named })).toBe('leaf 0, middle 1, root store → root');
  });

  test('a certificate that claims to come from a trusted root, and does not, does not lead to it', () => {
    const claim = make({
      subject: 'claims.test',
      key: key.leaf,
      issuer: { subject: 'Root', key: key.forger },
      authorityKeyId: key.root.id,
    });
    expect(path([claim], [root], { named: { claim } })).toBe('claim 0 → unknown-issuer');
    expect(path([claim, forged], [root], { named: { claim, forged } })).toBe('claim 0, forged 1 → self-signed');
    expect(path([claim, root], [root], { named: { claim } })).toBe('claim 0 → unknown-issuer');
  });

  test('a look-alike of a trusted root is not it', () => {
    expect(path([forged], [root], { named })).toBe('forged 0 → self-signed');
  });

  test('one that names itself as issuer, and was signed by another key, is not self-signed', () => {
    const odd = make({ subject: 'Odd', key: key.leaf, issuer: { subject: 'Odd', key: key.forger } });
    expect(path([odd], [], { named: { odd } })).toBe('odd 0 → unknown-issuer');
  });

  test('without key ids the signature alone tells namesakes apart', () => {
    const child = make({
      subject: 'child.test',
      key: key.leaf,
      issuer: { subject: 'Twin', key: key.root },
      authorityKeyId: 'none',
    });
    const right = make({ subject: 'Twin', key: key.root, isAuthority: true, subjectKeyId: 'none', serial: 1 });
    const wrong = make({ subject: 'Twin', key: key.other, isAuthority: true, subjectKeyId: 'none', until: 900 * day });
    expect(path([child, wrong, right], [], { named: { child, wrong, right } })).toBe('child 0, right 2 → self-signed');
    expect(path([child], [wrong, right], { named: { child, wrong, right } })).toBe('child 0, right store → root');
  });
});

describe('a server that sends a thousand certificates with one name', () => {
  /** The longest that any path through them takes, in milliseconds; the limit is what no one path may cost. */
  const limit = 500;
  const signedBy = (signer: typeof key.root, serial: number, subject = 'Same', issuer = 'Same') =>
    make({ subject, key: key.other, issuer: { subject: issuer, key: signer }, serial, subjectKeyId: 'none' });

  function timed(presented: readonly Certificate[], verify = true) {
    const started = performance.now();
    const { elements, end } = findPath(indexPresented(presented), 0, createTrustStore([root.der]), { verify, now });
    expect(elements.length).toBeLessThanOrEqual(32);
    return { end, isQuick: performance.now() - started < limit };
  }

  const numbers = Array.from({ length: 1_000 }, (_, serial) => serial);

  test('does not keep us busy when none of them has signed another', () => {
    const presented = numbers.map((serial) => signedBy(key.forger, serial));
    expect(timed(presented)).toEqual({ end: 'unknown-issuer', isQuick: true });
    expect(timed(presented, false)).toEqual({ end: 'self-signed', isQuick: true });
  });

  test('does not either when each of them has signed each other', () => {
    const circle = numbers.map((serial) => {
      return serial % 2 === 0 ? signedBy(key.other, serial, 'Even', 'Odd') : signedBy(key.other, serial, 'Odd', 'Even');
    });
    expect(timed(circle)).toEqual({ end: 'unknown-issuer', isQuick: true });
    expect(timed(circle, false)).toEqual({ end: 'unknown-issuer', isQuick: true });
  });

  test('does not either when every step has hundreds of wrong issuers before the right one', () => {
    const presented = numbers.map((serial) => {
      const [subject, issuer] = serial % 2 === 0 ? ['Even', 'Odd'] : ['Odd', 'Even'];
      const isRight = serial < 40;
      return make({
        subject,
        // Nothing here was signed with the key of the wrong ones, which are tried first because they live longer.
        key: isRight ? key.other : key.forger,
        issuer: { subject: issuer, key: key.other },
        until: (isRight ? 90 : 900) * day,
        subjectKeyId: 'none',
        serial,
      });
    });
    expect(timed(presented).isQuick).toBe(true);
  });
});
