import { readFileSync, existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { protocolOfPort, schemeDefaults } from '../../../../src/lib/tls/starttls/ports.ts';

test.each([
  [25, 'smtp'],
  [587, 'smtp'],
  [143, 'imap'],
  [110, 'pop3'],
  [21, 'ftp'],
  [389, 'ldap'],
  [5432, 'postgres'],
  [3306, 'mysql'],
  [443, 'tls'],
  [465, 'tls'],
  [993, 'tls'],
  [8443, 'tls'],
])('port %i speaks %s', (port, protocol) => expect(protocolOfPort(port)).toBe(protocol));

test.each([
  ['https', 'tls', 443],
  ['smtp', 'smtp', 25],
  ['submission', 'smtp', 587],
  ['smtps', 'tls', 465],
  ['imap', 'imap', 143],
  ['imaps', 'tls', 993],
  ['postgresql', 'postgres', 5432],
  ['mqtts', 'tls', 8883],
])('%s:// is %s on port %i', (scheme, protocol, port) => expect(schemeDefaults[scheme]).toEqual({ protocol, port }));

test('a scheme and its port agree', () => {
  for (const { protocol, port } of Object.values(schemeDefaults)) expect(protocolOfPort(port)).toBe(protocol);
});

test('what every object inherits is no scheme', () => {
  for (const name of ['constructor', 'toString', '__proto__']) expect(schemeDefaults[name]).toBeUndefined();
});

test.skipIf(!existsSync('/etc/services'))('the ports are those of this system, where it knows the service', () => {
  const lines = readFileSync('/etc/services', 'utf8').split('\n');
  const known = new Map<string, number>();
  for (const line of lines) {
    const [, name, port, others] = /^(\S+)\s+(\d+)\/tcp([^#]*)/.exec(line) ?? [];
    for (const each of [name, ...(others?.trim().split(/\s+/) ?? [])]) if (each) known.set(each, Number(port));
  }
  const compared = Object.entries(schemeDefaults).filter(([scheme]) => known.has(scheme));
  expect(compared.length).toBeGreaterThan(10);
  expect(compared.map(([scheme, { port }]) => [scheme, port])).toEqual(
    compared.map(([scheme]) => [scheme, known.get(scheme)]),
  );
});
