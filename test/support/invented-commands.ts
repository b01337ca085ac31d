import type { AnyCommand } from '../../src/command.ts';
import type { CommandTable } from '../../src/command-table.ts';
import { asked, search } from './invented/byte-commands.ts';
import * as odd from './invented/odd-commands.ts';
import { breaks, failing, hostile, many, records, report, unwritable } from './invented/record-commands.ts';

/** Commands that do what no real command may rely on never happening. */
export const inventedCommands: CommandTable = Object.fromEntries(
  Object.entries<AnyCommand>({
    asked,
    breaks,
    failing,
    hostile,
    many,
    records,
    report,
    search,
    unwritable,
    ...odd,
    'group one': many,
  }).map(([name, command]) => [
    name,
    {
      summary: `invented: ${name}`,
      load: () => Promise.resolve({ default: command }),
      ...(name === 'search' ? { ownLetters: 'ov' } : {}),
    },
  ]),
);
