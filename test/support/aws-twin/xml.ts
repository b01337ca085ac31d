/** Markup that is done: what is put into an element as it is, while plain text is escaped first. */
export interface Markup {
  markup: string;
}

export type Content = Markup | string | number | boolean | undefined | readonly Content[];

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** `<name>content</name>`, or `<name/>` without content, as EC2 writes it. */
export function element(name: string, ...content: Content[]): Markup {
  const inner = written(content);
  return { markup: inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>` };
}

/** Nothing at all when the value is undefined. */
export function optional(name: string, value: string | number | boolean | undefined): Content {
  return value === undefined ? undefined : element(name, value);
}

/** A list in the words of a protocol: `item` in EC2, `member` in Auto Scaling and STS. */
export function list(name: string, item: 'item' | 'member', entries: readonly Content[]): Markup {
  return element(
    name,
    entries.map((entry) => element(item, entry)),
  );
}

export function written(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return escaped(content);
  if (typeof content === 'number' || typeof content === 'boolean') return String(content);
  if ('markup' in content) return content.markup;
  return content.map(written).join('');
}

// Control characters are written as references, as AWS does; XML 1.0 has none but these three.
function escaped(text: string): string {
  return text.replaceAll(/[&<>"'\n\r\t]/g, (letter) => escapes[letter] ?? `&#x${letter.codePointAt(0)!.toString(16)};`);
}
