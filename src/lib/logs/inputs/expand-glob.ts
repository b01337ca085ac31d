import { lstatSync, readdirSync, statSync } from 'node:fs';
import { systemErrorName } from '../../files/system-failure.ts';
import { unreadable } from '../source/source-problem.ts';
import type { SourceProblem } from '../source/source-problem.ts';
import { absolute } from './below.ts';
import { sortByBytes } from './byte-order.ts';
import { compileNameGlob } from './name-glob.ts';
import type { NameGlob } from './name-glob.ts';
import type { Turns } from './turns.ts';

export interface ExpandGlobOptions {
  /** Absolute. */
  cwd: string;
  turns: Turns;
}

/** What fits a glob. */
export interface Expansion {
  /** As a shell would write them, sorted by their bytes. */
  names: string[];
  /** Directories that had to be read and could not. */
  problems: SourceProblem[];
}

/** Whether a shell would expand this word. */
export function hasWildcard(word: string): boolean {
  return /[*?[]/.test(word);
}

/** Any number of directories. */
const anyDepth = '**';
type Component = NameGlob | typeof anyDepth;

/** A directory whose entries are held against some components of the glob. */
interface Frame {
  /** As it is written in front of the names in it: ends with a slash, or is empty. */
  text: string;
  /** Of components. */
  positions: Set<number>;
}

/**
 * Expands a glob as a shell does: `*`, `?` and `[...]` do not fit a slash, nor a leading dot. `**` is any number of
 * directories that are neither hidden nor reached by symbolic links; at the end of the glob it is the directory itself,
 * for that is searched whole. Each directory is read once, however many `**` there are, because the components that may
 * come next are all followed at the same time. Behind a `**`, `.` is left out and `..` fits nothing: both would lead
 * round in circles.
 */
export async function expandGlob(glob: string, { cwd, turns }: ExpandGlobOptions): Promise<Expansion> {
  const { prefix, components, isDirectoryOnly } = parseGlob(glob);
  const found = new Set<string>();
  const problems: SourceProblem[] = [];
  const frames: Frame[] = components.length === 0 ? [] : [{ text: prefix, positions: reachable([0], components) }];
  for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) {
    const { text, positions } = frame;
    if (components.at(-1) === anyDepth && positions.delete(components.length - 1)) {
      if (isDirectory(text)) found.add(text === '' ? './' : text);
    }
    for (const entry of entriesOf(text, positions)) {
      if (turns.isDue()) await turns.take();
      const next: number[] = [];
      let isLast = false;
      for (const position of positions) {
        const component = components[position]!;
        if (component === anyDepth) {
          if (entry.kind === 'directory' && !entry.name.startsWith('.')) next.push(position);
        } else if (fits(component, entry.name)) {
          if (position === components.length - 1) isLast = true;
          else if (entry.kind !== 'other') next.push(position + 1);
        }
      }
      const path = text + entry.name;
      if (isLast && isDirectoryOnly && isDirectory(path)) found.add(`${path}/`);
      if (isLast && !isDirectoryOnly && (entry.kind !== 'unknown' || exists(path))) found.add(path);
      if (next.length > 0) frames.push({ text: `${path}/`, positions: reachable(next, components) });
    }
  }
  return { names: sortByBytes([...found]), problems };

  /** The entries of a directory, or where only certain names are looked for, these, whether they exist or not. */
  function entriesOf(text: string, positions: ReadonlySet<number>): Entry[] {
    const looked = [...positions].map((position) => components[position]!);
    const literals = looked.flatMap((component) => (isLiteral(component) ? [component.literal] : []));
    const named = [...new Set(literals)].map((name) => ({ name, kind: 'unknown' as const }));
    if (looked.every(isLiteral)) return named;
    try {
      return readdirSync(absolute(cwd, text), { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        kind: entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'unknown' : 'other',
      }));
    } catch (error) {
      tell(text, error);
      // What may not be listed may still be entered.
      return named;
    }
  }

  function exists(path: string): boolean {
    return attempt(path, () => lstatSync(absolute(cwd, path), { throwIfNoEntry: false }) !== undefined);
  }

  function isDirectory(path: string): boolean {
    return attempt(path, () => statSync(absolute(cwd, path), { throwIfNoEntry: false })?.isDirectory() === true);
  }

  function attempt(path: string, look: () => boolean): boolean {
    try {
      return look();
    } catch (error) {
      tell(path, error);
      return false;
    }
  }

  /** What is not there, or is no directory, does not fit, and that is all. */
  function tell(path: string, error: unknown): void {
    const name = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path === '' ? '.' : path;
    if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemErrorName(error) ?? '')) problems.push(unreadable(name, error));
  }
}

interface Entry {
  name: string;
  /** `unknown`: a symbolic link, or a name that was not read from the directory. */
  kind: 'directory' | 'unknown' | 'other';
}

function parseGlob(glob: string): { prefix: string; components: Component[]; isDirectoryOnly: boolean } {
  const firstWildcard = glob.search(/[*?[\\]/);
  const prefix = glob.slice(0, glob.lastIndexOf('/', firstWildcard) + 1);
  const components: Component[] = [];
  let isDeep = false;
  for (const part of glob.slice(prefix.length).split('/')) {
    if (part === anyDepth && components.at(-1) === anyDepth) continue;
    if (part === '' || (part === '.' && isDeep)) continue;
    if (part === '..' && isDeep) return { prefix, components: [], isDirectoryOnly: false };
    isDeep ||= part === anyDepth;
    components.push(part === anyDepth ? anyDepth : compileNameGlob(part));
  }
  return { prefix, components, isDirectoryOnly: glob.endsWith('/') };
}

/** `**` may be no directory at all, so what comes after it is reached at the same time. */
function reachable(positions: readonly number[], components: readonly Component[]): Set<number> {
  const reached = new Set<number>();
  for (const position of positions) {
    reached.add(position);
    if (components[position] === anyDepth && position + 1 < components.length) reached.add(position + 1);
  }
  return reached;
}

function isLiteral(component: Component): component is NameGlob & { literal: string } {
  return component !== anyDepth && component.literal !== undefined;
}

function fits(glob: NameGlob, name: string): boolean {
  if (name.startsWith('.') && !glob.beginsWithDot) return false;
  return glob.fits(name);
}
