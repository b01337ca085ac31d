import { lineEndAt, lineStartAt } from './line-bounds.ts';
import type { OnLine, ScanLines } from './scan-lines.ts';
import { type FindText, standsAt, textFinder } from './text-finder.ts';

/** Bytes from line to line, on average, below which a chunk is searched as a text of JavaScript. */
const denseGap = 1024;

/** Looks for a text with which every line is a match. */
export function scanByText(text: Buffer): ScanLines {
  const findText = textFinder(text);
  const written = text.toString('latin1');
  let isDense = false;
  return (chunk, start, end, onLine) => {
    const lines = isDense
      ? scanDense(chunk, start, end, { text, written }, onLine)
      : scanSparse(end === chunk.length ? chunk : chunk.subarray(0, end), start, end, findText, onLine);
    // A line that lay in two chunks comes alone, and tells nothing of the rest.
    if (end - start > 16 * denseGap) isDense = lines * denseGap > end - start;
  };
}

/** Answers with the number of lines, as `scanDense` does. */
function scanSparse(bytes: Buffer, start: number, end: number, findText: FindText, onLine: OnLine): number {
  let lines = 0;
  for (let position = start; position < end;) {
    const found = findText(bytes, position);
    if (found === -1) return lines;
    const lineEnd = lineEndAt(bytes, found, end);
    lines++;
    onLine(lineStartAt(bytes, found, position), lineEnd);
    position = lineEnd + 1;
  }
  return lines;
}

/**
 * The same for a text that most lines have: a search in a string costs half of a call into the engine with bytes, and
 * to make the string a tenth of a second for a GiB.
 */
function scanDense(
  chunk: Buffer,
  start: number,
  end: number,
  { text, written }: { text: Buffer; written: string },
  onLine: OnLine,
): number {
  let lines = 0;
  const string = chunk.toString('latin1', start, end);
  const { length } = string;
  let column = -1;
  for (let position = 0; position < length;) {
    let lineStart = position;
    // Where it was in the line before it often is again, as a level behind a time: a search for it is saved.
    let found = column === -1 || !standsAt(chunk, text, start + position + column) ? -1 : position + column;
    const guessedEnd = found === -1 ? -1 : lineEndOf(string, position);
    if (found === -1 || guessedEnd < found + written.length) {
      found = string.indexOf(written, position);
      if (found === -1) return lines;
      lineStart = Math.max(position, string.lastIndexOf('\n', found) + 1);
      column = found - lineStart;
    }
    const lineEnd = guessedEnd >= found + written.length ? guessedEnd : lineEndOf(string, found);
    lines++;
    onLine(start + lineStart, start + lineEnd);
    position = lineEnd + 1;
  }
  return lines;
}

function lineEndOf(string: string, from: number): number {
  const found = string.indexOf('\n', from);
  return found === -1 ? string.length : found;
}
