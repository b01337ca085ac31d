import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMail } from '../support/mail/read-mail.ts';
import { notifyBench, ops } from './run-notify.ts';

let bench: ReturnType<typeof notifyBench>;
beforeEach(() => {
  bench = notifyBench();
});
afterEach(() => bench.close());

/** A job that prints these bytes and fails, and the mail about it. */
async function mailAbout(output: string | Buffer, name = 'backup') {
  const server = await bench.mailServer();
  const file = join(bench.folder, 'output');
  writeFileSync(file, output);
  const run = await bench.devops(['run', '--notify', ops, '--name', name, '--', 'sh', '-c', `cat ${file}; exit 3`]);
  expect(run).toEqual({ code: 3, stdout: '', stderr: '' });
  expect(server.received).toHaveLength(1);
  return readMail(server.received[0]!.raw);
}

const ownHeaders = [
  'from',
  'to',
  'message-id',
  'date',
  'mime-version',
  'auto-submitted',
  'x-auto-response-suppress',
  'subject',
  'content-type',
];

describe('what a job prints', () => {
  test.each([
    [
      'headers and an end of the message',
      'Bcc: evil@example.org\r\n\r\n.\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<evil@example.org>\r\nDATA\r\n',
    ],
    ['lines of dots', '.\n..\n...\n.\n'],
    ['bare carriage returns and line feeds', 'a\rb\nc\r\nd\n\re\n'],
    ['UTF-8 of every length', 'Grüße, 日本語, 🚀 \u{10FFFF} שלום\n'],
    ['lines that look like a boundary', '--abc\n------=_Part\nFrom somebody\n'],
    ['one line of 200,000 characters', `${'x'.repeat(100_000)}${'ü'.repeat(50_000)}\n`],
    ['lines with blanks at their ends', 'a  \nb\t\n \n'],
  ])('%s arrives to the bit as the log of the mail, and adds no header', async (_, output) => {
    const mail = await mailAbout(output);
    expect(mail.headerNames.toSorted()).toEqual(ownHeaders.toSorted());
    const log = mail.parts.find(({ filename }) => filename !== undefined)!;
    const limit = 131_072;
    if (Buffer.byteLength(output) <= limit) expect(log.content.toString()).toBe(output);
    else expect(log.content.toString()).toMatch(/^x+[^]*ü+\n$/);
  });

  test('control characters are not obeyed by whoever reads the mail in a terminal', async () => {
    const { text, parts } = await mailAbout('\u001B[2J\u001B]0;title\u0007\u202Eevil\n');
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F\u202E]/);
    expect(parts[1]!.content.toString()).not.toContain('\u001B');
  });

  test('4 MB of it are told by their beginning and their end, and where all of it is', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index} ${'x'.repeat(30)}\n`);
    const { text, parts } = await mailAbout(lines.join(''));
    const log = parts.find(({ filename }) => filename !== undefined)!.content.toString();
    expect(log.startsWith(lines.slice(0, 1000).join(''))).toBe(true);
    expect(log.endsWith(lines.slice(-1000).join(''))).toBe(true);
    expect(log.length).toBeLessThan(256 * 1024);
    expect(/\noutput: +[34]\.\d+ MiB\n/.test(text)).toBe(true);
    expect(text.slice(0, 2000)).toMatch(/log: +\/.*\/jobs\/backup\/runs\/[\w-]+\.log/);
  });
});

describe('a finding of a command', () => {
  test('names the command, the host and what it found in one line', async () => {
    const server = await bench.mailServer();
    const run = await bench.devops(['ssl-expiry', 'nowhere.invalid:443', '--timeout', '5s', '--notify', ops]);
    expect(run.code).not.toBe(0);
    expect(server.received).toHaveLength(1);
    const { headers, headerNames } = readMail(server.received[0]!.raw);
    expect(headers.get('subject')).toMatch(/^UNKNOWN ssl-expiry-\w+ on \S+: nowhere\.invalid:443: /);
    expect(headerNames.toSorted()).toEqual(ownHeaders.toSorted());
  });
});

describe('devops mail send', () => {
  test('delivers 4 MB of text in UTF-8 as they are', { timeout: 20_000 }, async () => {
    const server = await bench.mailServer();
    const line = `${'Grüße 日本語 🚀 '.repeat(10)}\n.\n`;
    const text = line.repeat(Math.ceil(4_000_000 / Buffer.byteLength(line)));
    const run = await bench.devops(['mail', 'send', '-s', 'Prüfung 🚀', 'ops@example.org'], { stdin: text });
    expect(run.code).toBe(0);
    const mail = readMail(server.received[0]!.raw);
    expect(mail.headers.get('subject')).toBe('Prüfung 🚀');
    expect(mail.text === text).toBe(true);
  });

  test('takes nothing of a subject for a header', async () => {
    const server = await bench.mailServer();
    for (const subject of [
      'a\r\nBcc: evil@example.org',
      'a\n\nbody',
      '=?utf-8?q?x?=',
      'ü'.repeat(2000),
      ' \u0000\u001B[1m',
    ]) {
      const { code } = await bench.devops(['mail', 'send', '-s', subject, 'ops@example.org'], { stdin: 'a text\n' });
      // It is delivered as it is, or refused.
      expect(code).toBe(/\p{Cc}/u.test(subject) ? 2 : 0);
    }
    for (const { raw, to } of server.received) {
      const { headerNames, text } = readMail(raw);
      expect(to).toEqual(['ops@example.org']);
      expect(headerNames).not.toContain('bcc');
      expect(text).toBe('a text\n');
    }
    expect(server.received).toHaveLength(2);
  });
});
