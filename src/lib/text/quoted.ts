import { printable } from './printable.ts';

/** Text in quotes for a message, cut when it is long. */
export function quoted(text: string): string {
  const longest = 60;
  return `'${printable(text.length > longest ? `${text.slice(0, longest)}...` : text)}'`;
}
