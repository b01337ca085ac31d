import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Environment } from '../../shell/find-program.ts';
import { peek } from './peek.ts';
import { readChunks, readDevice, readStream } from './read-chunks.ts';
import { sniffedBytes, sniffSource } from './source-kind.ts';
import type { SourceKind } from './source-kind.ts';
import { unreadable } from './source-problem.ts';
import type { SourceEnd, SourceProblem } from './source-problem.ts';
import { createLogDecoder } from './log-decoder.ts';

export interface OpenChunksOptions {
  signal: AbortSignal;
  /** The environment of bzip2 and xz: PATH, HOME and the like. */
  env: Environment;
  /** The source's name in messages. Default: the path, or `standard input`. */
  name?: string | undefined;
  /** How it is stored, where that is known already. Default: what its first bytes say. */
  kind?: SourceKind | undefined;
  /** First byte, counted in what is left when the compression is undone, before UTF-16 is. Default 0. */
  start?: number | undefined;
  /** The byte after the last one, counted in the same way. Default: none. */
  end?: number | undefined;
  /** Size of the pieces that are read from a file. Default 256 KiB. */
  chunkBytes?: number | undefined;
}

type Chunks = AsyncGenerator<Buffer, SourceProblem[], void>;

/**
 * Yields the bytes of a log in order: decompressed, without a byte order mark, UTF-16 as UTF-8. The source is a path of
 * anything that can be read (file, FIFO, device), the descriptor of a regular file, which stays open, or a stream, which
 * is closed in the end. A chunk may be a view of memory that is written anew when the next one is asked for.
 *
 * Never throws for what the source is: the value returned in the end tells what could not be read, after all that could
 * be. Throws the reason of an aborted signal. The event loop gets a turn every 16 MiB.
 */
