import type { Conversation } from './conversation.ts';
import { readLine } from './lines.ts';
import { askForTls, refused } from './refusal.ts';

const greetingStart = /^\*(?:$| (?:$|[OPB]))/i;
const answerStart = /^(?:\*|[ab])(?:$| )/;

/** IMAP with STARTTLS (RFC 9051, RFC 2595). */
export async function startImap(conversation: Conversation): Promise<void> {
  const greeting = await readLine(conversation, greetingStart);
  // PREAUTH: already logged in, and then STARTTLS is not allowed any more.
  if (/^\* BYE\b/i.test(greeting)) throw refused('the connection', greeting);
  if (/^\* PREAUTH\b/i.test(greeting)) throw refused('STARTTLS, for nobody has to log in', greeting);
  const capabilities = /\[CAPABILITY ([^\]]*)\]/i.exec(greeting)?.[1] ?? (await askForCapabilities(conversation));
  const isListed = /(?:^| )STARTTLS(?: |$)/i.test(capabilities);
  await askForTls(conversation, {
    command: 'STARTTLS',
    line: 'b STARTTLS',
    capabilities: isListed ? undefined : capabilities,
    readAnswer: async () => (await readTagged(conversation, 'b')).status,
    accepted: /^b OK\b/i,
  });
}

async function askForCapabilities(conversation: Conversation): Promise<string> {
  await conversation.write('a CAPABILITY\r\n');
  const { untagged } = await readTagged(conversation, 'a');
  const listed = untagged.filter((line) => /^\* CAPABILITY /i.test(line));
  return listed.map((line) => line.slice('* CAPABILITY '.length).trimEnd()).join(' ');
}

/** The lines that a command brought, and the one that ends it. */
async function readTagged(conversation: Conversation, tag: string): Promise<{ untagged: string[]; status: string }> {
  const untagged: string[] = [];
  for (;;) {
    const line = await readLine(conversation, answerStart);
    if (line.startsWith(`${tag} `)) return { untagged, status: line };
    if (/^\* BYE\b/i.test(line)) throw refused('the connection', line);
    untagged.push(line);
  }
}
