import { closeSync, ftruncateSync, readSync } from 'node:fs';
import type { Context } from './context.ts';
import { openUnnamedFile } from './lib/files/open-unnamed-file.ts';
import type { LiveOutput } from './lib/jobs/job-output.ts';
import { isClosedPipe } from './output-failure.ts';

/**
 * The output of a command of ours that is run as a job, which stays what it would be without: with one attempt it writes
 * to our standard output itself; with several only the last one counts, so it is held back until that has ended.
 */
export function openOwnOutput(
  ctx: Context,
  attempts: number,
): { live: Extract<LiveOutput, { kind: 'own' }>; passOn(): Promise<void> } {
  const stderr = ctx.stderr.isTerminal ? ctx.stderr.fd : undefined;
  const { fd } = ctx.stdout;
  if (attempts === 1 && fd !== undefined) {
    return {
      live: { kind: 'own', stdout: fd, stderr, beginAttempt: () => undefined },
      passOn: () => Promise.resolve(),
    };
  }
  const held = holdBack();
  return {
    live: { kind: 'own', stdout: held.descriptor, stderr, beginAttempt: () => held.forget() },
    // A reader who has enough is no failure of the job.
    passOn: () => held.passOn((chunk) => ctx.stdout.write(chunk)).catch(unlessClosed),
  };
}

function unlessClosed(error: unknown): void {
  if (!isClosedPipe(error)) throw error;
}

function holdBack() {
  const descriptor = openUnnamedFile();
  return {
    descriptor,
    forget: () => ftruncateSync(descriptor, 0),
    async passOn(write: (chunk: Buffer) => Promise<void> | undefined): Promise<void> {
      try {
        for (let position = 0; ;) {
          const chunk = Buffer.alloc(65_536);
          const count = readSync(descriptor, chunk, 0, chunk.length, position);
          if (count === 0) return;
          position += count;
          await write(chunk.subarray(0, count));
        }
      } finally {
        closeSync(descriptor);
      }
    },
  };
}
