import { mask } from '../../log/redact.ts';

const end = '-----END ';
/** The headers of an encrypted or armoured key, which say nothing secret. */
const header = /^(?:Proc-Type|DEK-Info|Version|Comment|Hash): /;

/** An RSA key of 16,384 bits has 200 lines; whatever is longer is no key. */
const mostLines = 250;
/** A line of a key that stands behind a time or the name of a container has at least so many characters. */
const shortestWord = 16;

/** Masks private keys (PEM, RFC 7468, and PGP), which reach over many lines: give it the lines in their order. */
export interface KeyBlockRedactor {
  /** Whether the lines before opened a block that has not ended. */
  inside(): boolean;
  redact(line: string): string;
}

export function createKeyBlockRedactor(): KeyBlockRedactor {
  // Ours alone, because it remembers where it is.
  const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  let linesLeft = 0;
  const redact = (line: string): string => {
    let result = '';
    let position = 0;
    begin.lastIndex = 0;
    for (let opened = begin.exec(line); opened !== null; opened = begin.exec(line)) {
      const from = begin.lastIndex;
      const to = line.indexOf(end, from);
      linesLeft = to === -1 ? mostLines : 0;
      result += line.slice(position, from);
      position = to === -1 ? line.length : to;
      if (line.slice(from, position).trim() !== '') result += mask;
      begin.lastIndex = position;
    }
    if (position > 0) return result + line.slice(position);
    if (linesLeft === 0) return line;
    const range = line.includes(end) ? undefined : keyWord(line);
    linesLeft = range === undefined ? 0 : linesLeft - 1;
    return range === undefined || range.from === range.to
      ? line
      : line.slice(0, range.from) + mask + line.slice(range.to);
  };
  return { inside: () => linesLeft > 0, redact };
}

/** The part of a line that belongs to a key: empty for a header, undefined when the line is none of a key. */
function keyWord(line: string): { from: number; to: number } | undefined {
  let to = line.length;
  while (to > 0 && line.charCodeAt(to - 1) <= 0x20) to--;
  if (to === 0 || line.startsWith(mask, to - mask.length) || header.test(line)) return { from: to, to };
  let from = to;
  while (from > 0 && isBase64(line.charCodeAt(from - 1))) from--;
  if (from === to) return undefined;
  return to - from >= shortestWord || line.slice(0, from).trim() === '' ? { from, to } : undefined;
}

function isBase64(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2f && code <= 0x39) ||
    code === 0x2b ||
    code === 0x3d
  );
}
