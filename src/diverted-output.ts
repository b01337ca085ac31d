import type { Context } from './context.ts';
import type { Invocation } from './invocation.ts';
import type { Output } from './runtime.ts';

/** A run whose output is kept in memory instead of being written to standard output. */
export interface DivertedRun {
  ctx: Context;
  invocation: Invocation;
  bytes(): Buffer;
}

/** What is kept is for a file: never for a screen, and never with what is ok left out. */
export function divertOutput(ctx: Context, invocation: Invocation): DivertedRun {
  const chunks: Buffer[] = [];
  const stdout: Output = {
    write(chunk) {
      chunks.push(Buffer.from(chunk));
      return undefined;
    },
    flush: () => Promise.resolve(),
    isTerminal: false,
    columns: () => undefined,
    rows: () => undefined,
    restore: '',
  };
  const terminal = { ...ctx.terminal, columns: Infinity, color: false, stdout: false };
  const screen = { ...invocation.screen, columns: Infinity, terminal: false, color: false };
  return {
    ctx: { ...ctx, stdout, terminal },
    invocation: { ...invocation, screen, shared: { ...invocation.shared, quiet: false } },
    bytes: () => Buffer.concat(chunks),
  };
}
