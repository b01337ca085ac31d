/** Of the file names that are made of it, the longest still stays well below the 255 bytes of a filesystem. */
const longestName = 100;

/** What a name of a job, of a lock and of a notifier looks like, as the JSON Schema has it. */
export const jobNamePattern = `^[A-Za-z0-9][A-Za-z0-9._-]{0,${longestName - 1}}$`;

/**
 * Why `name` cannot be the name of a job; undefined when it can. It becomes a folder, a lock file and a label, so it has
 * letters, digits, `.`, `_` and `-`, at most 100, and begins with a letter or a digit. The message does not repeat it.
 */
export function jobNameMistake(name: string): { message: string; hint: string } | undefined {
  if (new RegExp(jobNamePattern).test(name)) return undefined;
  if (name.length > longestName) {
    return { message: `the name has ${name.length} characters, expected at most ${longestName}`, hint: 'shorten it' };
  }
  return {
    message: 'this is no name: it has to begin with a letter or a digit, and to have only these, ".", "_" and "-"',
    hint: 'write for instance backup-db',
  };
}
