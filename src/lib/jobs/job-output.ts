import { closeSync, fstatSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { openOutputFile } from '../shell/open-output-file.ts';
import { createOutputLog, type OutputLog, type OutputText } from '../shell/output-log.ts';
import type { OutputTarget } from '../shell/supervise.ts';

/** Where the output of a job goes while it runs, beside its log. */
export type LiveOutput =
  /** Nowhere: it is only told when the job has failed. */
  | { kind: 'silent' }
  | { kind: 'stream'; write(chunk: Buffer, stream: 'stdout' | 'stderr'): Promise<void> | undefined }
  /** The command's own standard output stays its output; `stderr` is a terminal, where somebody reads along. */
  | { kind: 'own'; stdout: number; stderr: number | undefined; beginAttempt(): void };

/** The output of one run: all of it in a file, as far as that can be had. */
export interface JobOutput {
  /** Descriptor of the job's standard output, where that is not logged. */
  readonly stdout: number | undefined;
  /** Undefined when it could not be made: then the beginning and the end are in memory. */
  readonly logFile: string | undefined;
  target(): OutputTarget;
  /** Says in the log where an attempt after the first begins. */
  beginAttempt(number: number): void;
  bytes(): number;
  read(limits: { headBytes: number; tailBytes: number }): Promise<OutputText>;
  /** Closes the log; one without a byte is removed. */
  close(): void;
}

/** What is kept in memory where there is no file. */
const inMemory = { headBytes: 65_536, tailBytes: 65_536 };

/** `folder`: undefined where nothing can be kept. A log that cannot be written is told to `warn`, and the job runs. */
export function openJobOutput(
  folder: string | undefined,
  runId: string,
  live: LiveOutput,
  warn: (message: string) => void,
): JobOutput {
  const path = folder === undefined ? undefined : join(folder, `${runId}.log`);
  const descriptor = path === undefined ? undefined : openLog(path, warn);
  let isKept = descriptor !== undefined;
  let memory: OutputLog | undefined;
  if (live.kind === 'stream' || (descriptor === undefined && !(live.kind === 'own' && live.stderr !== undefined))) {
    memory = createOutputLog(descriptor, inMemory);
  }
  const bytes = () => memory?.read().totalBytes ?? (descriptor === undefined ? 0 : fstatSync(descriptor).size);
  return {
    stdout: live.kind === 'own' ? live.stdout : undefined,
    get logFile() {
      return isKept ? path : undefined;
    },
    target() {
      if (live.kind === 'own' && live.stderr !== undefined) return { kind: 'file', descriptor: live.stderr };
      if (memory === undefined) return { kind: 'file', descriptor: descriptor! };
      const log = memory;
      return {
        kind: 'tee',
        take(chunk, stream) {
          log.take(chunk);
          return live.kind === 'stream' ? live.write(chunk, stream) : undefined;
        },
      };
    },
    beginAttempt(number) {
      if (live.kind === 'own') live.beginAttempt();
      if (number === 1 || bytes() === 0) return;
      const line = Buffer.from(`[devops: attempt ${number}]\n`);
      if (memory !== undefined) memory.take(line);
      else if (descriptor !== undefined) writeSync(descriptor, line);
    },
    bytes,
    async read(limits) {
      if (memory !== undefined) return memory.read();
      if (path === undefined || descriptor === undefined) return { text: '', totalBytes: 0, omittedBytes: 0 };
      const { readHeadAndTail } = await import('../shell/capture-output.ts');
      return readHeadAndTail(path, limits);
    },
    close() {
      if (descriptor === undefined) return;
      const isEmpty = fstatSync(descriptor).size === 0;
      closeSync(descriptor);
      if (!isEmpty) return;
      isKept = false;
      rmSync(path!, { force: true });
    },
  };
}

function openLog(path: string, warn: (message: string) => void): number | undefined {
  try {
    return openOutputFile(path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    warn(`${error.message}: the job runs, and only the beginning and the end of its output are kept`);
    return undefined;
  }
}
