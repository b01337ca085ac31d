import type { Environment } from '../../shell/find-program.ts';
import type { ProgramEnd } from '../../shell/program-result.ts';
import { streamProgram } from '../../shell/stream-program.ts';
import { sourceProblem } from './source-problem.ts';
import type { SourceProblem, SourceProblemCode } from './source-problem.ts';

export interface ProgramInput {
  name: string;
  /** An open file whose position is its start, or its bytes. */
  bytes: number | AsyncIterable<Buffer>;
  /** Of the programs: PATH, HOME and the like. */
  env: Environment;
  signal: AbortSignal;
}

/** In order of preference: the usual ones say best what is wrong, and all of them write what they have before. */
const programs = {
  bzip2: { names: ['bzip2', 'lbzip2', 'pbzip2'], package: 'bzip2' },
  xz: { names: ['xz'], package: 'xz-utils (Debian, Ubuntu) or xz (Fedora, Alpine, Homebrew)' },
};

/**
 * Decompresses bzip2 or xz, for which Node has no decoder, by driving the program of that name. Yields every byte that
 * can be had, then returns what was wrong. Throws only the reason of an aborted signal.
 */
export async function* decompressByProgram(
  format: 'bzip2' | 'xz',
  input: ProgramInput,
): AsyncGenerator<Buffer, SourceProblem[], void> {
  // Both read options from the environment, where somebody may have asked for a dry run or no memory. 1 GiB is more than
  // any preset takes to decompress. Their words are matched below, so they speak English.
  const env = { ...input.env, XZ_DEFAULTS: undefined, XZ_OPT: '--memlimit-decompress=1GiB', LC_ALL: 'C' };
  const cleaned = { ...env, LANGUAGE: undefined, BZIP: undefined, BZIP2: undefined };
  for (const name of programs[format].names) {
    const { end, stderr } = yield* streamProgram({
      argv: [name, '-dc'],
      env: cleaned,
      input: input.bytes,
      signal: input.signal,
    });
    input.signal.throwIfAborted();
    if (end.kind === 'not-started' && end.code === 'not-found') continue;
    const problem = explain(format, input.name, end, stderr);
    return problem === undefined ? [] : [problem];
  }
  const hint = `install the package ${programs[format].package}`;
  const what = `is compressed with ${format}, and there is no program ${format} to read it`;
  return [sourceProblem('program-missing', input.name, what, hint)];
}

function explain(format: string, name: string, end: ProgramEnd, stderr: string): SourceProblem | undefined {
  if (end.kind === 'not-started') return sourceProblem('program-missing', name, end.message);
  // bzip2 ignores what follows and says so; xz fails on it as on any damage.
  const isFine = end.kind === 'exited' && end.code === 0;
  if (/trailing garbage/i.test(stderr)) {
    return sourceProblem('trailing-garbage', name, `something that is not ${format} follows its data and was left out`);
  }
  if (isFine) return undefined;
  const said = reasonIn(stderr) ?? describe(end);
  const [code, what] = failureOf(stderr);
  return sourceProblem(code, name, `${what} (${said})`, code === 'truncated' ? 'it may still be written' : undefined);
}

function failureOf(stderr: string): [SourceProblemCode, string] {
  // xz; bzip2; lbzip2 and BusyBox.
  if (/unexpected end|ends unexpectedly|unexpected eof|short read|premature eof/i.test(stderr)) {
    return ['truncated', 'ends in the middle of its data'];
  }
  if (/memory usage limit/i.test(stderr)) return ['too-large', 'takes more than 1 GiB of memory to decompress'];
  return ['damaged', 'cannot be decompressed from some place on'];
}

/** The line of the program that has the reason, without its name and without the advice after it. */
function reasonIn(stderr: string): string | undefined {
  const line = stderr.split('\n').find((each) => each.trim() !== '');
  return line
    ?.trim()
    .replace(/^\S*: *(\(stdin\): *)?/, '')
    .slice(0, 200);
}

function describe(end: ProgramEnd): string {
  if (end.kind === 'exited') return `exit code ${end.code}`;
  return end.kind === 'signalled' ? end.signal : end.kind;
}
