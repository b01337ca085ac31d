import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../checkout.ts';
import { environment } from '../harness.ts';
import { findProgram, versionLine } from '../programs.ts';
import type { Contender, MissingContender } from './comparison.ts';

type More = Partial<Omit<Contender, 'name' | 'argv' | 'version'>>;

/** The very ripgrep that devops drives: versions differ by a factor of four on some patterns. */
export function ripgrep(words: string, args: readonly string[], more: More = {}): Contender | MissingContender {
  const name = `rg ${words}`;
  const program = join(checkout, `node_modules/@vscode/ripgrep-${process.platform}-${process.arch}/bin/rg`);
  if (!existsSync(program)) return { name, missing: 'npm ci, without --omit=optional' };
  const plain = ['--no-config', '-a', '--no-unicode', '--color=never'];
  return {
    name,
    argv: [program, ...plain, ...args],
    version: versionLine([program, '--version'], environment),
    ...more,
  };
}

/** A program of others when it is installed, else how to install it. */
export function peer(
  program: string,
  install: string,
  words: string,
  args: readonly string[],
  more: More = {},
): Contender | MissingContender {
  const name = `${program} ${words}`;
  const path = findProgram(program, environment);
  if (path === undefined) return { name, missing: install };
  return { name, argv: [path, ...args], version: versionOf(program, path), ...more };
}

export function grep(words: string, args: readonly string[], more: More = {}): Contender | MissingContender {
  return peer('grep', 'apt-get install grep', words, args, more);
}

/** dategrep prints the whole window, so a grep reads behind it. */
export function dategrep(
  options: readonly string[],
  pattern: string,
  file: string,
  more: More = {},
): Contender | MissingContender {
  const path = process.env['DATEGREP'] ?? findProgram('dategrep', environment);
  const name = `${['dategrep', ...options.filter((option) => option.startsWith('--multi'))].join(' ')} ... | grep '${pattern}'`;
  if (path === undefined) return { name, missing: 'github.com/mdom/dategrep, in PATH or named by $DATEGREP' };
  const script = '"$1" "${@:4}" "$3" | grep -F -e "$2"';
  return {
    name,
    argv: ['/bin/bash', '-o', 'pipefail', '-c', script, 'bench', realpathSync(path), pattern, file, ...options],
    version: `dategrep ${versionLine([path, '--version'], environment)}`,
    ...more,
  };
}

/** mawk and zgrep do not take --version as everybody does. */
function versionOf(program: string, path: string): string {
  const line = versionLine([path, ...(program === 'mawk' ? ['-W', 'version'] : ['--version'])], environment);
  return line.toLowerCase().includes(program) || program === 'grep' ? line : `${program} ${line}`;
}
