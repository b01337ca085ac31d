import { runEngine } from './run-engine.ts';
import type { Engine, EngineEnd } from './run-engine.ts';
import { sourceProblem } from './source-problem.ts';
import type { SourceProblem } from './source-problem.ts';
import { areZeros, zstdFrames } from './zstd-frames.ts';
import type { FramesEnd } from './zstd-frames.ts';

/** Bytes that are compressed. */
export interface CompressedInput {
  name: string;
  /** Looked at for each piece of output: 1 MiB of it may come from a KiB of input. */
  signal: AbortSignal;
  /** From the first byte on; its return value says what could not be read. */
  open(): AsyncGenerator<Buffer, SourceProblem | undefined, void>;
  /** Whether `open` may be called again for the same bytes: true for files, false for pipes. */
  isRepeatable: boolean;
}

/** Pieces of a pipe, which a failure loses the output of. Files have larger ones, for they are read again. */
const pipePieceBytes = 16_384;

/** 1 MiB took 5 % (gzip) to 15 % (zstd) less time than 256 KiB. */
const outputBytes = 1_048_576;

/**
 * Decompresses gzip (all members; zeros at the end are padding) or zstd (all frames, a window of at most 128 MiB, as
 * the zstd program has it). Yields every byte that can be had, then returns what was wrong; it does not throw for what
 * the bytes are, only the reason of an aborted signal.
 *
 * When a decoder of Node fails, it drops what it made of the last piece. A file is then read again up to there, with
 * that piece in ever smaller steps, so that the last good byte comes out. Of a pipe up to 16 KiB of input are lost.
 *
 * Measured on 256 MiB of log with a search for a literal, processor time: gzip 0.48 of `zgrep -c`, zstd 1.2 of
 * `zstd -dc | grep -c`.
 */
export async function* decompress(
  format: 'gzip' | 'zstd',
  input: CompressedInput,
): AsyncGenerator<Buffer, SourceProblem[], void> {
  const zlib = await import('node:zlib');
  const createEngine = (): Engine =>
    format === 'gzip'
      ? zlib.createGunzip({ chunkSize: outputBytes })
      : zlib.createZstdDecompress({ chunkSize: outputBytes });
  let delivered = 0;
  let goodBytes = 0;
  for (const step of input.isRepeatable ? [Infinity, 512, 1] : [pipePieceBytes]) {
    let framesEnd: FramesEnd = 'nothing';
    const read = createReading(input);
    const frames = format === 'gzip' ? read.pieces : zstdFrames(read.pieces, (end) => (framesEnd = end));
    const pieces = inSteps(frames, goodBytes, step);
    let end: EngineEnd = { goodBytes: 0 };
    let seen = 0;
    try {
      for await (const output of runEngine(createEngine(), pieces, (engineEnd) => (end = engineEnd))) {
        input.signal.throwIfAborted();
        const isNew = seen + output.length > delivered;
        const unseen = isNew ? output.subarray(Math.max(0, delivered - seen)) : output;
        seen += output.length;
        if (!isNew) continue;
        delivered = seen;
        yield unseen;
      }
      const isLossy = end.failure !== undefined && end.failure.code !== 'Z_BUF_ERROR';
      if (isLossy && input.isRepeatable && step !== 1) {
        goodBytes = end.goodBytes;
        continue;
      }
      const hasGarbage = end.rest !== undefined && !(await areZeros([end.rest], pieces));
      const problem = explain(input.name, format, end.failure, hasGarbage ? 'garbage' : framesEnd);
      return [problem, read.problem()].filter((each) => each !== undefined);
    } finally {
      await read.pieces.return();
    }
  }
  return [];
}

/** The bytes of the input, and what it said when it ended. */
function createReading(input: CompressedInput) {
  let problem: SourceProblem | undefined;
  async function* read(): AsyncGenerator<Buffer, void, void> {
    problem = yield* input.open();
  }
  return { pieces: read(), problem: () => problem };
}

/** The pieces as they come; after the first `from` bytes, and for 1 MiB, none is longer than `step`. */
async function* inSteps(pieces: AsyncIterable<Buffer>, from: number, step: number): AsyncGenerator<Buffer, void, void> {
  let position = 0;
  for await (const piece of pieces) {
    let at = 0;
    while (at < piece.length) {
      const isBefore = position < from;
      const isLate = step < pipePieceBytes && position >= from + 1_048_576;
      const length = isBefore ? from - position : isLate ? Infinity : step;
      const part = piece.subarray(at, Math.min(piece.length, at + length));
      yield part;
      at += part.length;
      position += part.length;
    }
  }
}

function explain(
  name: string,
  format: 'gzip' | 'zstd',
  failure: NodeJS.ErrnoException | undefined,
  left: FramesEnd,
): SourceProblem | undefined {
  // The first two bytes of the file are those of gzip, or nobody would have called it that.
  if (left === 'garbage' || failure?.message === 'incorrect header check') {
    return sourceProblem('trailing-garbage', name, `something that is not ${format} follows its data and was left out`);
  }
  if (left === 'truncated' || failure?.code === 'Z_BUF_ERROR') {
    return sourceProblem('truncated', name, 'ends in the middle of its data', 'it may still be written');
  }
  if (failure === undefined) return undefined;
  if (failure.code === 'ZSTD_error_frameParameter_windowTooLarge') {
    const hint = `pipe it: zstd -dc --long=31 ${name} | devops logs-grep ...`;
    return sourceProblem('too-large', name, 'was compressed with a window of more than 128 MiB', hint);
  }
  return sourceProblem('damaged', name, `cannot be decompressed from some place on (${failure.message})`);
}
