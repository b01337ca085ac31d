/** A part of a line, as offsets. */
export interface Range {
  from: number;
  to: number;
}

/**
 * The text within the quotes that open at `start` (`"`, `'`, or such a quote behind backslashes, as in JSON within
 * JSON); undefined when none does. Without a closing quote it is the rest of the line.
 */
export function quotedValue(line: string, start: number): Range | undefined {
  let from = start;
  while (line[from] === '\\') from++;
  const quote = line[from];
  if (quote !== '"' && quote !== "'") return undefined;
  const level = from - start;
  from++;
  for (let at = line.indexOf(quote, from); at !== -1; at = line.indexOf(quote, at + 1)) {
    const backslashes = backslashesBefore(line, at, from);
    // Fewer end the text around; as many end this value, and so do as many behind escaped backslashes.
    if (backslashes <= level) return { from, to: at - backslashes };
    if ((backslashes - level) % (2 * (level + 1)) === 0) return { from, to: at - level };
  }
  return { from, to: line.length };
}

/** The word that begins at `start`, up to a space, a comma, a semicolon, `&`, a quote or one of `more`. */
export function bareValue(line: string, start: number, brackets: boolean): Range {
  const stop = brackets ? /[\s,;&'"}\]]/g : /[\s,;&'"]/g;
  stop.lastIndex = start;
  const at = stop.exec(line)?.index ?? line.length;
  // The backslashes before a quote are the quote's.
  const quoted = line[at] === '"' || line[at] === "'";
  return { from: start, to: quoted ? at - backslashesBefore(line, at, start) : at };
}

function backslashesBefore(line: string, at: number, floor: number): number {
  let before = at;
  while (before > floor && line[before - 1] === '\\') before--;
  return at - before;
}
