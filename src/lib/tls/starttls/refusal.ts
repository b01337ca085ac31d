import { ProbeFailure } from '../probe-failure.ts';
import type { Conversation } from './conversation.ts';
import { quote } from './quote.ts';

/** The failure of a server that will not start TLS: what it refused, and its words. */
export function refused(what: string, answer: string | Buffer): ProbeFailure {
  return new ProbeFailure('starttls-not-offered', `the server refused ${what}: ${quote(answer)}`);
}

/**
 * Asks for TLS in a protocol of lines, whether or not the server listed it: some have it and do not say so.
 *
 * `capabilities` is what it listed instead, undefined when it listed TLS or no list was asked for: it makes a plain
 * `not offered` of a server that refuses or hangs up.
 */
export async function askForTls(
  conversation: Conversation,
  question: {
    command: string;
    /** How the command is sent, without the end of the line, where it is not the command alone. */
    line?: string;
    capabilities: string | undefined;
    readAnswer: () => Promise<string>;
    accepted: RegExp;
  },
): Promise<void> {
  const { command, line = command, capabilities, readAnswer, accepted } = question;
  await conversation.write(`${line}\r\n`);
  let answer: string;
  try {
    answer = await readAnswer();
  } catch (error) {
    if (capabilities === undefined || !(error instanceof ProbeFailure) || error.code !== 'reset') throw error;
    throw notOffered(command, capabilities === '' ? '' : `, only ${quote(capabilities)}`, error);
  }
  if (accepted.test(answer)) return;
  throw capabilities === undefined ? refused(command, answer) : notOffered(command, `: ${quote(answer)}`);
}

function notOffered(command: string, rest: string, cause?: ProbeFailure): ProbeFailure {
  return new ProbeFailure('starttls-not-offered', `the server does not offer ${command}${rest}`, { cause });
}
