import { describe, expect, test } from 'vitest';
import { parseSmtpUrl } from '../../../src/lib/mail/parse-smtp-url.ts';

const required = { tls: false, starttls: 'required' };

describe('a URL of a mail server', () => {
  test.each([
    ['smtp://mail.example.org', { host: 'mail.example.org', port: 587, ...required }],
    ['SMTP://mail.example.org:25/', { host: 'mail.example.org', port: 25, ...required }],
    ['smtps://mail.example.org', { host: 'mail.example.org', port: 465, tls: true, starttls: 'required' }],
    ['smtp://localhost:25', { host: 'localhost', port: 25, tls: false, starttls: 'optional' }],
    ['smtp://127.0.0.1:25', { host: '127.0.0.1', port: 25, tls: false, starttls: 'optional' }],
    ['smtp://localhost:587', { host: 'localhost', port: 587, ...required }],
    ['smtp://localhost:1025?starttls=never', { host: 'localhost', port: 1025, tls: false, starttls: 'never' }],
    ['smtp://[::1]:25?starttls=required', { host: '::1', port: 25, ...required }],
    ['smtp://m.example?ca=/etc/my%20ca.pem', { host: 'm.example', port: 587, ...required, ca: '/etc/my ca.pem' }],
    [
      'smtp://u%40x:p%3A%2F%40%25%C3%BC:b@m.example',
      { host: 'm.example', port: 587, ...required, user: 'u@x', password: 'p:/@%ü:b' },
    ],
    ['smtp://u@x:p@w@m.example', { host: 'm.example', port: 587, ...required, user: 'u@x', password: 'p@w' }],
  ])('%s is read', (text, expected) => {
    expect(parseSmtpUrl(text)).toEqual(expected);
  });

  const secret = 'gehe1m';
  test.each([
    ['', /cannot be read/],
    ['mail.example.org', /cannot be read/],
    [`https://u:${secret}@m.example`, /neither smtp:\/\/ nor smtps/],
    [`smtp://u:${secret}@`, /names no host/],
    [`smtp://u:${secret}/x@m.example`, /cannot be read/],
    [`smtp://u:%zz${secret}@m.example`, /% in its password/],
    [`smtp://u:${secret}#@m.example`, /cannot be read/],
    [`smtp://u:${secret}?@m.example`, /port|cannot be read|behind its \?/],
    [`smtp://:${secret}@m.example`, /no user name/],
    ['smtp://u@m.example', /without a password/],
    [`smtp://u:${secret}@m.example:0`, /port/],
    [`smtp://u:${secret}@m.example:65536`, /port/],
    [`smtp://u:${secret}@m.example?starttls=maybe`, /required, optional, never/],
    [`smtp://u:${secret}@m.example?startls=never`, /did you mean 'starttls'/],
    [`smtp://u:${secret}@m.example?x=1`, /something else than starttls and ca/],
    [`smtps://u:${secret}@m.example?starttls=never`, /TLS from the first byte/],
    [`smtp://u:${secret}@m.example?ca=ca.pem`, /absolute path/],
    [`smtp://u:${secret}@m.example\n`, /space or a line end/],
    [`smtp://u:${secret}@[::zz]`, /IPv6/],
    [`smtp://u:${secret}@${'x'.repeat(10_000)}`, /too long/],
  ])('%s is refused without its password', (text, message) => {
    const refusal = () => parseSmtpUrl(text);
    expect(refusal).toThrow(expect.objectContaining({ name: 'UserError', code: 'config' }));
    expect(refusal).toThrow(message);
    expect(refusal).not.toThrow(secret);
  });
});
