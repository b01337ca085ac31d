import type { LogLevel } from './lib/log/logger.ts';

interface Options {
  base: Readonly<Record<string, unknown>>;
}

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/**
 * Stands in for pino in the bundle of the Lambda function, where pino's threads and files would be a tenth of the zip:
 * the same lines, as far as lib/log asks for them. Levels below the wanted one never come here, and no field is a cycle.
 */
export function pino({ base }: Options, destination: { write(line: string): void }): Record<LogLevel, Write> {
  const at =
    (level: LogLevel): Write =>
    (fields, message) =>
      destination.write(`${JSON.stringify({ level, ...base, ...fields, msg: message })}\n`);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
