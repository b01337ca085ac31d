import type { CompiledPatterns } from '../pattern/compile-patterns.ts';
import type { GrepStyle } from '../search/grep-style.ts';
import { canMatchNothing } from './can-match-nothing.ts';

/**
 * Whether ripgrep's output for this is that of GNU grep. Each line is a case in which it was found not to be; such a
 * search is done without ripgrep.
 *
 * It is about plain text only: ripgrep is not to be given compressed files, UTF-16 or a byte order mark; folders, which
 * it searches in an order of its own; or files of size 0, which under /proc are not empty and would be passed over
 * without a word. `version` is that of an older ripgrep than ours.
 */
export function ripgrepFits(patterns: CompiledPatterns, style: GrepStyle, version?: string): boolean {
  if (patterns.rust.length === 0) return false;
  // ripgrep ends well when a file's name was printed, grep when a line was selected.
  if (style.filesWithout) return false;
  if (style.maxCount === 0) return false;
  if (isOlder(version) && !fitsOlder(patterns)) return false;
  if (style.filesWith) return true;
  // ripgrep has no colour for the separator between a name and a count.
  if (style.count) return !(style.color && style.withFilename);
  const hasContext = style.before > 0 || style.after > 0;
  // grep prints nothing but the groups' separators, ripgrep the lines as such.
  if (style.onlyMatching && (style.invert || hasContext)) return false;
  // ripgrep prints matches of no bytes.
  if (style.onlyMatching && patterns.rust.some((pattern) => canMatchNothing(pattern))) return false;
  // The end of a line is before its carriage return, and ripgrep's match has that in it.
  if (style.onlyMatching && patterns.endsAtLineEnd) return false;
  // A line behind the last that counts is a line around it for grep, and another match for ripgrep.
  if (style.maxCount !== undefined && style.after > 0) return false;
  return true;
}

/** Whether ripgrep and grep print this name in the same way: `-` is standard input to ripgrep, also behind `--`. */
export function ripgrepFitsName(name: string): boolean {
  return name !== '' && name !== '-';
}

function isOlder(version: string | undefined): boolean {
  return version !== undefined && Number.parseInt(version, 10) < 14;
}

/** ripgrep 13 knows no ends of words, and its -w has gaps: it asks for a byte that is no part of a word on each side. */
function fitsOlder({ rust, rustFlags }: CompiledPatterns): boolean {
  return !rustFlags.includes('--word-regexp') && !rust.some((pattern) => pattern.includes(String.raw`\b{`));
}
