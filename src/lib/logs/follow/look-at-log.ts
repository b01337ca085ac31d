import { closeSync, fstatSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { systemFailure } from '../../files/system-failure.ts';
import { isSameFile } from '../cursor/file-identity.ts';
import { beginAt, isSameInode, lineEndBefore, observe, openFollowed } from './followed-file.ts';
import type { FollowedFile } from './followed-file.ts';
import { isStillThere } from './known-bytes.ts';
import { endTrouble, finish, haveTrouble } from './log-state.ts';
import type { LogState } from './log-state.ts';
import { rotatedSince } from './rotated-since.ts';

/** One look at what the name means and at the files it meant before. Reads nothing. `now`: milliseconds since 1970. */
export function lookAtLog(state: LogState, longestLine: number, now: number): void {
  const isPresent = lookAtName(state, longestLine, now);
  state.isFirstLook = false;
  const older = isPresent ? state.files.slice(0, -1) : [...state.files];
  for (const file of older) lookAtOlder(state, file);
}

/** Answers whether the last file is what the name means now. */
function lookAtName(state: LogState, longestLine: number, now: number): boolean {
  const stats = statsOf(state);
  if (stats === undefined) return false;
  if (state.isFirstLook) {
    const { start } = state.log;
    const position = start ?? Number(stats.size);
    state.begin = { inode: String(stats.ino), position, isEnd: start === undefined };
  }
  const current = state.files.at(-1);
  if (current !== undefined && isSameInode(current.identity, stats)) {
    observe(current, stats);
    endTrouble(state);
  } else if (!openName(state, longestLine)) return false;
  state.seenAt = now;
  return true;
}

/** Undefined when nothing is there that can be followed; says so. */
function statsOf(state: LogState): BigIntStats | undefined {
  try {
    const stats = statSync(state.log.path, { bigint: true, throwIfNoEntry: false });
    if (stats?.isFile()) return stats;
    if (stats !== undefined) {
      const what = `is ${stats.isDirectory() ? 'a folder' : 'no regular file'}, waits for a file`;
      haveTrouble(state, what, 'is a file now');
    } else if (state.files.length + state.finished.length > 0) {
      haveTrouble(state, 'is gone, waits for it to come back', 'is there again');
    } else haveTrouble(state, 'does not exist yet, waits for it', 'is there now');
  } catch (error) {
    haveUnreadable(state, error);
  }
  return undefined;
}

function haveUnreadable(state: LogState, error: unknown): void {
  haveTrouble(state, unreadable(error), 'can be read again');
}

function unreadable(error: unknown): string {
  return `${systemFailure('cannot be read', error).message}, tries again`;
}

function openName(state: LogState, longestLine: number): boolean {
  let file: FollowedFile | undefined;
  try {
    file = openFollowed(state.log.path, longestLine);
  } catch (error) {
    haveUnreadable(state, error);
    return false;
  }
  if (file === undefined) return false;
  const last = state.files.at(-1);
  const wasTold = endTrouble(state);
  if (!resume(state, file)) {
    const opened = file;
    if (last !== undefined) addRotated(state, last, opened, longestLine);
    else begin(state, opened);
    state.files.push(opened);
  }
  state.begin = undefined;
  if (last !== undefined && state.files.at(-1) !== last && !wasTold) {
    state.note('was rotated, goes on with the new file');
  }
  return true;
}

/** The name may mean a file again that it meant before: a link was switched back, or a rotation taken back. */
function resume(state: LogState, file: FollowedFile): boolean {
  const open = state.files.find(({ identity }) => isSameFile(identity, file.identity));
  if (open !== undefined) {
    closeSync(file.descriptor);
    state.files = [...state.files.filter((other) => other !== open), goOn(open)];
    return true;
  }
  const finished = state.finished.find(
    ({ identity, known, position }) =>
      isSameFile(identity, file.identity) && file.size >= position && isStillThere(known, file.descriptor, position),
  );
  if (finished === undefined) return false;
  finished.descriptor = file.descriptor;
  state.finished = state.finished.filter((other) => other !== finished);
  state.files.push(goOn(finished));
  return true;
}

function goOn(file: FollowedFile): FollowedFile {
  return Object.assign(file, { hasNews: true, isPassed: false, quietLooks: 0, endLooks: 0, nextLooks: 0 });
}

/** Only the file that was there at the first look is not read from its start. */
function begin(state: LogState, file: FollowedFile): void {
  const { begin: place } = state;
  if (place?.inode !== file.identity.inode) return;
  beginAt(file, place.isEnd ? lineEndBefore(file, Math.min(place.position, file.size)) : place.position);
  state.source = file;
}

function addRotated(state: LogState, last: FollowedFile, opened: FollowedFile, longestLine: number): void {
  const known = [...state.files, ...state.finished, opened];
  const { files, compressed } = rotatedSince({
    path: state.log.path,
    longestLine,
    last,
    seenAt: state.seenAt,
    isKnown: ({ identity }) => known.some((file) => isSameFile(file.identity, identity)),
  });
  state.files.push(...files);
  for (const name of compressed) state.note(`was rotated more than once between two looks, leaves out ${name}`);
}

/** Nobody can open an unlinked file any more: 60 s at the default pause, for its space must come free some day. */
const unlinkedLooks = 240;

function lookAtOlder(state: LogState, file: FollowedFile): void {
  const hadNews = file.hasNews;
  let stats: BigIntStats;
  try {
    stats = fstatSync(file.descriptor, { bigint: true });
  } catch (error) {
    loseFile(state, file, error);
    return;
  }
  observe(file, stats);
  const next = state.files.slice(state.files.indexOf(file) + 1);
  const isFollowed = next.length > 1 || (next[0]?.size ?? 0) > 0;
  const isQuiet = !file.hasNews && !hadNews;
  file.quietLooks = isQuiet ? file.quietLooks + 1 : 0;
  file.endLooks = isQuiet && isFollowed ? file.endLooks + 1 : 0;
  file.nextLooks = isFollowed ? file.nextLooks + 1 : 0;
  const isForgotten = stats.nlink === 0n && file.quietLooks >= unlinkedLooks;
  // Read to its end by now, and then closed.
  if (isForgotten) file.endLooks = Infinity;
}

/** After the failure of a system call: opened anew at the next look when the name means it, and read on. */
export function loseFile(state: LogState, file: FollowedFile, error: unknown): void {
  const failure = unreadable(error);
  if (state.failure !== failure) state.note(failure);
  state.failure = failure;
  finish(state, file);
}
