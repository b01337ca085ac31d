/**
 * A whole number as the kernel writes it, or undefined for anything else (`max`, `-1`, garbage, nothing).
 * Beyond 2^53 the last digits are rounded, which no counter of bytes notices.
 */
export function wholeNumber(text: string | undefined): number | undefined {
  const digits = text?.trim();
  return digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : undefined;
}

/**
 * The number behind a label at the start of a line, the unit `kB` left off: `MemTotal:  123 kB`, `oom_kill 0`.
 * The label is given with its separator, because `oom_kill_disable` stands above `oom_kill` in the same file.
 */
export function labelledNumber(text: string, label: string): number | undefined {
  const line = labelledText(text, label);
  return wholeNumber(line?.endsWith(' kB') === true ? line.slice(0, -3) : line);
}

/** What stands behind a label at the start of a line, or undefined when no line starts with it. */
export function labelledText(text: string, label: string): string | undefined {
  let start = 0;
  if (!text.startsWith(label)) {
    start = text.indexOf(`\n${label}`) + 1;
    if (start === 0) return undefined;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start + label.length, end === -1 ? undefined : end).trim();
}

/** A number of kernel text that must be there. Throws a SyntaxError that names the file. */
export function required(value: number | undefined, path: string, label: string): number {
  if (value === undefined) throw new SyntaxError(`${path} has no ${label}`);
  return value;
}
