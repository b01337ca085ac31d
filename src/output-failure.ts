import { systemErrorName, systemFailure } from './lib/files/system-failure.ts';

/**
 * What an Output rejects with: the error itself when the reader has gone (EPIPE), else a UserError that names the
 * output, such as `cannot write to standard output: no space left on device`.
 */
export function outputFailure(name: string, error: unknown): unknown {
  return isClosedPipe(error) ? error : systemFailure(`cannot write to ${name}`, error);
}

export function isClosedPipe(error: unknown): boolean {
  return systemErrorName(error) === 'EPIPE';
}
