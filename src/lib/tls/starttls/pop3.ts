import type { Conversation } from './conversation.ts';
import { readLine } from './lines.ts';
import { askForTls, refused } from './refusal.ts';

const statusStart = /^(?:\+(?:$|O(?:$|K(?:$|[ \r\n])))|-(?:$|E(?:$|R(?:$|R(?:$|[ \r\n])))))/i;

/** POP3 with STLS (RFC 1939, RFC 2595). CAPA is left out: a refusal of STLS says as much. */
export async function startPop3(conversation: Conversation): Promise<void> {
  const greeting = await readLine(conversation, statusStart);
  if (!greeting.startsWith('+')) throw refused('the connection', greeting);
  await askForTls(conversation, {
    command: 'STLS',
    capabilities: undefined,
    readAnswer: () => readLine(conversation, statusStart),
    accepted: /^\+/,
  });
}
