/** Text for a paragraph or a cell: what Markdown and HTML would take for their own, outside of `code`. */
export function escapeText(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, at) => (at % 2 === 1 ? part : part.replaceAll(/[\\*<[\]]|(?<!\w)_|_(?!\w)/g, String.raw`\$&`)))
    .join('');
}

/** A bar ends a cell even within code. */
function cell(markdown: string): string {
  return markdown.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}

/** Cells are Markdown already. Columns without a single entry are left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = head.map((_, column) => rows.some((row) => row[column] !== ''));
  const line = (cells: readonly string[]) => `| ${cells.filter((_, column) => used[column]).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(cell)))].join('\n');
}

export function codeBlock(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** As code, whatever it holds. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
