/** How far into a line a time is looked for, in bytes. */
export const searchedBytes = 200;

/** True for what stands between the fields of a line: blanks, tabulators, `|`, `;` and `,`. */
function isSeparator(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 124 || byte === 59 || byte === 44;
}

/** Where the field after the one that holds `at` begins; `end` when there is none. Runs of separators are one. */
export function nextField(bytes: Buffer, at: number, end: number): number {
  let position = at;
  while (position < end && !isSeparator(bytes[position]!)) position++;
  while (position < end && isSeparator(bytes[position]!)) position++;
  return position;
}

/** Where the field `index` (from 0) begins; `end` when the line has fewer. Separators at the line's start are skipped. */
export function fieldAt(bytes: Buffer, start: number, end: number, index: number): number {
  let position = start;
  while (position < end && isSeparator(bytes[position]!)) position++;
  for (let field = 0; field < index && position < end; field++) position = nextField(bytes, position, end);
  return position;
}
