import type { Screen } from '../../command.ts';
import { printable } from '../../lib/text/printable.ts';
import { truncate, width } from '../../terminal/width.ts';

// What makes text from outside fit the place where it is shown. Off a terminal nothing is cut: a mail, a file or a log
// has no width, and what is cut there is lost.

/** A name from outside, harmless on this screen; where the locale is not UTF-8 its letters become escapes, too. */
export function clean(text: string, { unicode }: Screen): string {
  const harmless = printable(text);
  if (unicode) return harmless;
  // eslint-disable-next-line no-control-regex -- ASCII begins with control characters
  return harmless.replaceAll(/[^\u0000-\u007F]/gu, (character) => {
    const digits = character.codePointAt(0)!.toString(16);
    return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
  });
}

/** Cut at its end. */
export function fit(text: string, cells: number, screen: Screen): string {
  return screen.terminal && Number.isFinite(cells) ? truncate(text, Math.max(1, cells), screen.unicode) : text;
}

/** Cut in its middle: paths, units and images differ at their ends. */
export function fitMiddle(text: string, cells: number, screen: Screen): string {
  if (!screen.terminal || width(text) <= cells) return text;
  const tail = Math.ceil((cells - 1) * 0.6);
  const characters = Array.from(text);
  const end = takeCells(characters.toReversed(), tail).toReversed().join('');
  return takeCells(characters, cells - 1 - tail).join('') + (screen.unicode ? '…' : '~') + end;
}

/** The first characters that fit. */
function takeCells(characters: readonly string[], cells: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => (used += width(character)) > cells);
  return end === -1 ? [...characters] : characters.slice(0, end);
}

/** Words on as many lines as they need, of at most this many cells each. */
export function wrap(text: string, cells: number, screen: Screen): string[] {
  return screen.terminal ? joinFitting(text.split(' '), ' ', cells) : [text];
}

/** Parts side by side, on the next line where the screen ends. One that is wider than the screen is broken, between words if it can be. */
export function joinFitting(parts: readonly string[], separator: string, cells: number): string[] {
  const lines: string[] = [];
  for (const part of parts.flatMap((each) => pieces(each, cells))) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + separator.length + width(part) <= cells) {
      lines[lines.length - 1] = last + separator + part;
    } else {
      lines.push(part);
    }
  }
  return lines;
}

function pieces(text: string, cells: number): string[] {
  if (width(text) <= cells) return [text];
  if (text.includes(' ')) return joinFitting(text.split(' '), ' ', cells);
  const found: string[] = [];
  for (const rest = Array.from(text); rest.length > 0;) {
    found.push(rest.splice(0, Math.max(1, takeCells(rest, cells).length)).join(''));
  }
  return found;
}

/** Cuts a line that has colours. */
export function clip(line: string, cells: number): string {
  if (width(line) <= cells) return line;
  let used = 0;
  let cut = '';
  // eslint-disable-next-line no-control-regex -- colour codes begin with ESC
  for (const token of line.match(/\u001B\[[\d;]*m|./gsu) ?? []) {
    if (token.startsWith('\u001B')) cut += token;
    else if ((used += width(token)) <= cells) cut += token;
  }
  return cut;
}