export async function* openChunks(
  source: string | number | Readable,
  options: OpenChunksOptions,
): AsyncGenerator<Buffer, SourceEnd, void> {
  options.signal.throwIfAborted();
  if (typeof source === 'number') return yield* openFile(source, false, options.name ?? `file ${source}`, options);
  if (typeof source !== 'string') {
    const name = options.name ?? 'standard input';
    return yield* openPipe((signal) => readStream(source, { name, signal }), name, options);
  }
  const name = options.name ?? source;
  let fd: number | undefined;
  try {
    let stats: Stats;
    try {
      // Without O_NONBLOCK the open of a FIFO waits for a writer, and nothing could end that. Files know no difference.
      fd = openSync(source, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
      stats = fstatSync(fd);
      // A directory can be opened; its first read tells the reason why it cannot be read.
      if (stats.isDirectory()) readSync(fd, Buffer.alloc(1));
    } catch (error) {
      return { problems: [unreadable(name, error)] };
    }
    if (stats.isFile()) return yield* openFile(fd, true, name, options);
    const device = fd;
    if (!stats.isFIFO()) return yield* openPipe((signal) => readDevice(device, { name, signal }), name, options);
    const { Socket } = await import('node:net');
    const stream = new Socket({ fd, readable: true, writable: false });
    // The socket closes it. In a worker Node then warns, for its threads keep count of the files that they open.
    fd = undefined;
    return yield* openPipe((signal) => readStream(stream, { name, signal }), name, options);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** How the regular file is stored, by its first bytes. Throws the failure of the system call. */
export function sniffFile(fd: number): SourceKind {
  const head = Buffer.alloc(sniffedBytes);
  return sniffSource(head.subarray(0, readSync(fd, head, 0, head.length, 0)));
}

async function* openFile(
  fd: number,
  isAtStart: boolean,
  name: string,
  options: OpenChunksOptions,
): AsyncGenerator<Buffer, SourceEnd, void> {
  let kind: SourceKind;
  try {
    kind = options.kind ?? sniffFile(fd);
  } catch (error) {
    return { problems: [unreadable(name, error)] };
  }
  const { signal, env, start, end, chunkBytes } = options;
  const readWhole = () => readChunks(fd, { name, signal, chunkBytes });
  switch (kind) {
    case 'gzip':
    case 'zstd': {
      const { decompress } = await import('./decompress.ts');
      const content = decompress(kind, { name, signal, open: readWhole, isRepeatable: true });
      return { kind, problems: yield* decompressed(content, name, options) };
    }
    case 'bzip2':
    case 'xz': {
      const { decompressByProgram } = await import('./decompress-by-program.ts');
      const content = decompressByProgram(kind, { name, bytes: isAtStart ? fd : readWhole(), env, signal });
      return { kind, problems: yield* decompressed(content, name, options) };
    }
    case 'plain':
    case 'empty':
    case 'utf-16le':
    case 'utf-16be':
    case 'utf-8-bom': {
      const content = inArray(readChunks(fd, { name, signal, start, end, chunkBytes }));
      return {
        kind,
        problems: yield* decoded(content, (start ?? 0) > 0 && kind === 'utf-8-bom' ? 'plain' : kind, name),
      };
    }
  }
}

async function* openPipe(
  open: (signal: AbortSignal) => AsyncGenerator<Buffer, SourceProblem | undefined, void>,
  name: string,
  options: OpenChunksOptions,
): AsyncGenerator<Buffer, SourceEnd, void> {
  const enough = new AbortController();
  const bytes = open(AbortSignal.any([options.signal, enough.signal]));
  try {
    const peeked = await peek(bytes);
    const kind = options.kind ?? peeked.kind;
    return { kind, problems: yield* openPeeked(kind, peeked.chunks, name, options) };
  } finally {
    // A program may have ended while its input is still waited for: a generator cannot be returned then.
    enough.abort();
    await bytes.return(undefined).catch(() => {});
  }
}

async function* openPeeked(
  kind: SourceKind,
  bytes: AsyncGenerator<Buffer, SourceProblem | undefined, void>,
  name: string,
  options: OpenChunksOptions,
): Chunks {
  if (kind === 'gzip' || kind === 'zstd') {
    const { decompress } = await import('./decompress.ts');
    return yield* decompressed(
      decompress(kind, { name, signal: options.signal, open: () => bytes, isRepeatable: false }),
      name,
      options,
    );
  }
  if (kind === 'bzip2' || kind === 'xz') {
    // The program has the bytes alone: what goes wrong with them is told here.
    const read = withProblem(bytes);
    const { env, signal } = options;
    const { decompressByProgram } = await import('./decompress-by-program.ts');
    const content = decompressByProgram(kind, { name, bytes: read.chunks, env, signal });
    const problems = yield* decompressed(content, name, options);
    return [...problems, ...read.problems];
  }
  return yield* decoded(within(inArray(bytes), options), kind, name);
}

/** What was compressed may be UTF-16 or have a byte order mark as well. */
async function* decompressed(content: Chunks, name: string, options: OpenChunksOptions): Chunks {
  const { kind, chunks } = await peek(content);
  return yield* decoded(within(chunks, options), kind, name);
}

/** The bytes from `start` to `end`; nothing after `end` is waited for. */
async function* within(content: Chunks, { start = 0, end = Infinity }: OpenChunksOptions): Chunks {
  if (start === 0 && end === Infinity) return yield* content;
  let position = 0;
  try {
    while (position < end) {
      const next = await content.next();
      if (next.done === true) return next.value;
      const from = Math.max(0, start - position);
      const to = Math.min(next.value.length, end - position);
      position += next.value.length;
      if (from < to) yield next.value.subarray(from, to);
    }
    return [];
  } finally {
    await content.return([]);
  }
}

async function* decoded(content: Chunks, kind: SourceKind, name: string): Chunks {
  const decoder = createLogDecoder(kind, name);
  if (decoder === undefined) return yield* content;
  try {
    for (;;) {
      const next = await content.next();
      if (next.done === true) {
        const { bytes, problem } = decoder.end();
        if (bytes.length > 0) yield bytes;
        return problem === undefined ? next.value : [...next.value, problem];
      }
      const text = decoder.push(next.value);
      if (text.length > 0) yield text;
    }
  } finally {
    await content.return([]);
  }
}

async function* inArray(chunks: AsyncGenerator<Buffer, SourceProblem | undefined, void>): Chunks {
  const problem = yield* chunks;
  return problem === undefined ? [] : [problem];
}

function withProblem(chunks: AsyncGenerator<Buffer, SourceProblem | undefined, void>) {
  const problems: SourceProblem[] = [];
  async function* read(): AsyncGenerator<Buffer, void, void> {
    const problem = yield* chunks;
    if (problem !== undefined) problems.push(problem);
  }
  return { chunks: read(), problems };
}
