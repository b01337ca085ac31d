import { nagiosUnknownCode } from './exit-code.ts';
import { exitCodeOfError, failureOf, failureText } from './failure.ts';
import { nagiosUnknown } from './output/nagios.ts';
import type { RunEnd } from './run-command.ts';
import type { Runtime } from './runtime.ts';

/** Tells why nothing was run: on stderr in the format that was typed, for Nagios on stdout, where alone it looks. */
export async function tellFailure(error: unknown, format: string, runtime: Runtime): Promise<number> {
  const exitCode = exitCodeOfError(error);
  if (format !== 'nagios') return tellEnd(error, { exitCode }, format, runtime);
  tellJob(error, exitCode, runtime);
  await write(() => runtime.stdout.write(nagiosUnknown(failureOf(error).message)));
  await write(() => runtime.stdout.flush());
  return nagiosUnknownCode;
}

/** Tells why a run ended early. For Nagios its renderer has said so already. */
export async function tellEnd(
  error: unknown,
  { exitCode, plainExitCode = exitCode }: Pick<RunEnd, 'exitCode' | 'plainExitCode'>,
  format: string,
  runtime: Runtime,
): Promise<number> {
  tellJob(error, plainExitCode, runtime);
  if (format === 'nagios') return exitCode;
  await write(() => runtime.stderr.write(failureText(error, format)));
  await write(() => runtime.stderr.flush());
  return exitCode;
}

function tellJob(error: unknown, exitCode: number, { jobLine }: Runtime): void {
  try {
    jobLine?.({ end: { exitCode, failure: failureOf(error).code } });
  } catch {
    // The exit code says that it failed.
  }
}

/** When nobody can be told any more, the exit code still says it. */
async function write(attempt: () => Promise<void> | undefined): Promise<void> {
  try {
    await attempt();
  } catch {
    // There is no third place to complain to.
  }
}
