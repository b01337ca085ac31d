import { ExitCode } from './exit-code.ts';

export type InterruptionCause = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'closed pipe' | 'timeout';

const exitCodes: Record<InterruptionCause, number> = {
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated,
  SIGHUP: ExitCode.hangup,
  // `devops ... | head -1` got what it wanted.
  'closed pipe': ExitCode.ok,
  timeout: ExitCode.failure,
};

/** Why `ctx.signal` was aborted: the named reason of every interruption from outside. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly reason: InterruptionCause;
  readonly exitCode: number;

  constructor(reason: InterruptionCause, message: string = reason) {
    super(message);
    this.reason = reason;
    this.exitCode = exitCodes[reason];
  }
}
