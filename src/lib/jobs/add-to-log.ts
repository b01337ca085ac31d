import { closeSync, constants, fstatSync, futimesSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorName } from '../files/system-failure.ts';
import { gapLine } from '../shell/head-and-tail.ts';
import { appendWhole } from '../shell/open-output-file.ts';

/** Both are whole, where a mixture would be lines in pieces. */
const line = '[devops: what it wrote on standard error ends here; on standard output:]\n';

/**
 * Puts what a job wrote on its standard output behind what it wrote on its standard error, which is in the log already;
 * of more than `keepBytes` the beginning and the end. Answers up to where that was.
 */
export function addToLog(
  log: number,
  output: number,
  { from, keepBytes }: { from: number; keepBytes: number },
): number {
  const to = fstatSync(output).size;
  // It was made empty meanwhile.
  const start = to < from ? 0 : from;
  if (to === start) return to;
  if (fstatSync(log).size > 0) appendWhole(log, Buffer.from(line));
  const omitted = Math.max(0, to - start - keepBytes);
  if (omitted === 0) {
    copy(output, log, start, to);
    return to;
  }
  const half = Math.floor(keepBytes / 2);
  copy(output, log, start, start + half);
  appendWhole(log, Buffer.from(gapLine(omitted)));
  copy(output, log, start + half + omitted, to);
  return to;
}

/** The same for a run whose devops was killed. The log stays as old as the younger of the two was. */
export function addLeftOutput(folder: string, runId: string, keepBytes: number): void {
  const { O_RDONLY, O_WRONLY, O_APPEND, O_NOFOLLOW } = constants;
  const opened: number[] = [];
  const open = (path: string, flags: number): number => {
    const descriptor = openSync(path, flags | O_NOFOLLOW);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const output = open(join(folder, `${runId}.out`), O_RDONLY);
    const log = open(join(folder, `${runId}.log`), O_WRONLY | O_APPEND);
    const changed = Math.max(fstatSync(output).mtimeMs, fstatSync(log).mtimeMs) / 1000;
    addToLog(log, output, { from: 0, keepBytes });
    futimesSync(log, changed, changed);
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

function copy(source: number, target: number, from: number, to: number): void {
  const piece = Buffer.alloc(Math.min(262_144, to - from));
  for (let at = from; at < to;) {
    const count = readSync(source, piece, 0, Math.min(piece.length, to - at), at);
    // It became shorter, or there is no room in the log.
    if (count === 0 || !appendWhole(target, piece.subarray(0, count))) return;
    at += count;
  }
}
