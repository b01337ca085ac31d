import { UserError } from '../../errors/user-error.ts';

export interface Words {
  /** Undefined where something else says which lines are wanted. */
  pattern?: string;
  /** Files, directories, globs and `-`. None: standard input. */
  files: readonly string[];
}

export interface SplitOptions {
  /** Patterns were given by options, or stand in rules. */
  hasPatterns: boolean;
  /** A time, a level, rules, a journal and the like make a search without any pattern. */
  selects: boolean;
  /** Standard input cannot be what is searched. */
  needsFile: boolean;
  exists(path: string): boolean;
  /** Whether a regular file has this name. */
  isLog(path: string): boolean;
  onNote(note: string): void;
}

/**
 * Which of the words is the PATTERN. As in grep it is the first, unless patterns were given otherwise; a sole word that
 * names something that exists is a file when there is something else to search for.
 */
export function splitWords(words: readonly string[], options: SplitOptions): Words {
  const { hasPatterns, selects, needsFile, exists, isLog, onNote } = options;
  if (hasPatterns) return { files: words };
  const [first, ...files] = words;
  if (first === undefined) {
    if (selects) return { files };
    throw new UserError('there is no PATTERN to search for', {
      code: 'usage',
      hints: ['devops logs-grep PATTERN FILE...; without a pattern give a time, a level or --where'],
    });
  }
  if (selects && files.length === 0 && (needsFile || isFile(first) || exists(first))) return { files: [first] };
  // A glob that the shell has written out: the first log would not be searched, but searched for.
  if (selects && files.length > 0 && isLog(first)) {
    throw new UserError(`'${first}' would be the PATTERN, and there is a file of that name`, {
      code: 'usage',
      hints: [`to search several files without a pattern write -e '' before them`],
    });
  }
  if (/^-\d+$/.test(first)) {
    throw new UserError(`'${first}' is no option here`, { code: 'usage', hints: [`write -C ${first.slice(1)}`] });
  }
  if (selects && files.length === 0 && /\.[a-z0-9]{1,4}$/i.test(first)) {
    onNote(`there is no file '${first}': it is taken as the PATTERN, and standard input is searched`);
  }
  return { pattern: first, files };
}

/** Nobody searches standard input for a path, and who mistyped one would wait for ever or find nothing. */
function isFile(word: string): boolean {
  return word === '-' || /^\.{0,2}\//.test(word);
}
