/** What a shell does itself (POSIX, sections 2.4, 2.14 and 1.7), as far as people begin a line with it. */
const ofShell = new Set(
  `. : [ alias bg break case cd command continue do done echo elif else esac eval exec exit export false fg fi for
  function getopts hash if in jobs kill local printf pwd read readonly return set shift source test then time times trap
  true type ulimit umask unalias unset until wait while`.split(/\s+/),
);

/**
 * The program that a command line for the shell begins with; undefined where that takes a shell to tell: a variable,
 * an assignment, something in quotes, a word of the shell itself.
 */
export function firstWord(line: string): string | undefined {
  const [, word, next] = /^\s*([\w.+/-]+)(?=(\s|$))/.exec(line) ?? [];
  // `name ()` is a function.
  if (word === undefined || next === undefined || ofShell.has(word)) return undefined;
  return /^\s*[\w.+/-]+\s*\(/.test(line) ? undefined : word;
}
