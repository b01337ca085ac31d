import { printable } from '../text/printable.ts';

const escape = '\u001B';
const bell = '\u0007';

// Control sequences of ECMA-48: colours, moves of the cursor, titles of windows. Every part is bounded: what
// stripVTControlCharacters() of Node does takes minutes for a text that is full of beginnings.
const controlSequence = new RegExp(
  [
    String.raw`${escape}\[[0-?]{0,64}[ -/]{0,8}[@-~]`,
    String.raw`${escape}\][^${bell}${escape}]{0,256}(?:${bell}|${escape}\\)`,
    `${escape}[ -/]{0,4}[0-Z^-~]`,
  ].join('|'),
  'g',
);

/**
 * What a program has written, as lines that can stand in a mail: colours are left out, and whatever else does not show
 * is an escape such as `\x00`. A carriage return ends a line, because what a progress bar has overwritten was said, too.
 */
export function readableOutput(output: string): string {
  return output
    .replace(controlSequence, '')
    .split(/\r\n|[\r\n]/)
    .map((line) => line.split('\t').map(printable).join('\t'))
    .join('\n');
}
