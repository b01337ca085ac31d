import { eastAsianWidth } from 'get-east-asian-width';

// The usual library for this, string-width, costs 32 ms of CPU at its start: more than all of devops. This one asks the
// same Unicode table, without knowing emoji that are joined from several.

// eslint-disable-next-line no-control-regex -- printable ASCII needs no counting
const plainAscii = /^[\u0020-\u007E]*$/;
// eslint-disable-next-line no-control-regex -- colour codes begin with ESC
export const colorCode = /\u001B\[[\d;]*m/g;
/** Combining marks, joiners and variation selectors take no place of their own. */
const withoutPlace = /^[\p{Mark}\u200B-\u200D]$/u;

/** Cells that the text takes on a screen: colour codes and combining marks none, East Asian wide characters two. */
export function width(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let cells = 0;
  for (const character of text.replace(colorCode, '')) cells += cellsOf(character);
  return cells;
}

/** Cuts to this many cells, the last one an ellipsis. For text without colour codes. */
export function truncate(text: string, cells: number, unicode: boolean): string {
  if (width(text) <= cells) return text;
  if (cells < 1) return '';
  let cut = '';
  let used = 0;
  for (const character of text) {
    used += cellsOf(character);
    if (used > cells - 1) break;
    cut += character;
  }
  return cut + (unicode ? '…' : '~');
}

export function pad(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, cells - width(text)));
  return align === 'left' ? text + space : space + text;
}

function cellsOf(character: string): number {
  const codePoint = character.codePointAt(0)!;
  // Latin, and the boxes, blocks and bars that we draw ourselves.
  if (codePoint < 0x300 || (codePoint >= 0x2500 && codePoint < 0x2600)) return 1;
  return withoutPlace.test(character) ? 0 : eastAsianWidth(codePoint);
}
