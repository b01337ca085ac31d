import { openChunks } from '../../../../src/lib/logs/source/open-chunks.ts';
import type { OpenChunksOptions } from '../../../../src/lib/logs/source/open-chunks.ts';
import type { SourceEnd } from '../../../../src/lib/logs/source/source-problem.ts';

/** What a source gave: its bytes, and how it ended. */
export interface Collected extends SourceEnd {
  bytes: Buffer;
  codes: string[];
}

/** Reads a source to its end; each chunk is copied, for its memory may be written anew. */
export async function collect(
  source: Parameters<typeof openChunks>[0],
  options: Partial<OpenChunksOptions> = {},
): Promise<Collected> {
  const signal = AbortSignal.timeout(20_000);
  const chunks = openChunks(source, { signal, env: process.env, ...options });
  const parts: Buffer[] = [];
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) {
      return { ...next.value, bytes: Buffer.concat(parts), codes: next.value.problems.map(({ code }) => code) };
    }
    parts.push(Buffer.from(next.value));
  }
}

/** Lines of a log that do not compress too well; always the same ones. */
export function logText(lines: number): Buffer {
  let state = 42;
  const text: string[] = [];
  for (let line = 0; line < lines; line++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text.push(`2026-11-20T10:00:00Z INFO request ${state.toString(36)} of user ${state % 977} took ${state % 31} ms\n`);
  }
  return Buffer.from(text.join(''));
}
