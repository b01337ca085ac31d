import { expect, test } from 'vitest';
import { foreignAnswer } from '../../../../src/lib/tls/raw/foreign-answer.ts';

test.each([
  ['HTTP/1.1 400 Bad Request\r\nServer: x\r\n', "plain HTTP: it answered 'HTTP/1.1 400 Bad Request'"],
  ['<html>\r\n<head><title>400</title>', "plain HTTP: it answered '<html>'"],
  ['SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', "SSH: it answered 'SSH-2.0-OpenSSH_9.2p1 Debian-2'"],
  ['220 mx.example.com ESMTP Postfix\r\n', "SMTP: it answered '220 mx.example.com ESMTP Postfix'"],
  ['220 (vsFTPd 3.0.3)\r\n', "FTP: it answered '220 (vsFTPd 3.0.3)'"],
  ['421 too many connections\r\n', "SMTP or FTP: it answered '421 too many connections'"],
  ['* OK [CAPABILITY IMAP4rev1] ready\r\n', "IMAP: it answered '* OK [CAPABILITY IMAP4rev1] ready'"],
  ['+OK POP3 ready\r\n', "POP3: it answered '+OK POP3 ready'"],
  ['J\0\0\0\n8.0.36\0', 'MySQL: it answered the bytes 4a 00 00 00 0a 38 2e 30 2e 33 36 00'],
  ['E\0\0\0\x85SFATAL\0', 'PostgreSQL: it answered the bytes 45 00 00 00 85 53 46 41 54 41 4c 00'],
  ['\x80\x2e\x04\x00\x01\x00\x02', 'SSL 2.0: it answered the bytes 80 2e 04 00 01 00 02'],
  ['\x80\x03\x00\x00\x01', 'SSL 2.0: it answered the bytes 80 03 00 00 01'],
])('%j is told as what it looks like', (text, expected) => {
  const failure = foreignAnswer(Buffer.from(text, 'latin1'));
  expect(failure.code).toBe('not-tls');
  expect(failure.message).toBe(`the server does not speak TLS but ${expected}`);
});

test('an answer that looks like nothing is quoted without a guess', () => {
  expect(foreignAnswer(Buffer.from('hello\nworld')).message).toBe("the server does not speak TLS: it answered 'hello'");
  expect(foreignAnswer(Buffer.from([0xff])).message).toBe('the server does not speak TLS: it answered the byte ff');
});

test('the quote is short and cannot move the cursor', () => {
  expect(foreignAnswer(Buffer.from('x'.repeat(250))).message).toMatch(/ 'x{60}\.\.\.'$/);
  expect(foreignAnswer(Buffer.from('\u001B[2Jgone\u202E')).message).toMatch(/the bytes 1b 5b 32 4a [0-9a-f ]+$/);
});

test('a protocol that has STARTTLS hints at its scheme', () => {
  expect(foreignAnswer(Buffer.from('* OK ready')).hint).toContain('imap://HOST:PORT');
});
