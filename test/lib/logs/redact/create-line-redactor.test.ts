import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineRedactor } from '../../../../src/lib/logs/redact/create-line-redactor.ts';

const secret = 'Hunter22x';
const letters = 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA';
const capitals = 'AB3DE5GH7JK9MN1P';

const redact = (line: string): string => createLineRedactor()(line);

test.each([
  // Schemes and headers
  [`GET / Authorization: Bearer ${secret}`, 'GET / Authorization: Bearer [redacted]'],
  [`sent bearer ${secret}-_.~+/= to peer`, 'sent bearer [redacted] to peer'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [redacted]'],
  ['"Authorization":"Bearer abcdef"', '"Authorization":"Bearer [redacted]"'],
  ['authorization: abcdef', 'authorization: [redacted]'],
  [`map[Authorization:[Bearer ${secret}] Accept:[*/*]]`, 'map[Authorization:[Bearer [redacted] Accept:[*/*]]'],
  [`Authorization: Digest username="me", response="${secret}"`, 'Authorization: Digest [redacted]'],
  [`{'Proxy-Authorization': 'Basic ${secret}', 'A': 'b'}`, "{'Proxy-Authorization': 'Basic [redacted]', 'A': 'b'}"],
  [`Cookie: a=${secret}; b=c`, 'Cookie: [redacted]'],
  [`"set-cookie":"a=${secret}; Path=/","x":1`, '"set-cookie":"[redacted]","x":1'],
  [`GET /x;jsessionid=${secret}?a=b`, 'GET /x;jsessionid=[redacted]'],
  [`session=${secret} user=7`, 'session=[redacted] user=7'],
  [`{"session_id":"${secret}","n":1}`, '{"session_id":"[redacted]","n":1}'],
  [`PHPSESSID=${secret}; a`, 'PHPSESSID=[redacted]; a'],
  // Pairs
  [`password=${secret} user=me`, 'password=[redacted] user=me'],
  [`DB_PASSWORD=${secret}, x`, 'DB_PASSWORD=[redacted], x'],
  [`pass=${secret}&user=me`, 'pass=[redacted]&user=me'],
  [`dbPass=${secret} MYSQL_PWD=${secret}`, 'dbPass=[redacted] MYSQL_PWD=[redacted]'],
  [`db_pass=${secret}`, 'db_pass=[redacted]'],
  [`Pwd=${secret};Server=a`, 'Pwd=[redacted];Server=a'],
  [`password:            ${secret}`, 'password:            [redacted]'],
  [`'password' => '${secret}',`, "'password' => '[redacted]',"],
  [`spring.datasource.password=${secret}`, 'spring.datasource.password=[redacted]'],
  [`api_key=${secret}`, 'api_key=[redacted]'],
  [`X-Api-Key: ${secret}`, 'X-Api-Key: [redacted]'],
  [`apikey=${secret}`, 'apikey=[redacted]'],
  [`token: ${secret}`, 'token: [redacted]'],
  [`?access_token=${secret}&page=2`, '?access_token=[redacted]&page=2'],
  [`?redirect=a%26token%3D${secret}&page=2`, '?redirect=a%26token%3D[redacted]&page=2'],
  [`AWS_SECRET_ACCESS_KEY=${secret}/+`, 'AWS_SECRET_ACCESS_KEY=[redacted]'],
  [`AccountName=a;AccountKey=${secret}==;E=f`, 'AccountName=a;AccountKey=[redacted];E=f'],
  [`?sv=1&sig=${secret}%3D`, '?sv=1&sig=[redacted]'],
  [`X-Amz-Signature=${secret}&a=b`, 'X-Amz-Signature=[redacted]&a=b'],
  [`{"password":"${secret}","user":"me"}`, '{"password":"[redacted]","user":"me"}'],
  [`{"password": "a\\"${secret}\\\\","user":"me"}`, '{"password": "[redacted]","user":"me"}'],
  [`{"password":12345678,"a":{"token":${secret}}}`, '{"password":[redacted],"a":{"token":[redacted]}}'],
  [`{"tokens":["${secret}","b"],"user":"me"}`, '{"tokens":[redacted],"user":"me"}'],
  [`{"credentials":{"user":"me","password":"${secret}"}}`, '{"credentials":{"user":"me","password":"[redacted]"}}'],
  [
    `{"msg":"sent {\\"password\\":\\"a\\\\\\"${secret}\\",\\"user\\":1}"}`,
    '{"msg":"sent {\\"password\\":\\"[redacted]\\",\\"user\\":1}"}',
  ],
  [`{"msg":"sent {\\"password\\":\\"${secret}","n":1}`, '{"msg":"sent {\\"password\\":\\"[redacted]","n":1}'],
  [`{"cmd":"run \\"--password=${secret}\\" now"}`, '{"cmd":"run \\"--password=[redacted]\\" now"}'],
  [`password="never closed ${secret}`, 'password="[redacted]'],
  // Shapes
  [`id eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${letters} ok`, 'id [redacted] ok'],
  [`key AKIA${capitals} and ASIA${capitals}`, 'key [redacted] and [redacted]'],
  [`cloning with ghp_${letters}`, 'cloning with [redacted]'],
  [`(github_pat_${letters}_${letters})`, '([redacted])'],
  [`glpat-${letters}`, '[redacted]'],
  [`slack xoxb-1234-${letters}`, 'slack [redacted]'],
  [`https://hooks.slack.com/services/T0/B0/${letters}`, 'https://hooks.slack.com/services/[redacted]'],
  [`stripe sk_live_${letters} pk_live_${letters}`, `stripe [redacted] pk_live_${letters}`],
  [`using sk-proj-${letters}`, 'using [redacted]'],
  [`AIza${letters}abc`, '[redacted]'],
  [`npm_${letters}`, '[redacted]'],
  // URLs and mail
  [`postgres://me:${secret}@db/x`, 'postgres://me:[redacted]@db/x'],
  [`redis://:${secret}@cache:6379 down`, 'redis://:[redacted]@cache:6379 down'],
  ['mail from <bob.o+x@mail.example.com>, to=<ann@example.org>', 'mail from <[redacted]>, to=<[redacted]>'],
  ['user=bob@example.com.', 'user=[redacted].'],
  ['{"mail":"bob@example.com","url":"http://a:80"}', '{"mail":"[redacted]","url":"http://a:80"}'],
  ['m\u00c3\u00bcller@b\u00c3\u00bccher.example', '[redacted]'],
  [
    '-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY----- ok',
    '-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY----- ok',
  ],
])('%s', (line, expected) => {
  expect(redact(line)).toBe(expected);
  expect(redact(expected)).toBe(expected);
});

test.each([
  '',
  '2026-11-20T15:13:08.123+01:00 ERROR [http-nio-8080] c.e.Service - order 12 failed after 1.5s',
  'Nov 20 15:13:08 web1 sshd[123]: Accepted publickey for root from 10.0.0.1 port 22 ssh2: ED25519 SHA256:abc',
  '10.0.0.1 - - [20/Nov/2026:15:13:08 +0000] "GET /api/v1/users/7?page=2 HTTP/1.1" 200 512 "-" "curl/8.1"',
  'commit 3f786850e387550fdab836ed7e6dc881de23001b in 550e8400-e29b-41d4-a716-446655440000',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 v1.2.3-rc.1',
  '/etc/passwd: No such file or directory',
  'cannot read the password file; token expired; the secret is out; session opened for user root',
  'a basic authentication scheme, bearer authentication required',
  'tests: pass: 10, fail: 2, bypass=yes, compass=north, passage=x',
  'PWD=/home/me OLDPWD=~/x',
  'prompt_tokens=512 max_tokens: 4096 "total_tokens":99 token_count=5 token_expires_in=3600',
  'token_type=x secretName: my-tls token_url=https://a/b tokenizer=fast passwordless=yes',
  '{"password":null,"token":false} password=*** password: { env: X } secret=',
  'session=7 "session_id":12',
  'http://host:8080/path?mail=1 http://host:8080?at=1@2 ssh://git@host.example/x git@host.example:a/b',
  'getty@tty1.service user@1000.service lodash@4.17.21 @scope/name @devops.example .@b.example logo@2x.png a@b @ @@ x@',
  'fe80::1%eth0 [2001:db8::1]:443 00:1a:2b:3c:4d:5e',
  'task-force risk-based desk-12345678901234567890 monkeyJungle.banana.split',
  'monkey=1 key=2 keyboard: ok turkey: 3',
])('nothing secret is in: %s', (line) => {
  expect(redact(line)).toBe(line);
});

test('a private key is masked line by line until its end, also behind a head, and only so far', () => {
  const body = `${letters}${letters}`;
  const redactLine = createLineRedactor();
  const lines = [
    ['t0 key: -----BEGIN EC PRIVATE KEY-----', 't0 key: -----BEGIN EC PRIVATE KEY-----'],
    ['Proc-Type: 4,ENCRYPTED', 'Proc-Type: 4,ENCRYPTED'],
    ['', ''],
    [body, '[redacted]'],
    [`2026-11-20 pod ${body}`, '2026-11-20 pod [redacted]'],
    ['aB3=', '[redacted]'],
    ['-----END EC PRIVATE KEY-----', '-----END EC PRIVATE KEY-----'],
    [body, body],
    ['-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----'],
    ['something else', 'something else'],
    [body, body],
  ];
  expect(lines.map(([line]) => redactLine(line!))).toEqual(lines.map(([, expected]) => expected));
});

test('whatever the line, masking it twice changes nothing', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'password',
      'token',
      'Authorization',
      'cookie',
      'session',
      'Bearer ',
      'Basic ',
      '[redacted]',
      'pwd',
    ),
    fc.constantFrom(
      '=',
      ':',
      ': ',
      ' ',
      '"',
      "'",
      '\\',
      '\\"',
      '@',
      '://',
      '/',
      ',',
      '{',
      '}',
      '[',
      ']',
      '&',
      ';',
      '.',
    ),
    fc.constantFrom(
      'a',
      'a.example',
      'bob',
      secret,
      '1',
      '8080',
      'null',
      'ghp_',
      letters,
      'eyJ',
      '-----BEGIN PRIVATE KEY-----',
    ),
    fc.constantFrom('-----END PRIVATE KEY-----', 's', '_id', '-', '%3D', 'digest ', 'hooks.slack.com/services/', '?'),
  );
  const line = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(line, (text) => {
      const once = redact(text);
      expect(redact(once)).toBe(once);
    }),
    { numRuns: 20_000 },
  );
});

