import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { startTlsServer } from '../support/tls/node-server.ts';
import { startRawServer } from '../support/tls/raw-server.ts';
import { chain } from '../support/tls/workshop.ts';
import { openssl, useCertificateShop } from './run-ssl-expiry.ts';

const shop = useCertificateShop('ssl-hostile');
/** Colours, the title of the window, a second line, a carriage return, and text that turns around. */
const hostile = '\u001B[31mred\u001B]0;owned\u0007\nok\tfine\r\u202Egnp.exe\u009B2J';
let words: string[];

beforeAll(async () => {
  if (openssl === undefined) return;
  const { workshop, servers } = shop;
  const authority = await workshop.authority(hostile);
  // Without alternative names the common name is the name.
  const leaf = await workshop.leaf({ commonName: `${hostile}!`, issuer: authority });
  const options = { key: readFileSync(leaf.keyFile), cert: chain(leaf, authority) };
  const { port } = await servers.keep(startTlsServer(options));
  const banner = await servers.keep(
    startRawServer((socket) => socket.once('data', () => socket.end(`HTTP/1.1 ${hostile}\r\n\r\n`))),
  );
  const file = workshop.file('a\u001B[2J\u202Eb.pem', chain(leaf, authority));
  words = [`127.0.0.1:${port}`, `127.0.0.1:${banner.port}`, file];
});

/** What moves a cursor, ends a line or turns text around; a line feed is all that a renderer may write. */
const harmful = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/;

test.skipIf(openssl === undefined).each(['text', 'github', 'nagios'])(
  '%s brings nothing harmful of a certificate, a banner or a file name to a screen',
  async (format) => {
    const { stdout, stderr } = await shop.run([...words, '-o', format]);
    expect(stdout).toContain('127.0.0.1:');
    expect(stdout).not.toMatch(harmful);
    expect(stderr).not.toMatch(harmful);
  },
);

test.skipIf(openssl === undefined).each(['json', 'jsonl', 'yaml', 'csv', 'junit', 'prometheus'])(
  '%s is for programs, which read the name as it is, and has no escape sequence where it has a way around it',
  async (format) => {
    const { stdout } = await shop.run([...words, '-o', format]);
    expect(stdout).toContain('127.0.0.1:');
    // csv and the labels of Prometheus have no escapes but their own.
    if (format !== 'csv' && format !== 'prometheus')
      expect(stdout).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/);
  },
);

test.skipIf(openssl === undefined)('neither does -q', async () => {
  const { stdout } = await shop.run([...words, '-q']);
  expect(stdout).not.toMatch(harmful);
  expect(stdout).toContain(String.raw`\x1b[31mred\x1b]0;owned\x07\nok\tfine\x0d\u202egnp.exe\x9b2J`);
});

test.skipIf(openssl === undefined).each([20, 80, 200])(
  'nor does the table with its chain at %i columns',
  async (terminalColumns) => {
    for (const targets of [words, ...words.map((word) => [word])]) {
      const { stdout } = await shop.run(targets, { terminalColumns, env: { NO_COLOR: '1' } });
      expect(stdout).not.toMatch(harmful);
    }
  },
);

test.skipIf(openssl === undefined)('no name makes a row or a line of its own', async () => {
  const { stdout } = await shop.run(words);
  expect(stdout.split('\n')).toHaveLength(4);
  for (const line of stdout.split('\n').slice(0, 3)) expect(line.split('\t')).toHaveLength(10);
});

test.skipIf(openssl === undefined)('for programs the name is what it is', async () => {
  const [record] = await shop.records([words[0]!]);
  expect(record!.certificates[0]).toMatchObject({ common_name: `${hostile}!`, issuer_common_name: hostile });
});
