import { fstatSync, readSync } from 'node:fs';
import { readAt } from '../cursor/stored-file.ts';
import { createLogDecoder } from '../source/log-decoder.ts';
import { needsMoreBytes, sniffedBytes, sniffSource } from '../source/source-kind.ts';
import type { LineBlock } from '../source/split-lines.ts';
import { beginAt, observe } from './followed-file.ts';
import type { FollowedFile } from './followed-file.ts';
import { isStillThere, knownAfter, nothingKnown } from './known-bytes.ts';

export interface Piece {
  /** Views, partly of the buffer that was read into. */
  blocks: readonly LineBlock[];
  /** What was found: after a truncation the blocks are the last ones from before it. */
  event?: 'truncated' | 'compressed';
}

const nothing: Piece = { blocks: [] };
const compressedKinds = new Set(['gzip', 'zstd', 'bzip2', 'xz']);

/**
 * Reads on, at most the length of the buffer, after a look whether what was read is still there. Clears `hasNews` at
 * the end of the file. Throws the failure of a system call.
 */
export function readFile(file: FollowedFile, buffer: Buffer, name: string): Piece {
  const stats = fstatSync(file.descriptor, { bigint: true });
  observe(file, stats);
  if (file.size < file.position || !isChecked(file)) return restart(file);
  file.checked = file.changed;
  const isUntold = file.kind === undefined;
  if (isUntold && !tellKind(file, name)) return nothing;
  if (compressedKinds.has(file.kind!)) {
    beginAt(file, file.size);
    file.hasNews = false;
    return isUntold ? { blocks: [], event: 'compressed' } : nothing;
  }
  const count = readSync(file.descriptor, buffer, 0, buffer.length, file.position);
  file.hasNews = count === buffer.length;
  if (count === 0) return nothing;
  const chunk = buffer.subarray(0, count);
  file.known = knownAfter(file.known, chunk);
  file.position += count;
  const bytes = file.skipsHole ? afterHole(file, chunk) : chunk;
  return { blocks: file.splitter.push(file.decoder?.push(bytes) ?? bytes) };
}

/** The rest of a line whose end will not come any more. What comes next of this file starts anew. */
export function endLine(file: FollowedFile): readonly LineBlock[] {
  const broken = file.decoder?.end().bytes;
  const blocks = broken === undefined || broken.length === 0 ? [] : file.splitter.push(broken);
  const rest = file.splitter.end();
  return rest === undefined ? blocks : [...blocks, rest];
}

/** Without a change there is nothing to compare. */
function isChecked(file: FollowedFile): boolean {
  return file.checked === file.changed || isStillThere(file.known, file.descriptor, file.position);
}

function restart(file: FollowedFile): Piece {
  // Memory that the splitter gives out stays as it is until the splitter is used again.
  const blocks = endLine(file);
  file.position = 0;
  file.known = nothingKnown;
  file.kind = undefined;
  file.decoder = undefined;
  file.hasNews = true;
  file.skipsHole = true;
  return { blocks, event: 'truncated' };
}

/** False while there are too few bytes to tell and more may come. */
function tellKind(file: FollowedFile, name: string): boolean {
  const head = readAt(file.descriptor, 0, sniffedBytes);
  const isEnded = file.endLooks > 0;
  if (head.length === 0 || (needsMoreBytes(head) && !isEnded)) {
    file.hasNews = false;
    return false;
  }
  file.kind = sniffSource(head);
  // A mark at the file's start is none where we begin behind it.
  const isBehindMark = file.kind === 'utf-8-bom' && file.position > 0;
  file.decoder = isBehindMark ? undefined : createLogDecoder(file.kind, name);
  return true;
}

function afterHole(file: FollowedFile, chunk: Buffer): Buffer {
  let at = 0;
  while (at < chunk.length && chunk[at] === 0) at++;
  file.skipsHole = at === chunk.length;
  return chunk.subarray(at);
}
