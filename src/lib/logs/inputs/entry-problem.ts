import { systemErrorName } from '../../files/system-failure.ts';
import { unreadable } from '../source/source-problem.ts';
import type { SourceProblem } from '../source/source-problem.ts';

/** Stands in a name for bytes that are not UTF-8: Node cannot open such a file by its name. */
const replacement = '\ufffd';

/**
 * Why an entry of a directory, or what was named, cannot be looked at, such as `cannot read app.log: no such file ...`.
 */
export function entryProblem(name: string, error: unknown): SourceProblem {
  if (!name.includes(replacement) || systemErrorName(error) !== 'ENOENT') return unreadable(name, error);
  return {
    code: 'unreadable',
    message: `cannot read ${name}: its name is not UTF-8`,
    hint: 'rename it, or give it as standard input: devops logs-grep PATTERN < FILE',
  };
}