test('the secret of a pair never survives, whatever stands around', () => {
  const around = fc.string({ maxLength: 20 });
  fc.assert(
    fc.property(
      around,
      fc.constantFrom('password=', '"token":"', 'api_key: ', 'Authorization: Bearer '),
      around,
      (a, key, b) => {
        expect(redact(`${a} ${key}zqzqzqzq1 ${b}`)).not.toContain('zqzqzqzq1');
      },
    ),
    { numRuns: 2000 },
  );
});

const hostile: [string, number][] = [
  ['a', 10_000_000],
  ['token', 500_000],
  ['token="', 350_000],
  [`password="${'x'.repeat(1000)}`, 2_500],
  ['password=\\"\\', 200_000],
  ['a://b:c', 350_000],
  ['a://b:c@', 300_000],
  ['://b:@@@@', 250_000],
  ['eyJ-', 625_000],
  ['eyJhbGciOi.', 225_000],
  ['xoxb-', 500_000],
  ['SG.aaaaaaaaaaaaaaaaaaaa', 100_000],
  ['bearer ', 350_000],
  ['a@', 1_250_000],
  ['a.b@c.', 400_000],
  ['-----BEGIN PRIVATE KEY-----', 92_500],
  ['-----BEGIN PRIVATE KEY-----a-----END PRIVATE KEY-----', 47_500],
  ['-----BEGIN ', 225_000],
  ['authorization: digest ', 117_500],
  ['session', 350_000],
  ['cookies', 350_000],
  [`password${' '.repeat(100)}`, 23_000],
  ['password' + ' '.repeat(10_000_000), 1],
  ['bearer' + ' '.repeat(10_000_000), 1],
  [`https://${'u'.repeat(10_000_000)}:a@b`, 1],
  [`password=${'\\'.repeat(10_000_000)}"`, 1],
  ['SG.aaaaaaaaaaaaaaaaaaaa-', 100_000],
];

test.each(hostile.map(([piece, times]) => ({ name: piece.slice(0, 24), piece, times })))(
  'a line of some megabytes of $name takes a fraction of a second',
  ({ piece, times }) => {
    const line = piece.repeat(times);
    const started = performance.now();
    redact(line);
    expect(performance.now() - started).toBeLessThan(2000);
  },
);

test('a secret of 10 MB is masked whole', () => {
  expect(redact(`password="${'x'.repeat(10_000_000)}" y`)).toBe('password="[redacted]" y');
  expect(redact(`Bearer ${'x1'.repeat(5_000_000)} y`)).toBe('Bearer [redacted] y');
  expect(redact(`https://a:${'x1'.repeat(5_000_000)}@b y`)).toBe('https://a:[redacted]@b y');
  expect(redact(`eyJ${'x1'.repeat(5_000_000)}.${'x1'.repeat(2_000_000)} y`)).toBe('[redacted] y');
});
