import { expect, test } from 'vitest';
import { redactFields, redactText } from '../../../src/lib/log/redact.ts';

const secret = 'hunter22';

test.each([
  [`postgres://me:${secret}@db/x`, 'postgres://me:[redacted]@db/x'],
  [`postgres://me:${secret}@${secret}@db/x`, 'postgres://me:[redacted]@db/x'],
  [`redis://:${secret}@cache:6379`, 'redis://:[redacted]@cache:6379'],
  [`see a://b:${secret}@c and d://e:${secret}@f`, 'see a://b:[redacted]@c and d://e:[redacted]@f'],
  [`Authorization: Bearer ${secret}.x-y_z=`, 'Authorization: Bearer [redacted]'],
  [`authorization: basic ${secret}==`, 'authorization: basic [redacted]'],
  [`password=${secret}`, 'password=[redacted]'],
  [`Password: ${secret}, user: me`, 'Password: [redacted], user: me'],
  [`--password=${secret} --user=me`, '--password=[redacted] --user=me'],
  [`'--password=${secret}' is unknown`, "'--password=[redacted]' is unknown"],
  [`DB_PASSWORD=${secret} PGPASSWORD=${secret}`, 'DB_PASSWORD=[redacted] PGPASSWORD=[redacted]'],
  [`AWS_SECRET_ACCESS_KEY=${secret}`, 'AWS_SECRET_ACCESS_KEY=[redacted]'],
  [`https://h/?X-Amz-Security-Token=${secret}&page=1`, 'https://h/?X-Amz-Security-Token=[redacted]&page=1'],
  [`token_for_db-2: ${secret}`, 'token_for_db-2: [redacted]'],
  [`x-api-key: ${secret}`, 'x-api-key: [redacted]'],
  [`{"token":"a ${secret}","user":"me"}`, '{"token":"[redacted]","user":"me"}'],
  [`{"token":"a\\"${secret}"}`, '{"token":"[redacted]"}'],
  [`password='it is "${secret}"'`, "password='[redacted]'"],
  [`password="never closed ${secret}`, 'password="[redacted]"'],
])('%s has no secret afterwards, and the rest of it is there', (text, redacted) => {
  expect(redactText(text)).toBe(redacted);
});

test.each([
  '',
  'http://host:8080/path?mail=a@b.example',
  'ssh://git@host/x',
  'cannot read the password file',
  'token expired',
  'a basic test',
  "Unexpected token '}'",
])('%s is left alone', (text) => {
  expect(redactText(text)).toBe(text);
});

test.each([
  'a'.repeat(200_000),
  'token'.repeat(40_000),
  'token="'.repeat(30_000),
  `password${' '.repeat(200_000)}`,
  'a://b:c'.repeat(30_000),
  'bearer '.repeat(30_000),
])('time does not grow with the square of a hostile text', (text) => {
  const started = performance.now();
  redactText(text);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('every value under a telling key is masked, however deep and of whatever kind', () => {
  const telling = [
    'password',
    'passphrase',
    'PGPASSWORD',
    'pwd',
    'clientSecret',
    'sessionToken',
    'authorization',
    'set-cookie',
    'credentials',
    'apiKey',
    'x-api-key',
    'AWS_ACCESS_KEY_ID',
    'private_key',
  ];
  for (const key of telling) {
    const redacted = redactFields({ list: [{ [key]: secret, user: 'me' }, { [key]: { deep: [secret] } }] });
    expect(redacted).toEqual({ list: [{ [key]: '[redacted]', user: 'me' }, { [key]: '[redacted]' }] });
  }
});

test('texts within are masked, too, and what is no text stays what it is', () => {
  const when = new Date('2026-11-20T08:00:00Z');
  const failure = new Error(`no answer from a://b:${secret}@c`);
  expect(
    redactFields({
      count: 3,
      none: null,
      yes: true,
      absent: undefined,
      when,
      address: new URL(`https://a:${secret}@c/`),
    }),
  ).toEqual({
    count: 3,
    none: null,
    yes: true,
    absent: undefined,
    when: '2026-11-20T08:00:00.000Z',
    address: 'https://a:[redacted]@c/',
  });
  expect(redactFields({ failure })).toEqual({
    failure: expect.stringMatching(/^Error: no answer from a:\/\/b:\[redacted\]@c\n +at /),
  });
});

test('a cycle ends, and the original is not changed', () => {
  const fields: Record<string, unknown> = { token: secret };
  fields['self'] = fields;
  expect(JSON.stringify(redactFields(fields))).toMatch(/^(\{"token":"\[redacted\]","self":){6}"\[deep\]"\}{6}$/);
  expect(fields['token']).toBe(secret);
});

test('a number that JSON does not know can still be logged', () => {
  expect(JSON.stringify(redactFields({ inode: 2n ** 64n }))).toBe('{"inode":"18446744073709551616"}');
});
