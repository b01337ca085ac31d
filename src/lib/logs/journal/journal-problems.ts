import type { ProgramEnd } from '../../shell/program-result.ts';
import { printable } from '../../text/printable.ts';
import { sourceProblem } from '../source/source-problem.ts';
import type { SourceProblem } from '../source/source-problem.ts';

/** Sentences of journalctl, in English, that tell that something was not read. */
const known: readonly (readonly [RegExp, SourceProblem])[] = [
  [
    /not seeing messages from other users/i,
    sourceProblem(
      'unreadable',
      'journal',
      'this user is not shown the messages of the system and of other users',
      'run it as root, or as a member of the group systemd-journal',
    ),
  ],
  [
    /insufficient permissions/i,
    sourceProblem(
      'unreadable',
      'journal',
      'permission denied',
      'run it as root, or as a member of the group systemd-journal',
    ),
  ],
  [
    /no journal files were found/i,
    sourceProblem(
      'not-found',
      'journal',
      'this machine has no journal',
      'name the files to search, such as /var/log/syslog; in a container the journal is on the host',
    ),
  ],
];

/** What was not read, from what journalctl said, `stderr` being perhaps not all of it, and how it ended. */
export function journalProblems(stderr: string, end: ProgramEnd): SourceProblem[] {
  if (end.kind === 'not-started') return [notStarted(end)];
  // Further lines of one note are indented.
  const notes = stderr.split(/\n(?!\s)/).filter((note) => note.trim() !== '');
  const problems = notes.map(problemOf);
  const isFine = end.kind === 'exited' && end.code === 0;
  if (!isFine && problems.length === 0) problems.push(sourceProblem('unreadable', 'journal', endInWords(end)));
  // Who may read nothing is told so, and that others' messages are missing does not add to it.
  const isShut = problems.some(({ message }) => message === 'journal: permission denied');
  return isShut ? problems.filter((problem) => problem !== known[0]![1]) : problems;
}

function problemOf(note: string): SourceProblem {
  const found = known.find(([words]) => words.test(note));
  if (found !== undefined) return found[1];
  const said = printable(note.trim().slice(0, 300)).replace(/\.$/, '');
  if (/permission denied/i.test(note)) return sourceProblem('unreadable', 'journal', said, known[1]![1].hint);
  if (/no such file or directory/i.test(note)) return sourceProblem('not-found', 'journal', said);
  return sourceProblem(/truncated|corrupt|bad message/i.test(note) ? 'damaged' : 'unreadable', 'journal', said);
}

function notStarted(end: Extract<ProgramEnd, { kind: 'not-started' }>): SourceProblem {
  if (end.code !== 'not-found') return sourceProblem('program-missing', 'journal', end.message);
  return sourceProblem(
    'program-missing',
    'journal',
    'there is no program journalctl to read it',
    'it comes with systemd; without it name the files to search, such as /var/log/syslog',
  );
}

function endInWords(end: ProgramEnd): string {
  switch (end.kind) {
    case 'exited':
      return `journalctl failed without a word (exit code ${end.code})`;
    case 'signalled':
      return `journalctl was ended by ${end.signal}`;
    case 'not-started':
      return end.message;
    case 'timed-out':
    case 'aborted':
    case 'abandoned':
      return 'journalctl was stopped before it was through';
  }
}
