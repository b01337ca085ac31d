/** The few words of man(7) that our pages need. Every function that takes text escapes it. */

const escapes: Readonly<Record<string, string>> = {
  '\\': String.raw`\e`,
  '-': String.raw`\-`,
  "'": String.raw`\(aq`,
  '`': String.raw`\(ga`,
  '^': String.raw`\(ha`,
  '~': String.raw`\(ti`,
  '"': String.raw`\(dq`,
};

/** What is typed as it stands: roff would make typographic signs of hyphens and quotes, which no shell understands. */
export function literal(text: string): string {
  return asAscii(text.replaceAll(/[\\'`^~"-]/g, (character) => escapes[character]!));
}

/** Prose: `code` is set in bold, and options keep their hyphens. */
export function prose(text: string): string {
  return text
    .split(/`([^`]+)`/)
    .map((part, at) => (at % 2 === 1 ? bold(part) : withOptions(part)))
    .join('');
}

function withOptions(text: string): string {
  return text
    .split(/((?<![\w-])--?[a-zA-Z][\w-]*)/)
    .map((part, at) => (at % 2 === 1 ? literal(part) : asAscii(part.replaceAll('\\', escapes['\\']!))))
    .join('');
}

export function bold(text: string): string {
  return String.raw`\fB${literal(text)}\fR`;
}

export function italic(text: string): string {
  return String.raw`\fI${literal(text)}\fR`;
}

export function section(title: string, ...lines: readonly string[]): string[] {
  return [`.SH ${title.includes(' ') ? `"${title}"` : title}`, ...lines];
}

/** Paragraphs, each of one or more lines of roff. */
export function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text, at) => [...(at === 0 ? [] : ['.PP']), ...filled(text)]);
}

/** A term with its explanation below, indented. Both are roff already. */
export function definition(term: string, explanation: string): string[] {
  return ['.TP', guarded(term), ...filled(explanation)];
}

/** Lines shown as they are, indented, below their explanation. */
export function example(what: string, lines: readonly string[]): string[] {
  return [...filled(prose(what)), '.PP', '.RS 4', '.EX', ...lines.map((line) => guarded(literal(line))), '.EE', '.RE'];
}

/** Breaks at spaces: long input lines are legal, but nobody can read them in a diff. */
function filled(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= 76) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map(guarded);
}

/** A line that begins with a dot or a quote would be a request. */
function guarded(line: string): string {
  return /^[.']/.test(line) ? String.raw`\&${line}` : line;
}

function asAscii(text: string): string {
  return text.replaceAll(/[^\n\u0020-\u007E]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase();
    return String.raw`\[u${code.padStart(4, '0')}]`;
  });
}
