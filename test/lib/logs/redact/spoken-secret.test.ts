import { expect, test } from 'vitest';
import { createLineRedactor } from '../../../../src/lib/logs/redact/create-line-redactor.ts';

test.each([
  ["STATEMENT:  create role x password 'S3cret' login", 'STATEMENT:  create role x password [redacted] login'],
  ["ALTER USER a IDENTIFIED BY 'S3cret';", 'ALTER USER a IDENTIFIED BY [redacted];'],
  ['COMMAND=/usr/bin/tool --password S3cret --host db', 'COMMAND=/usr/bin/tool --password [redacted] --host db'],
  ['mysql -h db -uroot -pS3cret shop', 'mysql -h db -uroot -p[redacted] shop'],
  ['sshpass -p S3cret ssh host', 'sshpass -p [redacted] ssh host'],
  ['curl -u anna:S3cret https://example.org', 'curl -u anna:[redacted] https://example.org'],
  ['<user>anna</user><password>S3cret</password>', '<user>anna</user><password>[redacted]</password>'],
  ['the password is S3cret, ask anna', 'the password is [redacted], ask anna'],
  ['\u001B[33mpassword\u001B[0m=\u001B[31mS3cret\u001B[0m ok', '\u001B[33mpassword\u001B[0m=\u001B[31m[redacted] ok'],
])('%j becomes %j', (line, shown) => {
  expect(createLineRedactor()(line)).toBe(shown);
  expect(createLineRedactor()(shown)).toBe(shown);
});

test.each([
  'password authentication failed for user anna',
  'docker run -u 1000:1000 x',
  'mysqld: ready -port 3306',
  'the secret of success',
])('%j stays as it is', (line) => {
  expect(createLineRedactor()(line)).toBe(line);
});

test('long hostile lines take no time', () => {
  const started = Date.now();
  for (const part of ['mysql -', '--password ', "password '", ' -u a', '<password>', 'mysql ']) {
    createLineRedactor()(part.repeat(200_000 / part.length));
  }
  expect(Date.now() - started).toBeLessThan(3000);
});
