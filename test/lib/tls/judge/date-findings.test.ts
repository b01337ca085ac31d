import { expect, test } from 'vitest';
import { dateFindings, type Role } from '../../../../src/lib/tls/judge/date-findings.ts';
import type { JudgeOptions } from '../../../../src/lib/tls/judge/judge-options.ts';
import { day, make, makeKey, now } from '../trust/made-certificate.ts';
import { brief, judging } from './judging.ts';

const hour = 3_600;
const certificate = make({ subject: 'one.test', key: makeKey() });

const own = { what: 'the certificate', role: 'certificate', index: 0 } as const;

/** Of a certificate with so many seconds left of so long a life. */
function found(left: number, lifetime: number, options: Partial<JudgeOptions> = {}): string[] {
  const notAfter = now + left;
  const dated = { ...certificate, notBefore: notAfter - lifetime, notAfter };
  return dateFindings(dated, own, judging(options)).map(brief);
}

const critical = ['expires-critical critical 0'];
const warning = ['expires-warning warning 0'];
const expired = ['expired critical 0'];

test.each([
  // Of a year, days are less than the share: 7 and 30.
  { life: 398 * day, at: 7 * day, is: critical },
  { life: 398 * day, at: 7 * day + 1, is: warning },
  { life: 398 * day, at: 30 * day, is: warning },
  { life: 398 * day, at: 30 * day + 1, is: [] },
  // Of 47 days the share is less: 4.7 and 11.75.
  { life: 47 * day, at: 4.7 * day, is: critical },
  { life: 47 * day, at: 4.7 * day + 1, is: warning },
  { life: 47 * day, at: 11.75 * day, is: warning },
  { life: 47 * day, at: 11.75 * day + 1, is: [] },
  // Of 160 hours: 16 and 40.
  { life: 160 * hour, at: 16 * hour, is: critical },
  { life: 160 * hour, at: 16 * hour + 1, is: warning },
  { life: 160 * hour, at: 40 * hour, is: warning },
  { life: 160 * hour, at: 40 * hour + 1, is: [] },
  // The last second is a second of its life (RFC 5280, 4.1.2.5).
  { life: 90 * day, at: 0, is: critical },
  { life: 90 * day, at: -1, is: expired },
  { life: 90 * day, at: -4000 * day, is: expired },
])('with $at s left of $life s there is $is', ({ life, at, is }) => {
  expect(found(at, life)).toEqual(is);
});

test('a threshold that is switched off never alarms, and expired is expired all the same', () => {
  expect(found(1, 90 * day, { crit: [] })).toEqual(warning);
  expect(found(1, 90 * day, { crit: [], warn: [] })).toEqual([]);
  expect(found(-1, 90 * day, { crit: [], warn: [] })).toEqual(expired);
});

test('the one that is critical is not told of as a warning as well, even where warn is less than crit', () => {
  expect(found(5 * day, 398 * day, { warn: [{ seconds: day }], crit: [{ seconds: 7 * day }] })).toEqual(critical);
});

test('what has not begun is not yet valid until the second in which it begins', () => {
  expect(found(90 * day, 90 * day - 1)).toEqual(['not-yet-valid critical 0']);
  expect(found(90 * day, 90 * day)).toEqual([]);
});

test('a certificate that ends before it begins is never fine', () => {
  expect(found(day, -day)).toEqual(['not-yet-valid critical 0']);
  expect(found(-day, -day)).toEqual(expired);
});

test('a clock with fractions of a second is as exact', () => {
  expect(found(0, 90 * day, { now: now + 0.001 })).toEqual(expired);
  expect(found(7 * day, 398 * day, { now: now - 0.001 })).toEqual(warning);
});

test('the words tell what, when and what to do', () => {
  const dated = { ...certificate, notBefore: Date.UTC(2026, 0, 1) / 1000, notAfter: Date.UTC(2026, 3, 1) / 1000 };
  const on = (month: number, date: number) => judging({ now: Date.UTC(2026, month, date) / 1000 });
  const [soon] = dateFindings(dated, own, on(2, 20));
  expect(soon).toEqual({
    code: 'expires-warning',
    severity: 'warning',
    index: 0,
    message: 'the certificate expires in 12d, on 2026-04-01T00:00:00Z',
    hint: 'renew it, or see why its renewal has not run',
  });
  const [over] = dateFindings(dated, { what: "the issuer 'R3'", role: 'issuer', index: 1 }, on(3, 3));
  expect(over).toMatchObject({ index: 1, message: "the issuer 'R3' expired 2d ago, on 2026-04-01T00:00:00Z" });
  const [early] = dateFindings(dated, own, on(-1, 31));
  expect(early!.message).toBe('the certificate is not valid before 2026-01-01T00:00:00Z, in 1d');
});

test('what to do depends on whose certificate it is', () => {
  const hint = (role: Role, left: number) => {
    const dated = { ...certificate, notBefore: now + left - 90 * day, notAfter: now + left };
    return dateFindings(dated, { what: 'it', role, index: 0 }, judging())[0]!.hint;
  };
  for (const left of [-day, day, 20 * day]) {
    expect(hint('issuer', left)).toBe('install the chain that comes with the current certificate');
    expect(hint('root', left)).toBe('replace it by its successor; what it has issued needs a new chain');
    expect(hint('certificate', left)).toMatch(/^renew it/);
  }
});
