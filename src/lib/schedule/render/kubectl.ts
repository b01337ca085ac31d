import { UserError } from '../../errors/user-error.ts';
import type { Environment } from '../../shell/find-program.ts';
import { runProgram } from '../../shell/run-program.ts';
import type { ProgramResult } from '../../shell/program-result.ts';
import { printable } from '../../text/printable.ts';

export interface KubectlAccess {
  env: Environment;
  signal: AbortSignal;
}

const timeoutSeconds = 120;

/** What `kubectl diff` says: '' when the cluster has it so. Throws UserError when it cannot tell. */
export async function kubectlDiff(manifests: string, access: KubectlAccess): Promise<string> {
  const result = await runKubectl(['diff', '-f', '-'], manifests, access);
  const { end, stdout } = result;
  // 1 is a difference, anything above a failure.
  if (end.kind === 'exited' && end.code <= 1) return stdout.head.toString();
  throw failure('diff', result);
}

/** Throws UserError with kubectl's words when the cluster does not take it. */
export async function kubectlApply(manifests: string, access: KubectlAccess): Promise<void> {
  requireSuccess('apply', await runKubectl(['apply', '-f', '-'], manifests, access));
}

/** What is not there is no failure. */
export async function kubectlDelete(manifests: string, access: KubectlAccess): Promise<void> {
  requireSuccess('delete', await runKubectl(['delete', '--ignore-not-found', '-f', '-'], manifests, access));
}

async function runKubectl(words: string[], input: string, { env, signal }: KubectlAccess): Promise<ProgramResult> {
  const result = await runProgram({
    argv: ['kubectl', ...words],
    // Its differences are printed, not opened in somebody's viewer.
    env: { ...env, KUBECTL_EXTERNAL_DIFF: undefined },
    input,
    signal,
    timeoutSeconds,
    capture: { headBytes: 1_048_576, tailBytes: 0 },
  });
  if (result.end.kind === 'not-started') {
    throw new UserError(result.end.message, {
      code: 'not-found',
      hints: ['hand it over where kubectl is: devops schedule render --to kubernetes ... | kubectl apply -f -'],
    });
  }
  signal.throwIfAborted();
  return result;
}

function requireSuccess(verb: string, result: ProgramResult): void {
  if (result.end.kind !== 'exited' || result.end.code !== 0) throw failure(verb, result);
}

function failure(verb: string, { end, stderr }: ProgramResult): UserError {
  const words = printable(stderr.head.toString().trim().slice(0, 1000));
  return new UserError(`kubectl ${verb} failed: ${words === '' ? end.kind : words}`, {
    hints: ['see what it talks to: kubectl config current-context'],
  });
}
