import { stripVTControlCharacters } from 'node:util';

const maximumLines = 100;
const maximumLength = 8192;

/** The last lines of what a job printed, for a report: as plain text, at most 100 of them and 8192 characters. */
export function endOfOutput(text: string): string {
  // Colours may be more than half of it; what is far from the end need not be looked at.
  const plain = stripVTControlCharacters(text.slice(-4 * maximumLength)).replaceAll('\r\n', '\n');
  const end = plain.slice(-maximumLength).toWellFormed();
  const isCut = end.length < plain.length || text.length > 4 * maximumLength;
  const lines = end.trimEnd().split('\n');
  if (isCut && lines.length > 1) lines.shift();
  return lines.slice(-maximumLines).join('\n');
}
