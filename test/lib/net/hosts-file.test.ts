import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readHostsFile } from '../../../src/lib/net/hosts-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-hosts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function hosts(text: string): Record<string, string[]> {
  const path = join(folder, 'hosts');
  writeFileSync(path, text);
  const entries = [...readHostsFile(path)];
  return Object.fromEntries(entries.map(([name, found]) => [name, found.map(({ address }) => address)]));
}

test('a line has an address and its names, between spaces and tabs', () => {
  expect(hosts('192.0.2.1\tweb.example.com  web\t www\n\n  192.0.2.2 db.example.com \n')).toEqual({
    'web.example.com': ['192.0.2.1'],
    web: ['192.0.2.1'],
    www: ['192.0.2.1'],
    'db.example.com': ['192.0.2.2'],
  });
});

test('comments do not count, wherever they begin', () => {
  expect(hosts('# 192.0.2.1 one\n192.0.2.2 two # three\n192.0.2.3 four#five\n#\n')).toEqual({
    two: ['192.0.2.2'],
    four: ['192.0.2.3'],
  });
});

test('a name on several lines has all their addresses, of both kinds, in their order', () => {
  const path = join(folder, 'both');
  writeFileSync(path, '2001:db8::1 both.test\n192.0.2.1 both.test\nfe80::1%eth0 both.test\n');
  expect(readHostsFile(path).get('both.test')).toEqual([
    { address: '2001:db8::1', family: 6 },
    { address: '192.0.2.1', family: 4 },
    { address: 'fe80::1%eth0', family: 6 },
  ]);
});

test('the case of a name does not matter', () => {
  expect(hosts('192.0.2.1 Web.Example.COM\n192.0.2.2 web.example.com\n')).toEqual({
    'web.example.com': ['192.0.2.1', '192.0.2.2'],
  });
});

test('lines that are no such lines are passed over', () => {
  const bad = [
    'example.com 192.0.2.9',
    '192.0.2.256 bad',
    '192.0.2 bad',
    'nonsense',
    '192.0.2.8',
    '\0\ufffd',
    '::g bad',
  ];
  expect(hosts([...bad, '192.0.2.1 good'].join('\n'))).toEqual({ good: ['192.0.2.1'] });
});

test('lines may end as on Windows, and the last one need not end', () => {
  expect(hosts('192.0.2.1 one\r\n192.0.2.2 two')).toEqual({ one: ['192.0.2.1'], two: ['192.0.2.2'] });
});

test('names that objects have by themselves are names like others', () => {
  const path = join(folder, 'objects');
  writeFileSync(path, '192.0.2.1 constructor __proto__\n');
  const found = readHostsFile(path);
  expect([...found.keys()]).toEqual(['constructor', '__proto__']);
  expect(found.get('tostring')).toBeUndefined();
});

test('without the file there are no hosts, and a folder is none', () => {
  expect([...readHostsFile(join(folder, 'absent'))]).toEqual([]);
  expect([...readHostsFile(folder)]).toEqual([]);
});
