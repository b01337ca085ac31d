import type { Logger as Pino } from 'pino';
import { printable } from '../text/printable.ts';
import { type LogFields, type Logger, type LogLevel, logLevels } from './logger.ts';
import { redactFields, redactText } from './redact.ts';

export interface LoggerOptions {
  level: LogLevel;
  format: 'text' | 'json';
  /** Takes one whole line, line feed included. */
  write(line: string): void;
  now(): Date;
}

type WriteLine = (level: LogLevel, message: string, fields: LogFields) => void;

/** A logger, and the wait for lines that are still on their way when the run ends. */
export function createLogger(options: LoggerOptions): { log: Logger; flush(): Promise<void> } {
  const threshold = logLevels.indexOf(options.level);
  const json = jsonWriter(options);
  const write: WriteLine = options.format === 'json' ? json.write : textWriter(options);
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(level) >= threshold) write(level, redactText(message), redactFields(fields) as LogFields);
    };
  return { log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, flush: json.flush };
}

function textWriter(options: LoggerOptions): WriteLine {
  const names: Record<LogLevel, string> = { debug: 'debug', info: 'info', warn: 'warning', error: 'error' };
  return (level, message, fields) => {
    const words = [message];
    for (const [key, value] of Object.entries(fields)) {
      const plain = typeof value === 'string' && /^[\w./:@+-]+$/.test(value);
      words.push(`${key}=${plain ? value : JSON.stringify(value)}`);
    }
    options.write(`devops: ${names[level]}: ${printable(words.join(' '))}\n`);
  };
}

/** pino costs 12 ms, so it is loaded at the first line; the lines until then wait in order. */
function jsonWriter(options: LoggerOptions): { write: WriteLine; flush(): Promise<void> } {
  let pino: Pino | undefined;
  let loading: Promise<void> | undefined;
  const waiting: (() => void)[] = [];

  const load = async () => {
    const module = await import('pino');
    pino = module.pino(
      {
        level: options.level,
        base: { name: 'devops' },
        timestamp: false,
        formatters: { level: (level) => ({ level }) },
      },
      { write: options.write },
    );
    for (const line of waiting) line();
  };

  return {
    write(level, message, fields) {
      // The time of the call, not of the writing.
      const line = { time: options.now().toISOString(), ...fields };
      if (pino !== undefined) pino[level](line, message);
      else waiting.push(() => pino?.[level](line, message));
      loading ??= load();
    },
    flush: () => loading ?? Promise.resolve(),
  };
}
