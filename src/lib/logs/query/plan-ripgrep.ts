import { closeSync, constants, fstatSync, openSync, statfsSync } from 'node:fs';
import { UserError } from '../../errors/user-error.ts';
import { readAt } from '../cursor/stored-file.ts';
import { deviceKind } from '../inputs/device-kind.ts';
import type { FoundLog } from '../inputs/find-logs.ts';
import { binaryHeadBytes, looksBinary } from '../inputs/looks-binary.ts';
import type { LogInput } from '../search/log-input.ts';
import { asksForEvents } from '../search/selection.ts';
import { sniffSource } from '../source/source-kind.ts';
import { inputOf } from './find-inputs.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';
import type { StartedQuery } from './start-query.ts';

/** A search of which ripgrep does a part: whole plain files, whose lines it prints by itself. */
export interface RipgrepPlan {
  /** In the order of the output. */
  parts: ({ kind: 'ripgrep'; names: string[] } | { kind: 'own'; inputs: LogInput[] })[];
  /** Throws a UserError when ripgrep could not write. */
  run(names: readonly string[]): Promise<{ found: boolean; isReaderGone: boolean }>;
}

/** What we have searched ourselves before another program has started. */
export const leastBytes = 16 * 1024 * 1024;
/** Of one command line. */
const mostNames = 1000;
const longestNames = 100_000;

/** Undefined when the search is ours: nothing large is to be searched, or more than lines is asked for. */
export async function ripgrepPlan(
  query: Query,
  started: StartedQuery,
  descriptor: number | undefined,
  host: QueryHost,
): Promise<RipgrepPlan | undefined> {
  const { options } = query;
  const { logs, style, search } = started;
  const { selection } = search;
  const { patterns } = selection;
  if (options.engine === 'devops' || descriptor === undefined || logs === undefined || patterns === undefined) {
    return undefined;
  }
  // Of the last bytes that it could not write ripgrep says nothing: a device that takes none is found out by us.
  if (isDevice(descriptor)) return undefined;
  if (query.rules.length > 0 || options.redact === true || options.follow === true || asksForEvents(selection))
    return undefined;
  const isSmall = logs.reduce((sum, { size }) => sum + size, 0) < leastBytes;
  if (isSmall && options.engine !== 'ripgrep') return undefined;
  const { findRipgrep, requireRipgrep } = await import('../ripgrep/find-ripgrep.ts');
  const find = options.engine === 'ripgrep' ? requireRipgrep : findRipgrep;
  const ripgrep = await find(host.env, host.signal);
  if (ripgrep === undefined) return undefined;
  const { ripgrepFits, ripgrepFitsName } = await import('../ripgrep/ripgrep-fits.ts');
  if (!ripgrepFits(patterns, style, ripgrep.version)) return undefined;
  const parts = partsOf(logs, (log) => ripgrepFitsName(log.name) && isPlainText(log, search), host);
  // Between the groups of two parts nobody would print a separator.
  if (parts.length > 1 && style.before + style.after > 0) return undefined;
  const { ripgrepArguments } = await import('../ripgrep/ripgrep-arguments.ts');
  const { args, input } = ripgrepArguments(patterns, style);
  return {
    parts,
    async run(names) {
      const { runWithOutput } = await import('../../shell/run-with-output.ts');
      const start = async (...more: string[]) => {
        const run = await runWithOutput({
          argv: [ripgrep.path, ...more, ...args, ...names],
          env: host.env,
          stdout: descriptor,
          ...(input === undefined ? {} : { input }),
          signal: host.signal,
        });
        host.signal.throwIfAborted();
        return run;
      };
      const { end, stderr } = await start();
      const exitCode = end.kind === 'exited' ? end.code : undefined;
      // To ripgrep a reader who had enough is as if nothing had been found: it has to be asked once more.
      const { hasReader } = await import('./has-reader.ts');
      if ((exitCode === 1 || exitCode === undefined) && !hasReader(descriptor)) {
        const again = await start('--quiet');
        if (again.end.kind === 'exited' && again.end.code === 0) return { found: true, isReaderGone: true };
      }
      const { ripgrepProblems, writeFailure } = await import('../ripgrep/ripgrep-problems.ts');
      const failure = writeFailure(stderr, end) ?? (hasNoRoom(descriptor) ? 'no space left on device' : undefined);
      if (failure !== undefined) throw new UserError(`cannot write to standard output: ${failure}`);
      for (const problem of ripgrepProblems(stderr, end)) search.onProblem(problem, inputFor(problem.message, names));
      return { found: exitCode === 0, isReaderGone: false };
    },
  };
}

function partsOf(
  logs: readonly FoundLog[],
  isForRipgrep: (log: FoundLog) => boolean,
  host: QueryHost,
): RipgrepPlan['parts'] {
  const parts: RipgrepPlan['parts'] = [];
  let length = 0;
  for (const log of logs) {
    const last = parts.at(-1);
    if (!isForRipgrep(log)) {
      if (last?.kind === 'own') last.inputs.push(inputOf(log, host));
      else parts.push({ kind: 'own', inputs: [inputOf(log, host)] });
      continue;
    }
    const isFull = last?.kind === 'ripgrep' && (last.names.length >= mostNames || length > longestNames);
    if (last?.kind !== 'ripgrep' || isFull) {
      parts.push({ kind: 'ripgrep', names: [log.name] });
      length = 0;
    } else last.names.push(log.name);
    length += log.name.length + 1;
  }
  return parts;
}

/** What cannot be opened is told by the search of it. */
export function isPlainText(log: FoundLog, { text, output }: StartedQuery['search']): boolean {
  if (log.kind !== 'file' || log.size === 0) return false;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(log.path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const { ino, dev } = fstatSync(descriptor);
    if (ino === output?.inode && dev === output.device) return false;
    const head = readAt(descriptor, 0, binaryHeadBytes);
    return sniffSource(head) === 'plain' && (text || !looksBinary(head));
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function inputFor(message: string, names: readonly string[]): LogInput {
  const name = names.find((each) => message.includes(each)) ?? names[0]!;
  return { name, source: { kind: 'file', path: name }, modifiedSeconds: 0 };
}

/** /dev/full and the like; a terminal takes what it gets. */
function isDevice(descriptor: number): boolean {
  const stats = fstatSync(descriptor);
  return stats.isCharacterDevice() && deviceKind(stats) === 'endless';
}

/** Whether the file system of the output has no room left, so that the last bytes may be lost. */
function hasNoRoom(descriptor: number): boolean {
  if (!fstatSync(descriptor).isFile()) return false;
  return statfsSync(`/proc/self/fd/${descriptor}`).bavail === 0;
}
