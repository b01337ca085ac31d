import type { AnyCommand, Screen } from './command.ts';
import type { SharedValues } from './shared-options.ts';

/** One command with everything it was called with. */
export interface Invocation {
  command: AnyCommand;
  name: string;
  options: Readonly<Record<string, unknown>>;
  args: readonly unknown[];
  shared: SharedValues;
  screen: Screen;
}
