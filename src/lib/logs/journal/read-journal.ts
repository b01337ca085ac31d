import type { Environment } from '../../shell/find-program.ts';
import type { SourceProblem } from '../source/source-problem.ts';
import { isEmptyWindow, journalArguments, lastEntryArguments } from './journal-arguments.ts';
import type { JournalRequest } from './journal-arguments.ts';
import { timeOfCursor } from './journal-cursor.ts';
import { journalEnvironment } from './journal-environment.ts';
import { journalProblems } from './journal-problems.ts';
import { microsecondsFrom } from './microseconds.ts';
import { takeOutNotes } from './take-out-notes.ts';
import type { NoteTaker } from './take-out-notes.ts';

export interface JournalOptions {
  /** Of journalctl: PATH and the like. */
  env: Environment;
  signal: AbortSignal;
}

/** How the reading of the journal ended. */
export interface JournalEnd {
  /** Where to go on next time; that of the request when there was nothing new. Not known after `follow`. */
  cursor?: string;
  /** Everything was read when there are none. */
  problems: SourceProblem[];
}

/**
 * The lines of the journal as journalctl(1) prints them, in chunks of bytes that may end within a line:
 * `2026-11-20T14:03:59.123456+0100 host program[12]: message`, further lines of a message indented. It reads ahead no
 * further than a pipe. A message ends at a NUL byte, which journalctl does not print beyond.
 *
 * Throws the UserErrors of `journalArguments` and the reason of an aborted signal; everything else is a problem.
 */
export async function* readJournal(
  request: JournalRequest,
  options: JournalOptions,
): AsyncGenerator<Buffer, JournalEnd, void> {
  const args = journalArguments(request);
  if (isEmptyWindow(request)) return endOf(request.afterCursor, []);
  const notes = takeOutNotes();
  const problems = yield* runJournalctl(args, request, notes, options);
  const cursor = notes.cursor();
  const isBehind = cursor !== undefined && timeOfCursor(cursor) >= microsecondsFrom(request.untilSeconds ?? Infinity);
  if (!isBehind) return endOf(cursor ?? request.afterCursor, problems);
  const last = takeOutNotes();
  const chunks = runJournalctl(lastEntryArguments(request), request, last, options);
  while ((await chunks.next()).done !== true);
  return endOf(laterOf(request.afterCursor, last.cursor()), problems);
}

/** What journalctl prints, without its notes; returns what was wrong. */
async function* runJournalctl(
  args: readonly string[],
  { zoneName }: JournalRequest,
  notes: NoteTaker,
  { env, signal }: JournalOptions,
): AsyncGenerator<Buffer, SourceProblem[], void> {
  const { streamProgram } = await import('../../shell/stream-program.ts');
  const chunks = streamProgram({ argv: ['journalctl', ...args], env: journalEnvironment(env, zoneName), signal });
  try {
    for (;;) {
      const next = await chunks.next();
      if (next.done === true) {
        yield* notes.end();
        signal.throwIfAborted();
        const { end, stderr } = next.value;
        // It has no cursor to show where there are no entries, and calls that a failure.
        const isFine = notes.isEmpty() && stderr === '' && end.kind === 'exited' && end.code === 1;
        return isFine ? [] : journalProblems(stderr, end);
      }
      yield* notes.push(next.value);
    }
  } finally {
    await chunks.return({ end: { kind: 'aborted' }, stderr: '' });
  }
}

function laterOf(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return timeOfCursor(one) > timeOfCursor(other) ? one : other;
}

function endOf(cursor: string | undefined, problems: SourceProblem[]): JournalEnd {
  return cursor === undefined ? { problems } : { cursor, problems };
}
