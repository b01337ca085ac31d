export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type LogFields = Readonly<Record<string, unknown>>;

/** Messages about the work itself, for stderr. What the work found are records, never log lines. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
