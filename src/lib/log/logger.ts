export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a message is about. Four names are the line's own: as JSON it would have two of them. */
export type LogFields = Readonly<Record<string, unknown>> & {
  readonly [Name in 'level' | 'name' | 'time' | 'msg']?: never;
};

/** Messages about the work itself, for stderr. What the work found are records, never log lines. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
