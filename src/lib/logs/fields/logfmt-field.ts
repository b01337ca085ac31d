import { textOf } from './field-value.ts';
import type { FieldValue } from './field-value.ts';

const space = 0x20;
const quote = 0x22;
const equals = 0x3d;
const backslash = 0x5c;

/** Told of each word: `valueStart` is -1 for a bare key; a value comes with its quotes. True ends the walk. */
export type VisitPair = (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => boolean;

/**
 * Visits the `key=value`, `key="quoted value"` and bare words of a line. A value whose closing quote was cut off ends
 * the walk.
 */
export function walkLogfmt(bytes: Buffer, start: number, end: number, visit: VisitPair): void {
  let at = start;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte <= space) {
      at++;
      continue;
    }
    const keyStart = at;
    if (byte === quote) {
      // Quoted prose among the pairs: what is in it is no field.
      at = behindQuoted(bytes, at, end);
      if (at === -1) return;
      continue;
    }
    while (at < end && bytes[at]! > space && bytes[at] !== equals) at++;
    const keyEnd = at;
    if (bytes[at] !== equals || at >= end) {
      if (visit(keyStart, keyEnd, -1, -1)) return;
      continue;
    }
    const valueStart = at + 1;
    at = valueStart;
    if (at < end && bytes[at] === quote) {
      at = behindQuoted(bytes, at, end);
      if (at === -1) return;
    } else {
      while (at < end && bytes[at]! > space) at++;
    }
    if (keyEnd > keyStart && visit(keyStart, keyEnd, valueStart, at)) return;
  }
}

/** Index behind the closing quote, -1 when there is none. */
function behindQuoted(bytes: Buffer, open: number, end: number): number {
  let at = open + 1;
  while (at < end && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at >= end ? -1 : at + 1;
}

/**
 * A field of a logfmt line. Values are text, `"quoted"` ones without quotes and escapes; a bare key is true, `key=` is
 * the empty text. Of two equal keys the first wins: the logger's own fields stand before those of the message.
 */
export function readLogfmtField(bytes: Buffer, start: number, end: number, name: string): FieldValue | undefined {
  let value: FieldValue | undefined;
  walkLogfmt(bytes, start, end, (keyStart, keyEnd, valueStart, valueEnd) => {
    if (!isKey(bytes, keyStart, keyEnd, name)) return false;
    value = valueStart === -1 ? true : readLogfmtValue(bytes, valueStart, valueEnd);
    return true;
  });
  return value;
}

/**
 * A `name=value` that somebody wrote into a line of text: `request done (status=500, path=/x)`. Brackets before the
 * name and a comma, semicolon or bracket behind an unquoted value belong to the text; bare words are no fields.
 */
export function readTextField(bytes: Buffer, start: number, end: number, name: string): FieldValue | undefined {
  let value: FieldValue | undefined;
  walkLogfmt(bytes, start, end, (keyStart, keyEnd, valueStart, valueEnd) => {
    if (valueStart === -1) return false;
    let from = keyStart;
    while (from < keyEnd && isOpening(bytes[from]!)) from++;
    if (!isKey(bytes, from, keyEnd, name)) return false;
    let to = valueEnd;
    if (bytes[valueStart] !== quote) while (to > valueStart && isClosing(bytes[to - 1]!)) to--;
    value = readLogfmtValue(bytes, valueStart, to);
    return true;
  });
  return value;
}

function isOpening(byte: number): boolean {
  return byte === 0x28 || byte === 0x5b || byte === 0x7b || byte === 0x3c;
}

function isClosing(byte: number): boolean {
  return byte === 0x2c || byte === 0x3b || byte === 0x29 || byte === 0x5d || byte === 0x7d || byte === 0x3e;
}

function isKey(bytes: Buffer, start: number, end: number, name: string): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x80) return textOf(bytes, start, end) === name;
    if (byte !== name.charCodeAt(at - start)) return false;
  }
  return end - start === name.length;
}

const meanings: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The text of a value: without quotes, escapes of JSON resolved. */
export function readLogfmtValue(bytes: Buffer, start: number, end: number): string {
  if (bytes[start] !== quote || end - start < 2) return textOf(bytes, start, end);
  const text = textOf(bytes, start + 1, end - 1);
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|(.))/gs, (_, code: string | undefined, character: string | undefined) =>
    code === undefined ? (meanings[character!] ?? character!) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
