import type { CompiledPatterns } from '../pattern/compile-patterns.ts';
import type { GrepStyle } from '../search/grep-style.ts';

export interface RipgrepArguments {
  /** Without the program and without the files, which follow: the last of them is `--`. */
  args: string[];
  /** What ripgrep has to find on its standard input, when there are too many patterns for a command line. */
  input?: string;
}

/** Linux takes 128 KiB in one argument; far less is left for the files when the patterns take much of the 2 MiB. */
const longestPatterns = 100_000;

/**
 * In the same order on every machine, every byte of the file, and nothing of the user's configuration. With more than
 * ten files ripgrep would not map them into its memory, which is most of its lead on large ones.
 */
const always = [
  '--no-config',
  '--mmap',
  '--text',
  '--encoding=none',
  '--no-unicode',
  '--no-heading',
  '--hidden',
  '--no-ignore',
  '--threads=1',
] as const;

/** GNU grep's colours. ripgrep has none for separators, so theirs are written into them. */
const colours = [
  '--color=always',
  '--colors=path:none',
  '--colors=path:fg:magenta',
  '--colors=line:none',
  '--colors=line:fg:green',
  '--colors=match:none',
  '--colors=match:fg:red',
  '--colors=match:style:bold',
  String.raw`--field-match-separator=\x1b[36m:\x1b[0m`,
  String.raw`--field-context-separator=\x1b[36m-\x1b[0m`,
  String.raw`--context-separator=\x1b[36m--\x1b[0m`,
] as const;

/**
 * The arguments with which rg(1) prints what `LC_ALL=C grep -a` prints, byte for byte but for the way in which colours
 * are switched on and off. Only for what `ripgrepFits`. Measured against 13.0 and 15.0.
 */
export function ripgrepArguments(patterns: CompiledPatterns, style: GrepStyle): RipgrepArguments {
  const args: string[] = [...always, ...(style.color ? colours : ['--color=never']), ...output(style)];
  if (style.invert) args.push('--invert-match');
  args.push(...patterns.rustFlags);
  const total = patterns.rust.reduce((sum, pattern) => sum + pattern.length + 3, 0);
  if (total > longestPatterns) {
    const input = patterns.rust.map((pattern) => `${pattern}\n`).join('');
    return { args: [...args, '--file=-', '--'], input };
  }
  return { args: [...args, ...patterns.rust.map((pattern) => `--regexp=${pattern}`), '--'] };
}

/** The forms of output, of which grep lets names go before counts, and counts before lines and what is around them. */
function output(style: GrepStyle): string[] {
  if (style.filesWith) return ['--files-with-matches'];
  if (style.filesWithout) return ['--files-without-match'];
  const args = [style.withFilename ? '--with-filename' : '--no-filename'];
  if (style.maxCount !== undefined) args.push(`--max-count=${style.maxCount}`);
  if (style.count) return [...args, '--count', '--include-zero'];
  args.push(style.lineNumber ? '--line-number' : '--no-line-number');
  if (style.onlyMatching) return [...args, '--only-matching'];
  if (style.before > 0) args.push(`--before-context=${style.before}`);
  if (style.after > 0) args.push(`--after-context=${style.after}`);
  return args;
}
