import { printable } from '../text/printable.ts';

/** What a server or a program said, as one short harmless line without any of the secrets. */
export function oneLine(text: string, secrets: readonly string[] = []): string {
  let words = text.slice(0, 4_096);
  for (const secret of secrets) if (secret !== '') words = words.replaceAll(secret, '***');
  const line = printable(words.trim().replaceAll(/\s+/g, ' '));
  return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}
