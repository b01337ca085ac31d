/** What stands between `-----BEGIN label-----` and its end (RFC 7468). */
export interface PemBlock {
  label: string;
  /** Counted from 1 over all blocks of the text, whatever is in them. */
  number: number;
  /** Line of the BEGIN, counted from 1. */
  line: number;
  /** Undefined when it is broken; `fault` says how. */
  der: Buffer | undefined;
  /** Whether its headers say that it is encrypted (RFC 1421), as OpenSSL once wrote keys. */
  isEncrypted: boolean;
  fault?: string;
}

const byteOrderMark = '\u00EF\u00BB\u00BF';

/**
 * Every block of a text, which is given as latin1 because what is around the blocks may be of any encoding. A BEGIN
 * counts where only blanks or a byte order mark stand before it on its line, so one in a comment is a comment.
 *
 * An END that is directly followed by the next BEGIN is a fault of the block that begins there: OpenSSL reads such a
 * file no further, and yet it is what `cat` makes of a file without a newline at its end.
 */
export function* pemBlocks(text: string): Generator<PemBlock> {
  const marks = /-----(BEGIN|END) ([\x20-\x2c\x2e-\x7e]{0,60})-----/g;
  let open: { label: string; line: number; start: number; joined: boolean } | undefined;
  let number = 0;
  const lineAt = lineCounter(text);
  let previousEnd = -1;
  const close = (block: NonNullable<typeof open>, end: number | undefined): PemBlock => {
    number++;
    return decodeBlock(block, number, end === undefined ? undefined : text.slice(block.start, end));
  };

  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const [all, kind, label] = mark;
    const joined = mark.index === previousEnd;
    if (kind === 'BEGIN') {
      if (!joined && !beginsLine(text, mark.index)) continue;
      // Without an END of its own, a block ends in front of the next one.
      if (open !== undefined) yield close(open, undefined);
      open = { label: label!, line: lineAt(mark.index), start: mark.index + all.length, joined };
    } else if (open !== undefined) {
      yield close(open, label === open.label ? mark.index : undefined);
      open = undefined;
      previousEnd = mark.index + all.length;
    }
  }
  if (open !== undefined) yield close(open, undefined);
}

function beginsLine(text: string, index: number): boolean {
  // Anything longer is no indentation, and looking at it for every mark of one long line would take for ever.
  const before = text.slice(Math.max(0, index - 80), index);
  const line = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1);
  const blanks = line.startsWith(byteOrderMark) ? line.slice(byteOrderMark.length) : line;
  return blanks.length < 80 && blanks.trim() === '';
}

/** The line of a place, for places that only ever go forward: so the text is looked through once. */
function lineCounter(text: string): (index: number) => number {
  let line = 1;
  let newline = text.indexOf('\n');
  return (index) => {
    while (newline !== -1 && newline < index) {
      line++;
      newline = text.indexOf('\n', newline + 1);
    }
    return line;
  };
}

function decodeBlock(
  { label, line, joined }: { label: string; line: number; joined: boolean },
  number: number,
  body: string | undefined,
): PemBlock {
  const block = { label, number, line, der: undefined, isEncrypted: false };
  if (body === undefined) return { ...block, fault: `has no line -----END ${label}-----` };
  const headers = /^\s*(?:[A-Za-z-]{1,40}:[^\n]{0,200}\n){1,20}\s*\n/.exec(body)?.[0] ?? '';
  const digits = body.slice(headers.length).replaceAll(/\s/g, '');
  const isEncrypted = headers.includes('ENCRYPTED');
  if (digits === '') return { ...block, isEncrypted, fault: 'is empty' };
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(digits) || digits.length % 4 !== 0) {
    return { ...block, isEncrypted, fault: 'is not Base64' };
  }
  const der = Buffer.from(digits, 'base64');
  return joined
    ? { ...block, isEncrypted, der, fault: 'begins on the line on which another one ends, so most programs stop there' }
    : { ...block, isEncrypted, der };
}
