import { printable } from '../../text/printable.ts';

const mostCharacters = 120;

/** What a server said, for a message: in quotes, on one line, harmless on a screen, of a bounded length. */
export function quote(answer: string | Buffer): string {
  const text = printable(answer.toString('utf8').trimEnd());
  const characters = Array.from(text);
  return characters.length <= mostCharacters ? `"${text}"` : `"${characters.slice(0, mostCharacters - 1).join('')}…"`;
}
