/** Takes journalctl's own lines out of its output, chunk by chunk. */
export interface NoteTaker {
  /** What of it is text of the journal; a line that may become a note is kept until more is known. */
  push(chunk: Buffer): Buffer[];
  /** What was kept, in the end. */
  end(): Buffer[];
  /** That of the line `-- cursor: ...`, when there was one. */
  cursor(): string | undefined;
  /** Whether one of them said that there are no entries. */
  isEmpty(): boolean;
}

const lineFeed = 0x0a;
const mark = Buffer.from('-- ');
const markedLine = Buffer.from('\n-- ');
/** A longer line is no note, and is not waited for. */
const longestNote = 4096;

/**
 * A line that begins with `-- ` is a note: the cursor, `-- Boot ... --`, `-- No entries --`. Entries begin with their
 * time, and further lines of a message are indented by journalctl. Costs one look through each chunk.
 */
export function takeOutNotes(): NoteTaker {
  let held = Buffer.alloc(0);
  /** Whether what comes next, `held` included, begins a line. */
  let beginsLine = true;
  let cursor: string | undefined;
  let isEmpty = false;

  function take(note: Buffer): void {
    const text = note.toString('latin1');
    cursor = /^-- cursor: (\S+)$/.exec(text)?.[1] ?? cursor;
    isEmpty ||= text === '-- No entries --';
  }

  /** Gives out what is before `from`, which begins a line that is kept. */
  function hold(bytes: Buffer, from: number): void {
    held = Buffer.from(bytes.subarray(from));
    beginsLine = true;
  }

  return {
    push(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      held = Buffer.alloc(0);
      const texts: Buffer[] = [];
      let from = 0;
      let start = beginsLine && startsWith(bytes, mark) ? 0 : nextMark(bytes, 0);
      while (start !== -1) {
        const end = bytes.indexOf(lineFeed, start);
        const isLong = (end === -1 ? bytes.length : end) - start > longestNote;
        if (end === -1 && isLong) break;
        if (!isLong) {
          if (start > from) texts.push(bytes.subarray(from, start));
          if (end === -1) {
            hold(bytes, start);
            return texts;
          }
          take(bytes.subarray(start, end));
          from = end + 1;
        }
        start = startsWith(bytes.subarray(end + 1, end + 1 + mark.length), mark) ? end + 1 : nextMark(bytes, end);
      }
      const partial = partOfMark(bytes, beginsLine);
      const kept = Math.max(from, bytes.length - partial);
      if (kept > from) texts.push(bytes.subarray(from, kept));
      if (partial > 0) hold(bytes, kept);
      else if (bytes.length > 0) beginsLine = bytes.at(-1) === lineFeed;
      return texts;
    },
    end() {
      const rest = held;
      held = Buffer.alloc(0);
      if (rest.length < mark.length) return rest.length === 0 ? [] : [rest];
      take(rest);
      return [];
    },
    cursor: () => cursor,
    isEmpty: () => isEmpty,
  };
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.length >= start.length && bytes.compare(start, 0, start.length, 0, start.length) === 0;
}

/** Where the next line with the mark begins, behind `from`; -1 when there is none. */
function nextMark(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(markedLine, from);
  return at === -1 ? -1 : at + 1;
}

/** How many bytes at the end, fewer than the mark has, are a line so far and the beginning of the mark. */
function partOfMark(bytes: Buffer, beginsLine: boolean): number {
  for (let length = Math.min(mark.length - 1, bytes.length); length > 0; length--) {
    const at = bytes.length - length;
    const isStart = at === 0 ? beginsLine : bytes[at - 1] === lineFeed;
    if (isStart && mark.compare(bytes, at, bytes.length, 0, length) === 0) return length;
  }
  return 0;
}
