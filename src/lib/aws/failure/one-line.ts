import { redactText } from '../../log/redact.ts';
import { printable } from '../../text/printable.ts';

/** One line of what others wrote: without secrets, and not without end. */
export function oneLine(text: string): string {
  const line = text
    .trim()
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('; ');
  return printable(redactText(line.slice(0, 400))) + (line.length > 400 ? ' ...' : '');
}
