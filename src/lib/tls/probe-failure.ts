import type { ItemError } from '../results/item-error.ts';

/** Why no certificate could be had from an endpoint. */
export type ProbeFailureCode =
  'dns' | 'unreachable' | 'timeout' | 'reset' | 'not-tls' | 'sni-refused' | 'starttls-not-offered' | 'handshake-failed';

/** What one attempt to read a server's certificate came to, when it came to nothing. */
export class ProbeFailure extends Error implements ItemError {
  override readonly name = 'ProbeFailure';
  readonly code: ProbeFailureCode;
  readonly hint?: string;

  constructor(code: ProbeFailureCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
  }
}
