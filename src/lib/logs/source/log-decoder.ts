import type { SourceKind } from './source-kind.ts';
import { sourceProblem } from './source-problem.ts';
import type { SourceProblem } from './source-problem.ts';
import { createUtf16Decoder } from './utf16.ts';

/** Turns the bytes of a text, decompressed by now, into UTF-8 or what else its lines are in. */
export interface LogDecoder {
  push(chunk: Buffer): Buffer;
  /** Nothing but the rest of a broken character. */
  end(): { bytes: Buffer; problem?: SourceProblem };
}

const nothing = Buffer.alloc(0);

/** Drops a byte order mark and transcodes UTF-16; the bytes of all other kinds go through as they are. */
export function createLogDecoder(kind: SourceKind, name: string): LogDecoder | undefined {
  if (kind === 'utf-8-bom') return createMarkRemover();
  if (kind !== 'utf-16le' && kind !== 'utf-16be') return undefined;
  const decoder = createUtf16Decoder(kind === 'utf-16le' ? 'little-endian' : 'big-endian');
  return {
    push: (chunk) => decoder.push(chunk),
    end() {
      const { bytes, broken } = decoder.end();
      if (!broken) return { bytes };
      return { bytes, problem: sourceProblem('truncated', name, 'ends in the middle of a character of UTF-16') };
    },
  };
}

function createMarkRemover(): LogDecoder {
  const mark = Buffer.of(0xef, 0xbb, 0xbf);
  let matched = 0;
  return {
    push(chunk) {
      if (matched === mark.length) return chunk;
      const held = mark.subarray(0, matched);
      let at = 0;
      while (matched < mark.length && at < chunk.length && chunk[at] === mark[matched]) {
        at++;
        matched++;
      }
      if (matched === mark.length) return chunk.subarray(at);
      if (at === chunk.length) return nothing;
      // Half a mark is text after all.
      matched = mark.length;
      return Buffer.concat([held, chunk]);
    },
    end() {
      return { bytes: matched < mark.length ? mark.subarray(0, matched) : nothing };
    },
  };
}
