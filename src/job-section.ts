import { fstatSync } from 'node:fs';
import type { Context } from './context.ts';
import { type CiSection, ciSection } from './lib/jobs/ci-sections.ts';
import type { LiveOutput } from './lib/jobs/job-output.ts';
import type { RunJobOptions } from './lib/jobs/run-job.ts';
import { within } from './run-clock.ts';

/** How long the reader of standard error may take: the job does not wait for one that has stopped. */
const readerMilliseconds = 1000;

type StreamedOutput = Extract<LiveOutput, { kind: 'stream' }>;

/**
 * The output of a job that is passed on, within a section of the CI server's log. Its marks go to standard error, for
 * standard output is what somebody may have asked for.
 */
export function openJobSection(
  ctx: Context,
  jobName: string,
  live: StreamedOutput,
): { live: StreamedOutput; section: NonNullable<RunJobOptions['section']> } {
  const endsLine = { stdout: true, stderr: true };
  const write = async (text: string): Promise<void> => {
    const written = async () => {
      await ctx.stderr.write(text)?.catch(() => undefined);
      await ctx.stderr.flush().catch(() => undefined);
    };
    await within(readerMilliseconds, written());
  };
  const seconds = () => ctx.now().getTime() / 1000;
  let opened: CiSection | undefined;
  return {
    live: {
      ...live,
      write(chunk, stream) {
        if (chunk.length > 0) endsLine[stream] = chunk.at(-1) === 0x0a;
        return live.write(chunk, stream);
      },
    },
    section: {
      async open(secrets) {
        // In a file nobody takes the secrets out again.
        const masked = isRegularFile(ctx.stderr.fd) ? [] : secrets;
        opened = ciSection(ctx.env, { name: jobName, secrets: masked }, seconds());
        if (opened !== undefined) await write(opened.opening);
      },
      async close() {
        const closing = opened?.closing(seconds()) ?? '';
        if (closing !== '') await write(endsLine.stdout && endsLine.stderr ? closing : `\n${closing}`);
      },
    },
  };
}

function isRegularFile(descriptor: number | undefined): boolean {
  return descriptor !== undefined && fstatSync(descriptor).isFile();
}
