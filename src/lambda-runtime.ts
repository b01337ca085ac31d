import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { descriptorWriter } from './descriptor-writer.ts';
import { Interruption } from './interruption.ts';
import { pause } from './lib/time/pause.ts';
import type { Output, Runtime } from './runtime.ts';

/** What a Lambda function is given by its place: the process there, something else in a test. */
export type LambdaHost = Pick<
  Runtime,
  'env' | 'cwd' | 'now' | 'monotonic' | 'pause' | 'userId' | 'processId' | 'version' | 'self'
> & {
  /** The log of the function: where CloudWatch reads. */
  log: Record<'stdout' | 'stderr', Pick<Output, 'write' | 'flush'>>;
};

/** What one run wrote, from its beginning on and within a bound. */
export interface CollectedOutput {
  text(): string;
  /** Bytes that did not fit. */
  leftOut(): number;
}

/** The answer of a function may have 6 MB; what nobody could read to its end is not kept. */
const mostBytes = 1024 * 1024;

/**
 * The process of a Lambda function. It installs no signal handlers: the end of a function is its deadline, and its
 * process serves the next event. Beside src/process-context.ts the only reader of the `process` global.
 */
export function lambdaProcess(): LambdaHost {
  const { env } = process;
  const folder = env['LAMBDA_TASK_ROOT'] ?? '.';
  // A log that cannot be written is no reason to leave half of the machines running.
  const lost = (error: unknown) => error;
  return {
    env,
    cwd: () => process.cwd(),
    now: () => new Date(),
    monotonic() {
      const [seconds, nanoseconds] = process.hrtime();
      return seconds + nanoseconds / 1e9;
    },
    pause,
    userId: process.getuid?.() ?? -1,
    processId: process.pid,
    version: readVersion(folder),
    self: [process.execPath, join(folder, 'index.js')],
    log: { stdout: descriptorWriter(1, lost), stderr: descriptorWriter(2, lost) },
  };
}

/** The Runtime of one event: its output goes to the log line by line and is collected for the answer. */
export function lambdaRuntime(host: LambdaHost): {
  runtime: Runtime;
  stdout: CollectedOutput;
  stderr: CollectedOutput;
} {
  const controller = new AbortController();
  const stdout = collectingOutput(host.log.stdout);
  const stderr = collectingOutput(host.log.stderr);
  const runtime: Runtime = {
    ...host,
    stdin: () => Readable.from([]),
    stdinIsTerminal: false,
    stdinFile: undefined,
    stdinDescriptor: undefined,
    stdout: stdout.output,
    stderr: stderr.output,
    homeDirectory: () => undefined,
    interrupted: controller.signal,
    interrupt: (reason) => controller.abort(new Interruption(reason)),
    endsByItself: () => new AbortController().signal,
    jobLine: undefined,
  };
  return { runtime, stdout, stderr };
}

function collectingOutput(log: Pick<Output, 'write' | 'flush'>): CollectedOutput & { output: Output } {
  const kept: Buffer[] = [];
  let bytes = 0;
  let leftOut = 0;
  const output: Output = {
    write(chunk) {
      const written = Buffer.from(chunk);
      const head = written.subarray(0, mostBytes - bytes);
      if (head.length > 0) kept.push(head);
      bytes += head.length;
      leftOut += written.length - head.length;
      return log.write(written)?.catch(() => undefined);
    },
    flush: () => log.flush().catch(() => undefined),
    isTerminal: false,
    columns: () => undefined,
    rows: () => undefined,
    restore: '',
  };
  return { output, text: () => Buffer.concat(kept).toString(), leftOut: () => leftOut };
}

/** `devops lambda export` puts it beside the code. */
function readVersion(folder: string): string {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : 'unknown';
  } catch {
    return 'unknown';
  }
}
