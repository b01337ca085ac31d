/** Stable words for programs: what kind of failure this is, beside the one line for people. */
export type UserErrorCode =
  'usage' | 'config' | 'network' | 'permission' | 'not-found' | 'timeout' | 'busy' | 'unsupported' | 'failed';

/** A failure that somebody expects and can mend: printed as one line with hints, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: UserErrorCode;
  /** What to type or change next, one sentence each. */
  readonly hints: readonly string[];

  constructor(message: string, options: { code?: UserErrorCode; hints?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = options.code ?? 'failed';
    this.hints = options.hints ?? [];
  }
}
