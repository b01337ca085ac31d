import { ExitCode } from './exit-code.ts';
import { Interruption } from './interruption.ts';
import { UserError } from './lib/errors/user-error.ts';
import { redactText } from './lib/log/redact.ts';
import type { Failure } from './output/renderer.ts';
import { printable } from './lib/text/printable.ts';

/** Any thrown thing as one line, hints and a stable code, without secrets. The unexpected keeps its stack, in `message`. */
export function failureOf(error: unknown): Failure {
  const { code, message, hints } = describe(error);
  return { code, message: redactText(message), hints: hints.map(redactText) };
}

function describe(error: unknown): Failure {
  if (error instanceof UserError) return { code: error.code, message: error.message, hints: error.hints };
  if (error instanceof Interruption) {
    const timeout = error.reason === 'timeout';
    return timeout
      ? { code: 'timeout', message: error.message, hints: [] }
      : { code: 'interrupted', message: `interrupted: ${error.message}`, hints: [] };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 'internal',
    message: stack,
    hints: ['this is a defect of devops: please report it with the lines above'],
  };
}

export function exitCodeOfError(error: unknown): number {
  if (error instanceof Interruption) return error.exitCode;
  return error instanceof UserError && error.code === 'busy' ? ExitCode.busy : ExitCode.failure;
}

/** `devops: error: ...` and its hints, or one JSON object for a program. '' for what needs no words. */
export function failureText(error: unknown, format: string): string {
  // Who pressed Ctrl-C or closed the pipe knows why it ended.
  if (error instanceof Interruption && error.reason !== 'timeout') return '';
  const { code, message, hints } = failureOf(error);
  if (format === 'json' || format === 'jsonl') {
    return `${JSON.stringify({ error: { code, message, ...(hints.length > 0 ? { hints } : {}) } })}\n`;
  }
  const lines = code === 'internal' ? message.split('\n').map(printable).join('\n') : printable(message);
  return `devops: error: ${lines}\n${hints.map((hint) => `devops: hint: ${printable(hint)}\n`).join('')}`;
}
