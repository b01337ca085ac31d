import { expect, test } from 'vitest';
import { maskSecrets } from '../../../src/lib/shell/mask-secrets.ts';

const secret = 'hunter2/+?&ü"x';

test.each<[string, string]>([
  ['as it is', secret],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64 for URLs', Buffer.from(secret).toString('base64url')],
  ['percent-encoded', encodeURIComponent(secret)],
  ['percent-encoded in small letters', encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase())],
  ['in JSON', JSON.stringify(secret).slice(1, -1)],
])('a secret is masked %s', (_, form) => {
  expect(maskSecrets(`before ${form} after, ${form}`, [secret])).toBe('before [redacted] after, [redacted]');
});

test.each(['', 'a', 'ab', 'abc', 'login:', 'x'.repeat(100)])('inside of base64 of something longer (%j)', (prefix) => {
  const plain = 'correct horse battery';
  const encoded = Buffer.from(`${prefix}${plain}:suffix`).toString('base64');
  const masked = maskSecrets(`x ${encoded}`, [plain]);
  expect(masked).toContain('[redacted]');
  // What is left beside the mask tells at most a part of one byte at either end.
  const left = masked.slice(2).split('[redacted]');
  const decoded = left.map((part) => Buffer.from(part, 'base64').toString('latin1')).join('|');
  for (let at = 0; at + 2 <= plain.length; at++) expect(decoded).not.toContain(plain.slice(at, at + 2));
});

test('every place of a secret is masked, overlapping ones too', () => {
  expect(maskSecrets('abcdefgh', ['abcdef', 'cdefgh'])).toBe('[redacted]');
  expect(maskSecrets('aaaaaaa-aaaa', ['aaaa'])).toBe('[redacted]-[redacted]');
  expect(maskSecrets('long-secret-one', ['secret', 'long-secret-one'])).toBe('[redacted]');
});

test('a mask is no place for another secret', () => {
  expect(maskSecrets('word-one redacted', ['word-one', 'redacted', 'acte'])).toBe('[redacted] [redacted]');
});

test('each line of a secret with several lines is masked, and one with a newline at its end', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nabc\n-----END KEY-----\n';
  expect(maskSecrets('  MIIEvQIBADANBg\nabc', [key])).toBe('  [redacted]\nabc');
  expect(maskSecrets('the value is opensesame.', ['opensesame\n'])).toBe('the value is [redacted].');
});

test('what is shorter than 4 characters is no secret, nor is white space', () => {
  expect(maskSecrets('abc and     more', ['abc', '', '    ', '\n\n\n\n\n'])).toBe('abc and     more');
});

test('what looks like a password is masked without being known', () => {
  expect(maskSecrets('DB_PASSWORD=foo postgres://u:bar@host', [])).toBe(
    'DB_PASSWORD=[redacted] postgres://u:[redacted]@host',
  );
});

test('half of a surrogate pair in a secret is no error', () => {
  expect(maskSecrets('x \ud800abcd', ['\ud800abcd'])).toBe('x [redacted]');
});

test('a large text with many secrets takes no long time', () => {
  const text = 'aaaaaaaaab'.repeat(20_000);
  const secrets = Array.from({ length: 50 }, (_, index) => `${'a'.repeat(9)}b`.repeat(1 + (index % 5)) + index);
  const started = performance.now();
  maskSecrets(text, secrets);
  maskSecrets('a'.repeat(200_000), ['a'.repeat(500)]);
  expect(performance.now() - started).toBeLessThan(4000);
});
