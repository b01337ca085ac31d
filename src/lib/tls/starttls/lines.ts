import type { Conversation } from './conversation.ts';

/**
 * The next line without its end, CR LF or LF alone. `start` matches every line of the protocol and every beginning of
 * one, so that something else is noticed before its line ends, if it has lines at all.
 */
export async function readLine(conversation: Conversation, start: RegExp): Promise<string> {
  const bytes = await conversation.read((pending) => {
    const end = pending.indexOf(0x0a);
    const line = pending.toString('latin1', 0, Math.min(end < 0 ? pending.length : end + 1, 16));
    if (!start.test(line)) return 'foreign';
    return end < 0 ? 'incomplete' : end + 1;
  });
  return bytes.toString('utf8').replace(/\r?\n$/, '');
}

/** A reply with a code of three digits (RFC 5321 4.2.1, RFC 959 4.2). */
export interface Reply {
  code: number;
  /** The first line as it came. */
  first: string;
  /** The last line as it came, which is the first where there is but one. */
  last: string;
  /** The texts of all lines, without codes. */
  texts: readonly string[];
}

const replyStart = /^[1-5](?:$|\d(?:$|\d(?:$|[- \r\n])))/;

/**
 * The next reply. Between the first and the last line FTP allows any text, and only the same code with a space ends it;
 * in SMTP every line has a code, and the last one's counts: a greeting may begin with `220-` and end with `521 `.
 */
export async function readReply(conversation: Conversation, endsWith: 'same code' | 'any code'): Promise<Reply> {
  const first = await readLine(conversation, replyStart);
  const end = endsWith === 'same code' ? new RegExp(`^${first.slice(0, 3)}(?: |$)`) : /^[1-5]\d\d(?: |$)/;
  const texts = [first.slice(4)];
  let last = first;
  if (first[3] === '-') {
    do {
      last = await readLine(conversation, /(?:)/);
      texts.push(last.slice(4));
    } while (!end.test(last));
  }
  return { code: Number(last.slice(0, 3)), first, last, texts };
}
