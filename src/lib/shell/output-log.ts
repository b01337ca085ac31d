import { capturedText, createHeadAndTail } from './head-and-tail.ts';
import type { CaptureLimits } from './head-and-tail.ts';
import { appendWhole } from './open-output-file.ts';

/** Output as text: its beginning and its end, with a line between them that tells what was left out. */
export interface OutputText {
  text: string;
  totalBytes: number;
  omittedBytes: number;
}

/** Output that passes through us, for the `tee` of `supervise`. */
export interface OutputLog {
  take(chunk: Uint8Array): void;
  read(): OutputText;
  /** False since a write to the file failed: the disk is full, and the file lacks what came after. */
  isWhole(): boolean;
}

/**
 * Keeps the beginning and the end of output in memory and writes all of it to a file, as long as there is one and it
 * takes it: a job whose log cannot be written still runs. Without a descriptor (a state folder that is read-only) memory
 * is all there is.
 */
export function createOutputLog(descriptor: number | undefined, limits: CaptureLimits): OutputLog {
  const kept = createHeadAndTail(limits);
  let isWhole = descriptor !== undefined;
  return {
    take(chunk) {
      kept.write(chunk);
      if (isWhole && descriptor !== undefined) isWhole = appendWhole(descriptor, chunk);
    },
    read() {
      const captured = kept.captured();
      const { totalBytes, omittedBytes } = captured;
      return { text: capturedText(captured), totalBytes, omittedBytes };
    },
    isWhole: () => isWhole,
  };
}
