import { expect, test } from 'vitest';
import type { Column, Screen } from '../../src/command.ts';
import type { CertificateCheck, CertificateFacts, Finding } from '../../src/lib/tls/certificate-check.ts';
import { table } from '../../src/terminal/table.ts';
import { width } from '../../src/terminal/width.ts';
import { byUrgency, columns, viewBelow } from '../../src/views/ssl-expiry.ts';

const day = 86_400;

const screen = (cells: number, more: Partial<Screen> = {}): Screen => ({
  columns: cells,
  rows: 24,
  terminal: true,
  color: false,
  unicode: true,
  ...more,
});

const leaf: CertificateFacts = {
  source: 'presented',
  on_path: true,
  subject: 'CN=www.example.com',
  issuer: 'CN=Example Issuing CA',
  common_name: 'www.example.com',
  issuer_common_name: 'Example Issuing CA',
  serial: '01',
  not_before: '2026-10-01T00:00:00Z',
  not_after: '2026-12-30T00:00:00Z',
  dns_names: ['www.example.com', 'example.com'],
  ip_addresses: [],
  key_algorithm: 'ec',
  key_bits: 256,
  signature_algorithm: 'ecdsa-with-SHA256',
  sha256: '00',
};

const good: CertificateCheck = {
  schema: 'devops.ssl-expiry/1',
  subject: 'www.example.com:443',
  status: 'ok',
  time: '2026-11-20T00:00:00.000Z',
  took_ms: 12,
  expires: '2026-12-30T00:00:00Z',
  left_seconds: 40 * day,
  left_pct: 44.4,
  expires_index: 0,
  endpoint: {
    host: 'www.example.com',
    port: 443,
    protocol: 'tls',
    address: '192.0.2.1',
    servername: 'www.example.com',
    tls_version: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    probe: 'default',
    trusted: true,
    name_matches: true,
    attempts: 1,
  },
  certificates: [leaf],
  findings: [],
};

const expired: Finding = {
  code: 'expired',
  severity: 'critical',
  message: 'it expired',
  hint: 'renew it now',
  index: 0,
};
const refused: CertificateCheck = {
  schema: 'devops.ssl-expiry/1',
  subject: 'db.example.com:5432',
  status: 'unknown',
  time: good.time,
  took_ms: 1,
  certificates: [],
  findings: [
    { code: 'unreachable', severity: 'unknown', message: 'connection refused', hint: 'does the service run?' },
  ],
};
const many = (checks: Partial<CertificateCheck>[]) => checks.map((check) => ({ ...good, ...check }));

const shown = columns.filter(({ programsOnly }) => programsOnly !== true);
const rows = (checks: readonly CertificateCheck[], on: Screen) => table(shown, checks, on).trimEnd().split('\n');
const column = (name: string): Column<CertificateCheck> => columns.find((each) => each.name === name)!;

test('the table has what is urgent, how long is left, and whose certificate it is', () => {
  expect(rows([good, refused], screen(120))).toEqual([
    'TARGET               STATUS   DAYS_LEFT  LIFE      EXPIRES     ISSUER              NAMES',
    'www.example.com:443  ok             40d  ███▌░░░░  2026-12-30  Example Issuing CA  www.example.com, example.com',
    'db.example.com:5432  unknown',
  ]);
});

test('at 80 columns the target is whole, and what tells least is left out', () => {
  const [header, row] = rows([good], screen(80));
  expect(header).toBe('TARGET               STATUS  DAYS_LEFT  LIFE      EXPIRES     ISSUER');
  expect(row).toBe('www.example.com:443  ok            40d  ███▌░░░░  2026-12-30  Example Issuing CA');
});

test.each([20, 40, 60, 80, 120, 200])('no row is wider than a screen of %i columns, or than it must be', (cells) => {
  const long = { ...good, subject: `/etc/letsencrypt/live/${'x'.repeat(200)}/fullchain.pem` };
  for (const row of rows([good, refused, long], screen(cells)))
    expect(width(row)).toBeLessThanOrEqual(Math.max(cells, 35));
});

