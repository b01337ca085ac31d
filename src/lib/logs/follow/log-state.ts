import { closeSync } from 'node:fs';
import type { FollowedFile } from './followed-file.ts';
import type { FollowedLog } from './follow-logs.ts';

/** What is known of a log from look to look. */
export interface LogState {
  log: FollowedLog;
  /** Open ones, the oldest first. The last one is what the name means, or meant at last. */
  files: FollowedFile[];
  /** Closed ones, with their positions, for the name may mean one of them again. */
  finished: FollowedFile[];
  /** Where the lines that were given out last came from, or those before `start`. */
  source: FollowedFile | undefined;
  /** Of the file that was there at the first look: where to begin. */
  begin: { inode: string; position: number; isEnd: boolean } | undefined;
  isFirstLook: boolean;
  /** Milliseconds since 1970: when the name meant the last file. */
  seenAt: number;
  /** Why the name cannot be read, for how many looks, and whether people know. */
  trouble: { what: string; ending: string; looks: number; isTold: boolean } | undefined;
  /** Why a file could not be read on, when people know. */
  failure: string | undefined;
  note(what: string): void;
}

/** How many closed files are remembered. */
const mostFinished = 8;

export function createLogState(log: FollowedLog, onNote: (note: string) => void): LogState {
  return {
    log,
    files: [],
    finished: [],
    source: undefined,
    begin: undefined,
    isFirstLook: true,
    seenAt: 0,
    trouble: undefined,
    failure: undefined,
    note: (what) => onNote(`${log.name}: ${what}`),
  };
}

/** Logrotate has moments without a file, or with one that is not ours to read yet: they are no trouble. */
const looksBeforeTold = 3;

/** The name cannot be read now, for this reason; `ending` is told when it can. */
export function haveTrouble(state: LogState, what: string, ending: string): void {
  if (state.trouble?.what !== what) state.trouble = { what, ending, looks: 0, isTold: false };
  state.trouble.looks++;
  if (state.trouble.isTold || (state.trouble.looks < looksBeforeTold && !state.isFirstLook)) return;
  state.trouble.isTold = true;
  state.note(what);
}

/** The name can be read. Answers whether people were told of trouble before, and tells them. */
export function endTrouble(state: LogState): boolean {
  const { trouble } = state;
  state.trouble = undefined;
  if (trouble?.isTold !== true) return false;
  state.note(trouble.ending);
  return true;
}

/** Closes a file and keeps its position in mind. */
export function finish(state: LogState, file: FollowedFile): void {
  if (!state.files.includes(file)) return;
  closeSync(file.descriptor);
  state.files = state.files.filter((other) => other !== file);
  state.finished = [...state.finished, file].slice(-mostFinished);
}
