import type { StoreProblem } from './stored-certificates.ts';

/** Why a PKCS#12 store, or a part of it, cannot be read at all, whatever the password. */
export class UnreadablePkcs12 extends Error {
  override readonly name = 'UnreadablePkcs12';
  readonly code: StoreProblem['code'];

  constructor(code: 'malformed' | 'unreadable', message: string) {
    super(message);
    this.code = code;
  }
}

/** It is made in a way that we do not know. */
export function unsupported(what: string): UnreadablePkcs12 {
  return new UnreadablePkcs12('unreadable', `is PKCS#12 with ${what}, which is not supported`);
}
