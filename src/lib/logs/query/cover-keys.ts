import { mask } from '../../log/redact.ts';
import { lineEndAt, lineStartAt } from '../pattern/line-bounds.ts';
import { createKeyBlockRedactor } from '../redact/key-block.ts';
import type { KeyCover } from '../search/key-cover.ts';
import type { LogConsumer } from '../search/log-consumer.ts';

/** What every beginning of a private key has. */
const beginning = 'PRIVATE KEY';
/** Stand in the place of a key in turn, so that all offsets stay what they are. No text has both in a row. */
const covers = [0xff, 0xfe] as const;

/** A covered word of four bytes and more, as every line of a key has, in a line that was read as Latin-1. */
export const coveredWord = /(?:\u00FF\u00FE){2,}\u00FF?/g;

/**
 * Covers the lines of private keys, which nobody knows for lines of one when they are printed without those before. All
 * lines of a log have to come by, found or not. It costs one search for a short text, and a copy of what has a key.
 */
export function createKeyCover(): KeyCover {
  /** Of logs that end, so far, within a key: there is more of them when they are followed. */
  const open = new Map<string, ReturnType<typeof createKeyBlockRedactor>>();
  let name = '';
  let block = createKeyBlockRedactor();
  return {
    begin(input) {
      ({ name } = input);
      block = open.get(name) ?? createKeyBlockRedactor();
    },
    cover(bytes) {
      let copy: Buffer | undefined;
      for (let at = 0; at < bytes.length;) {
        const isInside = block.inside();
        if (!isInside) {
          const next = bytes.indexOf(beginning, at, 'latin1');
          if (next === -1) break;
          at = lineStartAt(bytes, next, at);
        }
        const lineEnd = lineEndAt(bytes, at, bytes.length);
        const line = bytes.toString('latin1', at, lineEnd);
        const shown = block.redact(line);
        if (isInside && shown !== line && !line.includes(beginning)) {
          copy ??= Buffer.from(bytes);
          const from = shown.lastIndexOf(mask);
          const to = line.length - (shown.length - from - mask.length);
          for (let place = from; place < to; place++) copy[at + place] = covers[(place - from) % 2]!;
        }
        at = lineEnd + 1;
      }
      return copy ?? bytes;
    },
    end() {
      if (block.inside()) open.set(name, block);
      else open.delete(name);
    },
  };
}

/** A consumer that never sees a private key; it is found by what it is, and printed as `[redacted]`. */
export function withoutKeys(consumer: LogConsumer): LogConsumer {
  const keys = createKeyCover();
  return {
    begin(input) {
      keys.begin(input);
      consumer.begin(input);
    },
    add: (batch) => consumer.add({ ...batch, bytes: keys.cover(batch.bytes) }),
    end() {
      keys.end();
      consumer.end();
    },
  };
}
