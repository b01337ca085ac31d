import { closeSync, fstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { appendWhole, openOutputFile } from '../shell/open-output-file.ts';
import { createOutputLog, type OutputLog, type OutputText } from '../shell/output-log.ts';
import type { Environment } from '../shell/find-program.ts';
import type { OutputPipe } from '../shell/output-pipe.ts';
import type { OutputTarget } from '../shell/supervise.ts';
import type { LivePass, StreamedOutput } from './pass-on-output.ts';

/** Where the output of a job goes while it runs, beside its log. */
export type LiveOutput =
  /** Nowhere: it is only told when the job has failed. */
  | { kind: 'silent' }
  | StreamedOutput
  /** The command's own standard output stays its output; `stderr` is a terminal, where somebody reads along. */
  | { kind: 'own'; stdout: number; stderr: number | undefined; beginAttempt(): void };

/** The output of one run: all of it in a file, as far as that can be had. */
export interface JobOutput {
  /** Descriptor of the job's standard output, where it is not that of its standard error. */
  readonly stdout: number | undefined;
  /** Undefined when it could not be made: then the beginning and the end are in memory. */
  readonly logFile: string | undefined;
  target(): OutputTarget;
  /** Says in the log where an attempt after the first begins. */
  beginAttempt(number: number): Promise<void>;
  /** Now the log has all of it. */
  endAttempt(): Promise<void>;
  bytes(): number;
  read(limits: { headBytes: number; tailBytes: number }): Promise<OutputText>;
  /** After the last attempt: resolves when whoever reads along has all of it. */
  passedOn(): Promise<void>;
  /** Closes the log, and removes one without a byte. */
  close(): void;
}

export interface JobOutputOptions {
  /** Undefined where nothing can be kept. */
  folder: string | undefined;
  runId: string;
  live: LiveOutput;
  /** A command of ours, which opens nothing of its output by name. */
  isDevops: boolean;
  /** Where programs are looked for. */
  env: Environment;
  /** Masked in what is streamed; the log is as the job wrote it. */
  secrets: readonly string[];
  /** So much of its standard output is put into the log, where that is streamed by itself. */
  keepBytes: number;
  warn(message: string): void;
}

/** What is kept in memory where there is no file. */
const inMemory = { headBytes: 65_536, tailBytes: 65_536 };

/**
 * The job writes into its log, through a pipe, and what is streamed follows the file: no reader holds it up, and it runs on when
 * devops is killed. Only where there can be no log does it write to us. A log that cannot be written is told to `warn`.
 */
export async function openJobOutput({ live, ...options }: JobOutputOptions): Promise<JobOutput> {
  const path = options.folder === undefined ? undefined : join(options.folder, `${options.runId}.log`);
  const descriptor = path === undefined ? undefined : openLog(path, options.warn);
  let isKept = descriptor !== undefined;
  let memory: OutputLog | undefined;
  let pass: LivePass | undefined;
  let passed: Promise<void> | undefined;
  if (live.kind === 'stream') {
    const { passOnOutput } = await import('./pass-on-output.ts');
    pass = passOnOutput(live, { ...options, path, descriptor });
  }
  if (descriptor === undefined && !(live.kind === 'own' && live.stderr !== undefined)) {
    memory = createOutputLog(undefined, inMemory);
  }
  let logPipe: OutputPipe | undefined;
  let outPipe: OutputPipe | undefined;
  const openPipe = async (name: 'log' | 'out', target: number | undefined) => {
    if (options.isDevops || target === undefined || options.folder === undefined) return undefined;
    const { folder, runId, env } = options;
    const { openOutputPipe } = await import('../shell/output-pipe.ts');
    const [inUse, spare] = [runId, 'spare'].map((owner) => join(folder, `${owner}.${name}.pipe`)) as [string, string];
    return openOutputPipe({ target, path: inUse, sparePath: spare, env });
  };
  const bytes = () => memory?.read().totalBytes ?? (descriptor === undefined ? 0 : fstatSync(descriptor).size);
  return {
    get stdout() {
      return live.kind === 'own' ? live.stdout : (outPipe?.write ?? pass?.stdout);
    },
    get logFile() {
      return isKept ? path : undefined;
    },
    target() {
      if (live.kind === 'own' && live.stderr !== undefined) return { kind: 'file', descriptor: live.stderr };
      if (memory === undefined) return { kind: 'file', descriptor: logPipe?.write ?? descriptor! };
      const log = memory;
      return {
        kind: 'tee',
        take(chunk, stream) {
          log.take(chunk);
          return pass?.take(chunk, stream);
        },
      };
    },
    async beginAttempt(number) {
      if (live.kind === 'own') live.beginAttempt();
      if (number > 1 && bytes() > 0) {
        const line = Buffer.from(`[devops: attempt ${number}]\n`);
        if (memory !== undefined) memory.take(line);
        else if (descriptor !== undefined) appendWhole(descriptor, line);
      }
      logPipe = await openPipe('log', descriptor);
      outPipe = await openPipe('out', pass?.stdout);
    },
    async endAttempt() {
      await Promise.all([logPipe?.end(), outPipe?.end()]);
      logPipe = outPipe = undefined;
      pass?.endAttempt();
    },
    bytes,
    async read(limits) {
      if (memory !== undefined) return memory.read();
      if (path === undefined || !isKept) return { text: '', totalBytes: 0, omittedBytes: 0 };
      const { readHeadAndTail } = await import('../shell/capture-output.ts');
      return readHeadAndTail(path, limits);
    },
    passedOn: () => (passed ??= pass?.end() ?? Promise.resolve()),
    close() {
      pass?.close();
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
