import type { Conversation } from './conversation.ts';
import { readReply } from './lines.ts';
import { askForTls, refused } from './refusal.ts';

/** SMTP with STARTTLS (RFC 5321, RFC 3207). `clientName` is what it calls itself in EHLO. */
export async function startSmtp(conversation: Conversation, { clientName }: { clientName: string }): Promise<void> {
  const greeting = await readReply(conversation, 'any code');
  if (greeting.code !== 220) throw refused('the connection', greeting.last);
  // RFC 5321 4.1.1.1 takes a domain or an address in brackets; what is neither could carry a command of its own.
  const name = /^[\w.:[\]-]+$/.test(clientName) ? clientName : 'localhost';
  await conversation.write(`EHLO ${name}\r\n`);
  const hello = await readReply(conversation, 'any code');
  if (hello.code !== 250) {
    if (/ftp/i.test(greeting.first) && !/smtp/i.test(greeting.first)) {
      throw conversation.foreign(Buffer.from(greeting.first));
    }
    throw refused('EHLO', hello.last);
  }
  const extensions = hello.texts.slice(1);
  const isListed = extensions.some((extension) => /^STARTTLS\s*$/i.test(extension));
  await askForTls(conversation, {
    command: 'STARTTLS',
    capabilities: isListed ? undefined : extensions.join(', '),
    readAnswer: async () => (await readReply(conversation, 'any code')).last,
    accepted: /^220(?: |$)/,
  });
}
