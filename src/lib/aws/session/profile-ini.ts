/** The sections of a file, and the settings of each; those of a nested block are named `block.setting`. */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Reads ~/.aws/config or ~/.aws/credentials as the SDK does, which reads them once more when it makes credentials:
 * lines that are no setting are passed over, ` #` and ` ;` start a comment, and the last of two equal settings holds.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export function parseIni(text: string): IniSections {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let block: string | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const content = withoutComment(line).trim();
    if (content.startsWith('[') && content.endsWith(']')) {
      const name = content
        .slice(1, -1)
        .trim()
        .replace(/\s+/, ' ')
        .replace(/(["'])(.*)\1$/, '$2');
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      block = undefined;
      continue;
    }
    const equals = content.indexOf('=');
    if (section === undefined || equals < 1) continue;
    const name = content.slice(0, equals).trim();
    const value = content.slice(equals + 1).trim();
    if (value === '') {
      block = name;
      continue;
    }
    if (block !== undefined && !/^\s/.test(line)) block = undefined;
    section.set(block === undefined ? name : `${block}.${name}`, value);
  }
  return sections;
}

function withoutComment(line: string): string {
  const start = line.search(/(?:^|\s)[;#]/);
  return start === -1 ? line : line.slice(0, start);
}
