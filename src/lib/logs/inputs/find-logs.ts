import { lstatSync } from 'node:fs';
import { printable } from '../../text/printable.ts';
import type { SourceProblem } from '../source/source-problem.ts';
import { absolute } from './below.ts';
import { collectLogs } from './collect-logs.ts';
import type { NamedInput } from './collect-logs.ts';
import { expandGlob, hasWildcard } from './expand-glob.ts';
import { lookAt } from './look-at.ts';
import { createTurns } from './turns.ts';
import type { Turns } from './turns.ts';

export interface FindLogsOptions {
  /** Absolute. Relative words are looked up from here; names stay as typed. */
  cwd: string;
  /**
   * Globs of base names: when there are some, only those files of a directory are searched that fit one. What was named
   * itself, or by a glob, is always searched, as in ripgrep.
   */
  include: readonly string[];
  /** Globs of base names that are left out: files and directories of a directory, and rotated siblings. */
  exclude: readonly string[];
  /** Look at the rotated siblings of each file, too, oldest first, then the file. */
  rotated: boolean;
  signal: AbortSignal;
}

/** A file that is searched. */
export interface FoundLog {
  /** As typed, or below a directory as typed: `logs/app.log`. What people see. */
  name: string;
  /** Absolute, for opening. */
  path: string;
  /**
   * `file` is a regular file; `pipe` a FIFO, a socket or /dev/null, such as /dev/fd/63 of `<(...)`; `terminal` a tty.
   */
  kind: 'file' | 'pipe' | 'terminal';
  /** Named on the command line, or by a glob there; false when found in a directory or beside a log. */
  isNamed: boolean;
  /** Bytes on disk, of a regular file; 0 of others, and of files of /proc and /sys whatever they hold. */
  size: number;
  /** Seconds since 1970 of the last write. */
  modifiedSeconds: number;
  /** One of the rotated siblings of a log; only with `rotated`. */
  isRotated: boolean;
}

/** One call. */
export interface Search {
  options: FindLogsOptions;
  turns: Turns;
  problems: SourceProblem[];
}

/**
 * The files that words of a command line mean, in the order of the words, and why some of them cannot be looked at. A
 * word is what exists by that name, else a glob, which we expand. Directories are searched whole. What is found through
 * several words is there several times, as in grep, but a rotated sibling that nobody named is there once. Nothing is
 * opened but directories. Throws the reason of an aborted signal.
 */
export async function findLogs(
  words: readonly string[],
  options: FindLogsOptions,
): Promise<{ logs: FoundLog[]; problems: SourceProblem[] }> {
  options.signal.throwIfAborted();
  const search: Search = { options, turns: createTurns(options.signal), problems: [] };
  const named: NamedInput[] = [];
  for (const word of words) {
    if (search.turns.isDue()) await search.turns.take();
    await lookUp(word, search, named);
  }
  return { logs: await collectLogs(named, search), problems: search.problems };
}

async function lookUp(word: string, search: Search, named: NamedInput[]): Promise<void> {
  const { options, turns, problems } = search;
  const path = absolute(options.cwd, word);
  if (word === '' || word.includes('\0')) {
    const what = word === '' ? 'it is an empty name' : 'no name can hold a NUL byte';
    problems.push({ code: 'not-found', message: `cannot read '${printable(word)}': ${what}` });
    return;
  }
  const exact = lookAt(word, path);
  if (exact.kind === 'log') named.push({ log: exact.log });
  else if (exact.kind === 'directory') named.push({ directory: exact.directory });
  else if (!hasWildcard(word) || isEntry(path)) problems.push(exact.problem);
  else {
    const expansion = await expandGlob(word, { cwd: options.cwd, turns });
    for (const problem of expansion.problems) problems.push(problem);
    if (expansion.names.length + expansion.problems.length === 0) {
      problems.push({ code: 'not-found', message: `cannot read ${word}: no file has this name or fits it as a glob` });
    }
    // Of a directory that fits and of what `**` found in it.
    const visited = new Set<string>();
    for (const name of expansion.names) {
      if (turns.isDue()) await turns.take();
      const found = lookAt(name, absolute(options.cwd, name));
      if (found.kind === 'log') named.push({ log: found.log, visited });
      else if (found.kind === 'directory') named.push({ directory: found.directory, visited });
      else problems.push(found.problem);
    }
  }
}

function isEntry(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
