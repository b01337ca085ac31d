import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runSslExpiry } from './run-ssl-expiry.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-ssl-usage-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  return path;
}

const target = '127.0.0.1:1';
const refused = async (words: readonly string[]) => {
  const { code, stdout, stderr } = await runSslExpiry(folder, words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  return stderr;
};
const severalWays = 'write a host, host:port, [address]:port, a URL such as smtp://host, or the path of a file';
const badPort = 'is not a target: a port is a number from 1 to 65535';

test.each<[words: string, error: string, hint: string]>([
  ['host:0', `'host:0' ${badPort}`, severalWays],
  ['host:65536', `'host:65536' ${badPort}`, severalWays],
  ['host:https', `'host:https' ${badPort}`, severalWays],
  ['host:', `'host:' is not a target: there is no port behind the colon`, severalWays],
  ['http://host', `'http://host' is not a target: its scheme is not known`, `did you mean 'https://'?`],
  [`-4 -6 ${target}`, '-4 and -6 leave no address', 'leave both out to use either kind'],
  [
    `${target} --address www.example.com`,
    `option '--address': 'www.example.com' is not an IP address`,
    'write an address such as 192.0.2.1 or 2001:db8::1; a name is a target, and --servername what it is asked for',
  ],
  [
    `${target} --servername 192.0.2.1`,
    `option '--servername': '192.0.2.1' is not a host name: it is an address, and TLS asks for names only`,
    'write the name that is in the certificate, such as www.example.com',
  ],
  [
    `${target} --servername a..b`,
    `option '--servername': 'a..b' is not a host name: there is nothing between two dots of the name`,
    'write the name that is in the certificate, such as www.example.com',
  ],
  [`${target} --ignore exipred`, `option '--ignore': there is no finding 'exipred'`, `did you mean 'expired'?`],
  [`${target} --starttls sieve`, `option '--starttls': there is no STARTTLS for 'sieve'`, 'use tls, smtp, imap,'],
  [`${target} --unreachable fine`, `option '--unreachable': 'fine' is no status`, 'use ok, warning, critical, unknown'],
  [`${target} -w soon`, `option '--warn': 'soon' is not a threshold`, 'write days, durations and shares of'],
  [`${target} -c 101%`, `option '--crit': '101%' is not a threshold`, 'write'],
  [
    `${target} --connect-timeout 0`,
    `option '--connect-timeout': '0' is out of range`,
    'use more than 0 and at most 1h',
  ],
  [`${target} --connect-timeout 61m`, `option '--connect-timeout': '61m' is out of range`, 'use more than 0 and at'],
  [`${target} --connect-timeout soon`, `option '--connect-timeout': 'soon' is not a duration`, 'write a number and'],
  [`${target} --key k.pem`, 'a key without its certificate is of no use', 'add --cert FILE'],
])('ssl-expiry %s', async (words, error, hint) => {
  const stderr = await refused(words.split(' '));
  expect(stderr.split('\n')[0]).toContain(`devops: error: ${error}`);
  expect(stderr.split('\n')[1]).toContain(`devops: hint: ${hint}`);
});

test.each([
  ['--retries', '-1'],
  ['--retries', '101'],
  ['--concurrency', '0'],
  ['--concurrency', '4097'],
  ['--concurrency', 'many'],
])('%s %s is out of its range', async (option, value) => {
  const range = option === '--retries' ? '0 to 100' : '1 to 4096';
  expect(await refused([target, option, value])).toBe(
    `devops: error: option '${option}': '${value}' is not a number from ${range}\n`,
  );
});

test.each(['', 'a b', 'x'.repeat(300)])('a server name %j is no name, and never reaches a server', async (name) => {
  expect(await refused([target, '--servername', name])).toContain(`'${name}' is not a host name: `);
});

test('an empty address is none, and not this machine', async () => {
  expect(await refused([target, '--address', ''])).toContain(`option '--address': '' is not an IP address`);
});

test('codes to ignore may come from a variable that is empty', async () => {
  const { stdout } = await runSslExpiry(folder, [
    target,
    '--ignore',
    '',
    '--ignore',
    'unreachable,,',
    '--retries',
    '0',
  ]);
  expect(stdout).toMatch(/^127\.0\.0\.1:1\tok\t/);
});

test('without a target and without an inventory it says where targets come from', async () => {
  expect(await refused([])).toBe(
    [
      'devops: error: nothing to look at: no target was named',
      "devops: hint: name some, such as 'devops ssl-expiry example.com', or a file of them with -f FILE",
      'devops: hint: or list them in devops.yaml under ssl-expiry: targets:',
      '',
    ].join('\n'),
  );
});

test.each(['', '\n\n', '# nothing but a comment\n   # and another\n'])('a list %j has no target', async (text) => {
  const list = file('list.txt', text);
  expect(await refused(['-f', list])).toBe(
    `devops: error: no target in ${list}\ndevops: hint: write one target on each line\n`,
  );
});

test('every bad line of a list is told with its number', async () => {
  const list = file('list.txt', 'good.test\nhost:0\n\nhost :1\n');
  expect(await refused(['-f', list])).toBe(
    [
      `devops: error: ${list}:2: 'host:0' ${badPort} (and 1 more bad line)`,
      `devops: hint: ${severalWays}`,
      `devops: hint: ${list}:4: found ':1' behind the target, expected the end of the line`,
      '',
    ].join('\n'),
  );
});

test('a list that is missing, and a folder that is no list', async () => {
  expect(await refused(['-f', `${folder}/none`])).toBe(
    `devops: error: cannot read '${folder}/none': no such file or directory\n`,
  );
  expect(await refused(['-f', folder])).toBe(
    [
      `devops: error: cannot read '${folder}' as a list: it is a folder`,
      `devops: hint: leave -f out to look at the certificates in it: devops ssl-expiry '${folder}'`,
      '',
    ].join('\n'),
  );
});

test.each([
  ['{"a":1}', 'this JSON has no "kind", so it is not what kubectl prints'],
  ['{"kind":"List","items":[', 'this begins like JSON and is not, or it was cut off'],
])('JSON %j is nothing of Kubernetes', async (text, error) => {
  const stderr = await refused(['-f', file('secrets.json', text)]);
  expect(stderr).toContain(error);
  expect(stderr).toContain('devops: hint: give it what this prints: kubectl get secret -A -o json\n');
});

test('Secrets without a certificate are no success', async () => {
  expect(await refused(['-f', file('secrets.json', '{"kind":"List","items":[]}')])).toContain(
    'no certificate in the Secrets',
  );
});

test.each<[words: readonly string[], error: string]>([
  [['--ca', '/nonexistent'], `--ca: cannot read '/nonexistent': no such file or directory`],
  [['--cert', '/nonexistent'], `--cert: cannot read '/nonexistent': no such file or directory`],
  [['--password-file', '/nonexistent'], `cannot read the secret file '/nonexistent': no such file or directory`],
])('%j is missing', async (words, error) => {
  expect(await refused([target, ...words])).toContain(`devops: error: ${error}\n`);
});

test('a file of the wrong kind for --ca, --cert and --password-file', async () => {
  const text = file('text.pem', 'hello\n');
  const open = file('open.txt', 'secret\n', 0o644);
  mkdirSync(join(folder, 'folder'), { recursive: true });
  expect(await refused([target, '--ca', text])).toContain(
    `--ca: cannot trust '${text}': it is neither PEM, DER, PKCS#12 nor JKS`,
  );
  expect(await refused([target, '--ca', join(folder, 'folder')])).toContain(
    `--ca: cannot read '${folder}/folder': is a directory`,
  );
  expect(await refused([target, '--cert', text])).toContain(`--cert: '${text}' holds no certificate in PEM`);
  expect(await refused([target, '--password-file', open])).toContain(
    `will not use the secret file '${open}': others than its owner can use it (mode 0644)`,
  );
});

test('for Nagios a mistake in the command line is UNKNOWN on standard output, 3', async () => {
  expect(await runSslExpiry(folder, ['-o', 'nagios', 'host:0'])).toEqual({
    code: 3,
    stdout: `SSL-EXPIRY UNKNOWN - ssl-expiry: 'host:0' ${badPort}\n`,
    stderr: '',
  });
});

test('help names every code of exit and every default', async () => {
  const { code, stdout } = await runSslExpiry(folder, ['--help']);
  expect(code).toBe(0);
  const text = stdout.replaceAll(/\s+/g, ' ');
  for (const words of ['30d,25%', '7d,10%', '(default: 10s)', '(default: 256)', '(default: unknown)', ' 130 ']) {
    expect(text).toContain(words);
  }
});
