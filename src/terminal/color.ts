/** Select Graphic Rendition codes of ECMA-48. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
  grey: [90, 39],
} as const;

export type Color = keyof typeof codes;

/** The text in this colour where the screen has colours, else as it is. */
export function paint(screen: { color: boolean }, color: Color, text: string): string {
  if (!screen.color || text === '') return text;
  const [on, off] = codes[color];
  return `\u001B[${on}m${text}\u001B[${off}m`;
}

/** --no-color, then NO_COLOR (no-color.org), FORCE_COLOR, TERM=dumb, and last whether it is a terminal at all. */
export function wantsColor(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
  noColorOption: boolean,
): boolean {
  if (noColorOption || (env['NO_COLOR'] ?? '') !== '') return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

/** Whether the locale's character set is UTF-8, in the order in which setlocale(3) asks. */
export function wantsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '');
  return locale !== undefined && /utf-?8/i.test(locale);
}
