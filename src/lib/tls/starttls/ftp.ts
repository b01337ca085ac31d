import type { Conversation } from './conversation.ts';
import { readReply } from './lines.ts';
import { askForTls, refused } from './refusal.ts';

/** FTP with AUTH TLS (RFC 959, RFC 4217). */
export async function startFtp(conversation: Conversation): Promise<void> {
  let greeting = await readReply(conversation, 'same code');
  // 120: "service ready in some minutes", the greeting follows.
  if (greeting.code === 120) greeting = await readReply(conversation, 'same code');
  if (greeting.code !== 220) throw refused('the connection', greeting.last);
  if (/\bE?SMTP\b/i.test(greeting.first)) throw conversation.foreign(Buffer.from(greeting.first));
  await askForTls(conversation, {
    command: 'AUTH TLS',
    capabilities: undefined,
    readAnswer: async () => (await readReply(conversation, 'same code')).last,
    accepted: /^234(?: |$)/,
  });
}
