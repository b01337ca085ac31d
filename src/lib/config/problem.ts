/** One mistake in a configuration file. */
export interface ConfigProblem {
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 code units as editors count; the byte order mark does not count. */
  column: number;
  /** The way to the value, such as `sysinfo.rules[0].if`; empty for the file as a whole. */
  path: string;
  /** What was found and what was expected. */
  message: string;
  /** What to write instead. */
  hint?: string;
}

/** `FILE:LINE:COLUMN: PATH: MESSAGE`, as compilers write it, so that editors can jump to it. */
export function formatProblem(problem: ConfigProblem, file: string): string {
  const subject = problem.path === '' ? '' : `${problem.path}: `;
  return `${file}:${problem.line}:${problem.column}: ${subject}${problem.message}`;
}
