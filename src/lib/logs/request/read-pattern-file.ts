import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { UserError } from '../../errors/user-error.ts';
import type { Environment } from '../../shell/find-program.ts';
import { openChunks } from '../source/open-chunks.ts';

/** More patterns than that are too many to search for. */
const largestFile = 16 * 1024 * 1024;

/** The patterns of a file, one a line, as in grep -f: an empty file has none, and finds nothing. `-` is `stdin`. */
export async function readPatternFile(
  path: string,
  { cwd, stdin, env, signal }: { cwd(): string; stdin(): Readable; env: Environment; signal: AbortSignal },
): Promise<string[]> {
  const name = path === '-' ? 'standard input' : path;
  const chunks = openChunks(path === '-' ? stdin() : resolve(cwd(), path), { signal, env, name });
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for (;;) {
      const next = await chunks.next();
      if (next.done === true) {
        const problem = next.value.problems[0];
        if (problem === undefined) break;
        throw new UserError(problem.message, { hints: problem.hint === undefined ? [] : [problem.hint] });
      }
      length += next.value.length;
      if (length > largestFile) {
        throw new UserError(`'${name}' is too large to be a list of patterns`, {
          code: 'usage',
          hints: ['-f names a file of patterns; the files to search stand alone'],
        });
      }
      pieces.push(Buffer.from(next.value));
    }
  } finally {
    await chunks.return({ problems: [] });
  }
  const text = Buffer.concat(pieces).toString('utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
