import { closingBracket, dash, greaterThan, question } from './markup-bytes.ts';
import { XmlMistake } from './xml-mistake.ts';

/** What begins with `<!` or `<?`: comments, CDATA and instructions. Anything else of the kind is refused. */
export interface SpecialMarkup {
  /** @param first What follows the <: ! or ? */
  begin(first: string): void;
  /** Takes bytes up to its end or to the next part of it, and says where it stands then. */
  take(bytes: string, from: number): number;
  /** Whether the next bytes are those of CDATA, with the three that end it. */
  isData(): boolean;
  isEnded(): boolean;
}

const commentStart = '--';
const cdataStart = '[CDATA[';

export function createSpecialMarkup(): SpecialMarkup {
  let part: 'start' | 'comment' | 'data' | 'instruction' | 'end' = 'end';
  let start = '';
  /** How many of the bytes that announce the end have been seen in a row. */
  let matched = 0;

  function takeStart(byte: string): void {
    start += byte;
    if (start === commentStart) part = 'comment';
    else if (start === cdataStart) part = 'data';
    else if (!commentStart.startsWith(start) && !cdataStart.startsWith(start)) {
      throw new XmlMistake('foreign', 'is not XML of AWS');
    }
  }

  /** To the > that follows `last`, so many times in a row. */
  function takeUntil(bytes: string, from: number, last: number, times: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes.charCodeAt(at);
      if (byte === greaterThan && matched >= times) {
        part = 'end';
        return at + 1;
      }
      matched = byte === last ? matched + 1 : 0;
    }
    return bytes.length;
  }

  return {
    begin(first) {
      part = first === '?' ? 'instruction' : 'start';
      start = '';
      matched = 0;
    },
    take(bytes, from) {
      switch (part) {
        case 'start':
          takeStart(bytes.charAt(from));
          return from + 1;
        case 'comment':
          return takeUntil(bytes, from, dash, 2);
        case 'data':
          return takeUntil(bytes, from, closingBracket, 2);
        case 'instruction':
          return takeUntil(bytes, from, question, 1);
        case 'end':
          return from;
      }
    },
    isData: () => part === 'data',
    isEnded: () => part === 'end',
  };
}
