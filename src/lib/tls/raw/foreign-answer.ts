import { printable } from '../../text/printable.ts';
import type { Protocol } from '../protocol.ts';
import { ProbeFailure } from '../probe-failure.ts';

interface Speech {
  language: string;
  hint?: string;
}

/** More is never looked at. */
export const foreignAnswerLength = 256;

/**
 * The failure for a server whose first bytes are no record of TLS: which protocol it looks like, and the first line of
 * what it said, in short. `start` is what came first, in whole or up to `foreignAnswerLength` bytes.
 */
export function foreignAnswer(start: Buffer): ProbeFailure {
  const speech = binarySpeech(start) ?? textSpeech(start.toString('latin1'));
  const language = speech === undefined ? '' : ` but ${speech.language}`;
  return new ProbeFailure('not-tls', `the server does not speak TLS${language}: it answered ${quote(start)}`, {
    ...(speech?.hint !== undefined && { hint: speech.hint }),
  });
}

function textSpeech(text: string): Speech | undefined {
  if (/^(HTTP\/\d|<!doctype|<html|<\?xml)/i.test(text)) {
    return { language: 'plain HTTP', hint: 'name the port that serves HTTPS, often 443 or 8443' };
  }
  if (text.startsWith('SSH-')) return { language: 'SSH' };
  if (/^\d{3}[ -].*smtp/i.test(text)) return startTlsSpeech('SMTP', 'smtp');
  if (/^\d{3}[ -].*ftp/i.test(text)) return startTlsSpeech('FTP', 'ftp');
  if (/^\d{3}[ -]/.test(text)) return startTlsSpeech('SMTP or FTP', 'smtp');
  if (/^\* (OK|PREAUTH|BYE)/.test(text)) return startTlsSpeech('IMAP', 'imap');
  if (text.startsWith('+OK')) return startTlsSpeech('POP3', 'pop3');
  return undefined;
}

function binarySpeech(start: Buffer): Speech | undefined {
  const [first = 0, second, third, fourth, fifth] = start;
  // The greeting of MySQL: its length in three bytes, packet 0, protocol 10.
  if (fourth === 0 && fifth === 10 && third === 0) return startTlsSpeech('MySQL', 'mysql');
  // ErrorResponse: its length in four bytes, then the field of severity.
  if (first === 0x45 && second === 0 && start[5] === 0x53) return startTlsSpeech('PostgreSQL', 'postgres');
  // A header of two bytes, then SERVER-HELLO, or ERROR of three bytes.
  if (first >= 0x80 && (third === 4 || (second === 3 && third === 0))) {
    return { language: 'SSL 2.0', hint: 'nothing that is in use today connects to it: bring its software up to date' };
  }
  return undefined;
}

function startTlsSpeech(language: string, protocol: Protocol): Speech {
  return {
    language,
    hint: `if it takes TLS after a word of its own protocol, write the target as ${protocol}://HOST:PORT`,
  };
}

/** The first line when it is text, else the first bytes in hexadecimal digits. */
function quote(start: Buffer): string {
  const line = start.toString('latin1').split(/\r?\n/, 1)[0]!;
  if (!/^[ -~]+$/.test(line)) {
    const digits = start
      .subarray(0, 12)
      .toString('hex')
      .replaceAll(/(..)(?=.)/g, '$1 ');
    return `${start.length === 1 ? 'the byte' : 'the bytes'} ${digits}`;
  }
  return `'${printable(line.length > 60 ? `${line.slice(0, 60)}...` : line)}'`;
}
