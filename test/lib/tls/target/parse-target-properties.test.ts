import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { schemeDefaults } from '../../../../src/lib/tls/starttls/ports.ts';
import { parseTarget } from '../../../../src/lib/tls/target/parse-target.ts';
import { targetSubject } from '../../../../src/lib/tls/target/target-subject.ts';
import type { Target } from '../../../../src/lib/tls/target/target.ts';

const options = { isFile: () => false };

/** Undefined when it is refused; anything but a UserError fails the test. */
function parsed(text: string): Target | undefined {
  try {
    return parseTarget(text, options);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const scheme = fc.constantFrom(...Object.keys(schemeDefaults), 'file', 'http', '').map((name) => name && `${name}://`);
const label = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9_-]{0,9}$/);
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const zone = fc.constantFrom('', '', '%eth0', '%25eth0', '%25', '%2', '%2525x', '%255', '%25.');
const address6 = fc.tuple(fc.ipV6(), zone).map(([address, link]) => `[${address}${link}]`);
const host = fc.oneof(name, fc.ipV4(), address6, fc.ipV6(), fc.domain(), fc.constantFrom('bücher.example', 'ü'));
const port = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 0, max: 70_000 }).map((number) => `:${number}`),
);
const rest = fc.constantFrom('', '', '/', '/path?x#y', '?x', '#y');
const wellFormed = fc.tuple(scheme, fc.constantFrom('', '', 'u:p@'), host, port, rest).map((parts) => parts.join(''));
const signs = [
  ':',
  '/',
  '//',
  '[',
  ']',
  '%',
  '@',
  '.',
  '..',
  '-',
  '\\',
  '?',
  '#',
  ' ',
  '\0',
  '\r\n',
  '\u200b',
  '\ud800',
];
const words = [
  'https',
  'smtp://',
  'file:',
  '::1',
  'fe80::1',
  '192.0.2.1',
  'ü',
  '。',
  'xn--',
  'a.pem',
  '443',
  '/8',
  '%25',
];
const soup = fc.array(fc.constantFrom(...signs, ...words), { maxLength: 12 }).map((parts) => parts.join(''));
const anything = fc.oneof(
  wellFormed,
  soup,
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 300 }),
);

test('whatever is typed is a target or a UserError, and what is taken is safe to hand on', () => {
  let endpoints = 0;
  let paths = 0;
  fc.assert(
    fc.property(anything, (text) => {
      const target = parsed(text);
      if (target === undefined) return;
      if (target.kind === 'path') {
        paths++;
        expect(target.path).not.toMatch(/^-|\0/);
        return;
      }
      endpoints++;
      expect(target.host).toMatch(/^[a-z0-9_.:][a-z0-9_.:-]*$/);
      expect(isIP(target.host)).toBe(target.addressFamily);
      expect(target.host.length).toBeLessThanOrEqual(253);
      expect(target.port).toBeGreaterThanOrEqual(1);
      expect(target.port).toBeLessThanOrEqual(65_535);
      expect(target.subject).toMatch(/^[\x21-\x7e]+$/);
      expect(target.subject).not.toContain('@');
      if (target.settings.address !== undefined) expect(isIP(target.settings.address)).toBe(6);
    }),
    { numRuns: 5000 },
  );
  expect(endpoints).toBeGreaterThan(500);
  expect(paths).toBeGreaterThan(100);
});

test('what a target is called can be typed again and means the same', () => {
  let compared = 0;
  fc.assert(
    fc.property(anything, (text) => {
      const target = parsed(text);
      if (target === undefined) return;
      compared++;
      expect(parsed(targetSubject(target))).toEqual(target);
    }),
    { numRuns: 5000 },
  );
  expect(compared).toBeGreaterThan(1000);
});

test('every spelling of an IPv6 address is the same target', () => {
  const group = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  const groups = fc.array(group, { minLength: 8, maxLength: 8 });
  const spelling = fc.record({
    widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
    upper: fc.boolean(),
    dotted: fc.boolean(),
    from: fc.nat(7),
    length: fc.integer({ min: 1, max: 8 }),
    frame: fc.constantFrom('bare', 'brackets', 'port', 'url'),
  });
  fc.assert(
    fc.property(groups, spelling, (values, { widths, upper, dotted, from, length, frame }) => {
      const short = values.map((value) => value.toString(16)).join(':');
      const parts = values.map((value, index) => value.toString(16).padStart(widths[index]!, '0'));
      const tail = values.slice(6).flatMap((value) => [value >> 8, value & 0xff]);
      const items = dotted ? [...parts.slice(0, 6), tail.join('.')] : parts;
      const end = Math.min(from + length, dotted ? 6 : 8);
      const isZero = end > from && values.slice(from, end).every((value) => value === 0);
      const written = isZero ? `${items.slice(0, from).join(':')}::${items.slice(end).join(':')}` : items.join(':');
      const typed = upper ? written.toUpperCase() : written;
      const framed = { bare: typed, brackets: `[${typed}]`, port: `[${typed}]:443`, url: `https://[${typed}]/x` }[
        frame
      ];
      const target = parsed(framed);
      expect(target).toEqual(parsed(short));
      // An independent parser reads the same address.
      expect(target).toMatchObject({ kind: 'endpoint', addressFamily: 6, port: 443 });
      const { host: canonical } = target as { host: string };
      expect(new URL(`http://[${canonical}]`).hostname).toBe(new URL(`http://[${short}]`).hostname);
    }),
    { numRuns: 2000 },
  );
});
