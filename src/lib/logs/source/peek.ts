import { needsMoreBytes, sniffSource } from './source-kind.ts';
import type { SourceKind } from './source-kind.ts';

/** Looks at the first bytes of what cannot be read twice; `chunks` has them again, and the rest. */
export async function peek<End>(
  chunks: AsyncGenerator<Buffer, End, void>,
): Promise<{ kind: SourceKind; chunks: AsyncGenerator<Buffer, End, void> }> {
  let head = Buffer.alloc(0);
  let ended: { value: End } | undefined;
  while (ended === undefined && needsMoreBytes(head)) {
    const next = await chunks.next();
    if (next.done === true) ended = next;
    // A copy, because the chunk's memory may be written anew before it is handed out.
    else head = Buffer.concat([head, next.value]);
  }
  return { kind: sniffSource(head), chunks: replay(head, ended, chunks) };
}

async function* replay<End>(
  head: Buffer,
  ended: { value: End } | undefined,
  chunks: AsyncGenerator<Buffer, End, void>,
): AsyncGenerator<Buffer, End, void> {
  try {
    if (head.length > 0) yield head;
    return ended === undefined ? yield* chunks : ended.value;
  } finally {
    // yield* has not begun when the reader had enough at the head.
    await chunks.return(ended?.value as End);
  }
}
