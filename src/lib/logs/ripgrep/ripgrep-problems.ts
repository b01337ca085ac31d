import { printable } from '../../text/printable.ts';
import type { ProgramEnd } from '../../shell/program-result.ts';
import type { SourceProblem } from '../source/source-problem.ts';

/**
 * What rg(1) could not search, from what it said, `stderr` being perhaps only the beginning and the end of it, and how it
 * ended. None: everything was searched. Its exit code is grep's: 0 something was selected, 1 nothing, 2 there was an
 * error, also beside lines that were printed.
 */
export function ripgrepProblems(stderr: string, end?: ProgramEnd): SourceProblem[] {
  const problems = stderr
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(problemOf);
  if (end !== undefined && problems.length === 0) problems.push(...endProblem(end));
  return problems;
}

/** Why rg(1) could not write; undefined when it could. It then names the file that it reads: ENOSPC, EFBIG and EDQUOT. */
export function writeFailure(stderr: string, end: ProgramEnd): string | undefined {
  if (end.kind === 'signalled' && end.signal === 'SIGXFSZ') return 'file too large';
  const words = /([^:\n]+) \(os error (?:28|27|122)\)$/m.exec(stderr)?.[1]?.trim();
  return words === undefined ? undefined : decapitalised(words);
}

function problemOf(line: string): SourceProblem {
  const omitted = /^\[\.\.\. (\d+) bytes left out \.\.\.\]$/.exec(line);
  if (omitted !== null) {
    return { code: 'unreadable', message: `ripgrep named more that it could not read (${omitted[1]} bytes of it)` };
  }
  // From release 14 on each line begins with the program's name.
  const text = line.replace(/^(?:rg|ripgrep): /, '');
  const failure =
    /^(?<name>.*?): (?:IO error for operation on \k<name>: )?(?<reason>[^:]+) \(os error (?<number>\d+)\)$/s;
  const { name, reason, number } = failure.exec(text)?.groups ?? {};
  if (name === undefined) return { code: 'unreadable', message: `ripgrep: ${printable(text.slice(0, 300))}` };
  const words = Number(number) === 21 ? 'is a directory' : decapitalised(reason!);
  const isMissing = Number(number) === 2 || Number(number) === 20;
  return { code: isMissing ? 'not-found' : 'unreadable', message: `cannot read ${printable(name)}: ${words}` };
}

/** What went wrong without a word. */
function endProblem(end: ProgramEnd): SourceProblem[] {
  switch (end.kind) {
    case 'exited':
      if (end.code <= 1) return [];
      return [{ code: 'unreadable', message: `ripgrep failed without a word (exit code ${end.code})` }];
    case 'signalled':
      // It maps files into its memory, and the kernel ends who looks at a page that was cut off meanwhile.
      if (end.signal === 'SIGBUS') {
        return [{ code: 'shortened', message: 'a file became shorter while ripgrep was reading it' }];
      }
      return [{ code: 'unreadable', message: `ripgrep was ended by ${end.signal}` }];
    case 'not-started':
      return [{ code: 'program-missing', message: end.message }];
    case 'timed-out':
    case 'aborted':
    case 'abandoned':
      return [{ code: 'unreadable', message: 'ripgrep was stopped before it was through' }];
  }
}

/** Rust tells errors in the words of strerror(3), as Node does, but for the first letter. */
function decapitalised(words: string): string {
  return printable(words.charAt(0).toLowerCase() + words.slice(1));
}
