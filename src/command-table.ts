import type { AnyCommand } from './command.ts';

interface CommandEntry {
  /** One line for --help. */
  summary: string;
  /** Letters of shared options that mean something else behind this name, `o` where -o is no format. */
  ownLetters?: string;
  load(): Promise<{ default: AnyCommand }>;
}

export type CommandTable = Readonly<Record<string, CommandEntry>>;
