const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const reference = /&(?:#[xX]([0-9a-fA-F]{1,8})|#([0-9]{1,10})|(amp|lt|gt|quot|apos));/g;

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/**
 * Text between tags as it is meant: line ends are \n and references are what they stand for (XML 1.0, 2.11 and 4.6).
 * What is no reference stays as it is. Two halves of a surrogate pair, each as a number, make one character.
 */
export function decodeText(raw: string): string {
  const lines = raw.includes('\r') ? raw.replaceAll(/\r\n?/g, '\n') : raw;
  if (!lines.includes('&')) return lines;
  return lines.replaceAll(reference, (_whole, hexadecimal?: string, decimal?: string, name?: string) => {
    if (hexadecimal !== undefined) return character(Number.parseInt(hexadecimal, 16));
    if (decimal !== undefined) return character(Number.parseInt(decimal, 10));
    return named[name ?? ''] ?? '';
  });
}

/** Empty where somebody has broken the line between an opening tag and its closing one; the AWS SDK reads it so too. */
export function withoutLayout(value: string): string {
  return value.includes('\n') && value.trim() === '' ? '' : value;
}
