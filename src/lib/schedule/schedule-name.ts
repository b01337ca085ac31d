import { UserError } from '../errors/user-error.ts';
import { quoted } from '../text/quoted.ts';
import type { Zone } from '../time/zone.ts';

/** It is kept in a tag beside a time and a run, which has 256 characters in all. */
export const longestName = 120;

/** The words and the zone. Throws a UserError (usage) when they are too long to be kept in a tag. */
export function scheduleName(words: string, zone: Zone): string {
  const name = `${words} ${zone.name}`;
  if (name.length <= longestName) return name;
  throw new UserError(
    `schedule ${quoted(words)} is too long to be kept in a tag: ${name.length} of ${longestName} characters`,
    {
      code: 'usage',
      hints: ['use fewer parts, or different schedules for different instances'],
    },
  );
}
