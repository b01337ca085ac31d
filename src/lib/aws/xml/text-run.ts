import { XmlMistake } from './xml-mistake.ts';

/** Far above anything that AWS says in one element: 256 characters of a tag, each as a reference, are below 3 KiB. */
export const longestText = 65_536;

/** Bytes that belong together and come in pieces, so that a character that is cut in two is decoded whole. */
export interface TextRun {
  begin(): void;
  /** Copies: the chunk is not held. */
  add(chunk: Buffer, from: number, to: number): void;
  /** The text so far with the last piece, which is not copied; starts anew. `drop` bytes at the end are left out. */
  take(chunk: Buffer, from: number, to: number, drop?: number): string;
}

export function createTextRun(): TextRun {
  let pieces: Buffer[] = [];
  let size = 0;
  const grow = (bytes: number): void => {
    size += bytes;
    if (size > longestText) throw new XmlMistake('too-large', `has a text of more than ${longestText} bytes`);
  };
  return {
    begin() {
      pieces = [];
      size = 0;
    },
    add(chunk, from, to) {
      if (to === from) return;
      grow(to - from);
      pieces.push(Buffer.from(chunk.subarray(from, to)));
    },
    take(chunk, from, to, drop = 0) {
      grow(to - from);
      const whole = size;
      size = 0;
      if (pieces.length === 0) return chunk.toString('utf8', from, to - drop);
      const bytes = Buffer.concat([...pieces, chunk.subarray(from, to)], whole);
      pieces = [];
      return bytes.toString('utf8', 0, whole - drop);
    },
  };
}
