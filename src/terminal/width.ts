import stringWidth from 'string-width';

// eslint-disable-next-line no-control-regex -- printable ASCII needs no counting
const plainAscii = /^[\u0020-\u007E]*$/;

/** Cells that the text takes on a screen: colour codes none, East Asian wide characters and emoji two. */
export function width(text: string): number {
  return plainAscii.test(text) ? text.length : stringWidth(text);
}

/** Cuts to this many cells, the last one an ellipsis. For text without colour codes. */
export function truncate(text: string, cells: number, unicode: boolean): string {
  if (width(text) <= cells) return text;
  const mark = unicode ? '…' : '~';
  let cut = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += width(segment);
    if (used > cells - 1) break;
    cut += segment;
  }
  return cells < 1 ? '' : cut + mark;
}

export function pad(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, cells - width(text)));
  return align === 'left' ? text + space : space + text;
}
