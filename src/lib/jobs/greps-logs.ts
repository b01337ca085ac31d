/** What makes logs-grep judge what it finds (grep-options.ts), or count what is not lines. */
const judging =
  /^--(?:alert|threshold|rules|report|top|histogram)(?:=|$)|^--output=(?:junit|github|markdown|nagios|prometheus)$/;
const verdictFormats = new Set(['junit', 'github', 'markdown', 'nagios', 'prometheus']);

/**
 * Whether a job is `devops logs-grep` that answers as grep does: there a line that was found is 0, so that the log that
 * is full of errors is the run that went well. A command line for the shell is looked at as far as it is plain.
 */
export function grepsLogs(run: string | readonly string[]): boolean {
  const words = typeof run === 'string' ? lastCommand(run) : run;
  const [program = '', ...all] = words;
  if (program !== 'devops' && !program.endsWith('/devops')) return false;
  const dashes = all.indexOf('--');
  const options = dashes === -1 ? all : all.slice(0, dashes);
  const name = options.findIndex((word, index) => isName(word, options[index - 1]));
  if (options[name] !== 'logs-grep') return false;
  return !options.some((word, index) => {
    return judging.test(word) || (verdictFormats.has(word) && options[index - 1] === '--output');
  });
}

/** The first word that is neither a shared option nor its value. */
function isName(word: string, before: string | undefined): boolean {
  if (word.startsWith('-')) return false;
  return word === 'logs-grep' || before === undefined || !before.startsWith('-') || before.includes('=');
}

/**
 * The words of the command whose exit code is that of the whole line, quoted ones as `x`: the last one, for one before
 * it may be a condition. None where more of the shell is at work.
 */
function lastCommand(line: string): string[] {
  const bare = line.replaceAll(/'[^']*'|"[^"$`\\]*"/g, 'x').trim();
  const last = bare.split(/&&|[;\n]/).at(-1)!;
  return /[&|<>()`$]/.test(last.replaceAll(/\d?>>?\s*[\w./-]+|2>&1/g, '')) ? [] : last.trim().split(/\s+/);
}