test.each([
  [-1, 'expired'],
  [0, '0s'],
  [90, '1m 30s'],
  [47 * 3600, '1d 23h'],
  [2 * day, '2d'],
  [7.99 * day, '7d'],
  [90 * day, '90d'],
])('%d seconds are %s', (left_seconds, text) => {
  expect(column('days_left').cell!({ ...good, left_seconds }, screen(80))).toBe(text);
});

test('where the locale has no blocks the bar is ASCII, and its colour is that of the status', () => {
  const cell = column('life').cell!;
  expect(cell(good, screen(80, { unicode: false }))).toBe('####....');
  expect(cell({ ...good, status: 'critical' }, screen(80, { color: true }))).toMatch(/^\u001B\[31m/);
  expect(cell(refused, screen(80))).toBe('');
});

test('for programs days have two digits, dates are whole, and the findings are codes and the words of the worst', () => {
  const check = {
    ...good,
    left_seconds: 3.14159 * day,
    owner: 'web',
    findings: [{ ...expired, severity: 'note' as const }, expired],
  };
  expect(columns.map(({ name, value }) => [name, value(check)])).toEqual([
    ['target', 'www.example.com:443'],
    ['status', 'ok'],
    ['days_left', 3.14],
    ['life', 44.4],
    ['expires', '2026-12-30T00:00:00Z'],
    ['issuer', 'Example Issuing CA'],
    ['names', 'www.example.com, example.com'],
    ['findings', 'expired,expired'],
    ['message', 'it expired'],
    ['owner', 'web'],
  ]);
});

test('more than twenty names are counted, and a certificate without any has its common name', () => {
  const names = (certificate: Partial<CertificateFacts>) =>
    column('names').value({ ...good, certificates: [{ ...leaf, ...certificate }] });
  const dns_names = Array.from({ length: 25 }, (_, at) => `n${at}`);
  expect(names({ dns_names, ip_addresses: ['192.0.2.1'] })).toMatch(/^n0, .*, n19 and 6 more$/);
  expect(names({ dns_names: dns_names.slice(5) })).toMatch(/n24$/);
  expect(names({ dns_names: [], ip_addresses: ['192.0.2.1'] })).toBe('192.0.2.1');
  expect(names({ dns_names: [] })).toBe('www.example.com');
  expect(column('names').value(refused)).toBe('');
});

test('what needs somebody comes first, then what ends first, then by name', () => {
  const checks = many([
    { subject: 'e', left_seconds: 2 },
    { subject: 'd', left_seconds: 1 },
    { subject: 'c', status: 'warning', left_seconds: 3 },
    { subject: 'b', status: 'critical', left_seconds: 9 },
    { subject: 'a', status: 'critical', left_seconds: -5 },
    { subject: 'g', left_seconds: 2 },
  ]);
  const order = [...checks, { ...refused, subject: 'f' }, { ...refused, subject: 'h' }];
  expect(
    order
      .toSorted(byUrgency)
      .map(({ subject }) => subject)
      .join(''),
  ).toBe('abfhcdeg');
  expect(
    order
      .toReversed()
      .toSorted(byUrgency)
      .map(({ subject }) => subject)
      .join(''),
  ).toBe('abfhcdeg');
});

test('one target alone is shown with its session and its chain', () => {
  const issuer: CertificateFacts = {
    ...leaf,
    common_name: 'Example Issuing CA',
    not_after: '2031-01-01T00:00:00Z',
    key_algorithm: 'ed25519',
  };
  const { key_bits: _, ...unsized } = issuer;
  const certificates = [
    leaf,
    unsized,
    { ...issuer, common_name: 'Old Root', on_path: false },
    { ...issuer, common_name: 'Root', source: 'trust-store' as const },
  ];
  const below = viewBelow([{ ...good, certificates }], screen(100));
  expect(below.split('\n')).toEqual([
    '',
    '192.0.2.1  TLSv1.3  TLS_AES_256_GCM_SHA384  trusted  name matches',
    ' 0  www.example.com     2026-10-01 to 2026-12-30  ec 256',
    ' 1  Example Issuing CA  2026-10-01 to 2031-01-01  ed25519',
    ' 2  Old Root            2026-10-01 to 2031-01-01  ed25519 256  not needed',
    ' 3  Root                2026-10-01 to 2031-01-01  ed25519 256  trust store',
    '',
  ]);
});

test('what was not found out about the session is not in it, and a file has none', () => {
  const below = (endpoint: CertificateCheck['endpoint']) => {
    const { endpoint: _, ...rest } = good;
    return viewBelow([endpoint === undefined ? rest : { ...rest, endpoint }], screen(100)).split('\n')[1];
  };
  const facts = { host: 'h', port: 1, protocol: 'tls', attempts: 1 } as const;
  expect(below({ ...facts, address: '192.0.2.1', trusted: false, name_matches: false })).toBe(
    '192.0.2.1  not trusted  name does not match',
  );
  expect(below(facts)).toMatch(/^ 0 {2}www/);
  expect(below(undefined)).toMatch(/^ 0 {2}www/);
});

test('a finding stands with its target, goes on below where the line ends, and its hint is a line of its own', () => {
  const message = 'the server sends no certificate of the issuer, and it is not trusted here either';
  const check = { ...good, findings: [{ ...expired, message }] };
  expect(viewBelow([check, good], screen(60)).split('\n')).toEqual([
    '',
    'critical  www.example.com:443: the server sends no',
    '          certificate of the issuer, and it is not trusted',
    '          here either',
    '          renew it now',
    '',
    '2 targets: 2 ok',
    '',
  ]);
});

test('notes are told of one target alone, but what an inventory ignores always is, with until when', () => {
  const note: Finding = { code: 'chain-order', severity: 'note', message: 'out of order' };
  const ignored: Finding = { ...expired, severity: 'note', ignored: 'until 2027-01-01T00:00:00Z' };
  const typed: Finding = { ...expired, severity: 'note', message: 'typed', ignored: '--ignore' };
  const check = { ...good, findings: [note, ignored, typed] };
  expect(viewBelow([check], screen(100))).toContain('note      www.example.com:443: out of order\n');
  const below = viewBelow([check, good], screen(100));
  expect(below).not.toContain('out of order');
  expect(below).not.toContain('typed');
  expect(below).toContain('note      www.example.com:443: it expired (ignored: until 2027-01-01T00:00:00Z)\n');
});

test('many targets are counted by their status', () => {
  expect(
    viewBelow([good, good, refused, { ...good, status: 'critical' }], screen(80))
      .split('\n')
      .at(-2),
  ).toBe('4 targets: 2 ok, 1 unknown, 1 critical');
});

test('nothing of a certificate, a target or a message can move the cursor or begin a line', () => {
  const hostile = 'a\n\u001B[2J\u202Eb\u009B';
  const certificate = {
    ...leaf,
    common_name: hostile,
    issuer_common_name: hostile,
    dns_names: [hostile],
    subject: hostile,
  };
  const check: CertificateCheck = {
    ...good,
    subject: hostile,
    endpoint: { ...good.endpoint!, address: hostile, cipher: hostile },
    certificates: [certificate],
    findings: [{ ...expired, message: hostile, hint: hostile, ignored: hostile }],
  };
  for (const on of [screen(40), screen(200)]) {
    const text = table(shown, [check], on) + viewBelow([check], on) + viewBelow([check, check], on);
    for (const line of text.split('\n')) expect(line).toMatch(/^[ -~█▌░…]*$/);
    expect(text).not.toMatch(/^b/m);
  }
});
