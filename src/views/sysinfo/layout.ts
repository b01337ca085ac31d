import type { Screen } from '../../command.ts';
import { sectionNames, type SysinfoReport } from '../../lib/system/report.ts';
import { bar } from '../../terminal/bar.ts';
import { type Color, paint } from '../../terminal/color.ts';
import { pad, width } from '../../terminal/width.ts';
import { clean, clip, fit, fitMiddle, joinFitting } from './fit.ts';

/** One part of the report: a title and its lines, colours included. */
export interface Block {
  title: string;
  lines: readonly string[];
}

/** The place that a block is drawn in. */
export interface Panel {
  screen: Screen;
  /** Width in characters; Infinity off a terminal. */
  cells: number;
  /** Few sections, asked for by name: there is room for all of their figures. */
  detailed: boolean;
  /** On a terminal, a long list in a report of many sections would push the other sections off the screen. */
  folded: boolean;
}

export function panelFor(report: SysinfoReport, screen: Screen): Panel {
  const detailed = sectionNames.filter((name) => report[name] !== undefined).length <= 3;
  return { screen, cells: panelCells(screen), detailed, folded: screen.terminal && !detailed };
}

function colorOfShare(pct: number): Color {
  if (pct >= 90) return 'red';
  return pct >= 75 ? 'yellow' : 'green';
}

/** `label  ███░░░  42 %  detail`; what does not fit beside the bar goes on below. `extra` is left out where it does not fit. */
export function meter(
  panel: Panel,
  label: string,
  labelCells: number,
  pct: number,
  parts: readonly string[],
  extra = '',
): string[] {
  const { filled, empty } = bar(pct / 100, barCells(panel), panel.screen.unicode);
  const picture = paint(panel.screen, colorOfShare(pct), filled) + paint(panel.screen, 'dim', empty);
  const head = `${labelled(panel, label, labelCells)}${picture} ${`${percent(pct)} %`.padStart(6)}  `;
  return beside(panel, head, parts, extra);
}

/** `label  detail`, where there is nothing to draw a bar of. */
export function note(panel: Panel, label: string, labelCells: number, parts: readonly string[]): string[] {
  return beside(panel, labelled(panel, label, labelCells), parts, '');
}

/** Cells that a bar and its number leave for label and detail. */
export function cellsBesideBar(panel: Panel): number {
  return panel.cells - 2 - 2 - barCells(panel) - 1 - 6 - 2;
}

function labelled({ screen }: Panel, label: string, cells: number): string {
  return `  ${pad(fitMiddle(clean(label, screen), cells, screen), cells)}  `;
}

function beside({ screen, cells }: Panel, head: string, parts: readonly string[], extra: string): string[] {
  const indent = width(head);
  const room = Math.max(10, cells - indent);
  const words = parts.filter((part) => part !== '');
  const lines = joinFitting(words, '  ', room);
  const withExtra = joinFitting([...words, extra], '  ', room);
  const shown = extra !== '' && withExtra.length === Math.max(1, lines.length) ? withExtra : lines;
  return (shown.length === 0 ? [''] : shown).map((line, at) =>
    (at === 0 ? head + paint(screen, 'dim', line) : ' '.repeat(indent) + paint(screen, 'dim', line)).trimEnd(),
  );
}

function barCells({ cells }: Panel): number {
  if (cells >= 90) return 24;
  return cells >= 60 ? 16 : 8;
}

/**
 * Rows of plain cells, each column as wide as its widest cell. On a terminal the widest columns give way, cut in the
 * middle; before them those of `cutEnd`, at their end. Columns without any text are left out.
 */
export function rows(
  panel: Panel,
  cells: readonly (readonly string[])[],
  options: { header?: readonly string[]; right?: readonly number[]; cutEnd?: readonly number[] } = {},
): string[] {
  if (cells.length === 0) return [];
  const { screen } = panel;
  const { header = [], right = [], cutEnd = [] } = options;
  const texts = [header, ...cells].map((row) => row.map((cell) => clean(cell, screen)));
  const used = cells[0]!.map((_, at) => at).filter((at) => texts.slice(1).some((row) => row[at] !== ''));
  const widths = used.map((at) => Math.max(...texts.map((row) => width(row[at] ?? ''))));
  if (screen.terminal) {
    const available = panel.cells - 2 - 2 * (used.length - 1);
    shrink(widths, available, (column) => cutEnd.includes(used[column]!));
    shrink(widths, available, () => true);
  }
  const lines = texts.map((row) => {
    const padded = used.map((at, column) => {
      const cell = (cutEnd.includes(at) ? fit : fitMiddle)(row[at] ?? '', widths[column]!, screen);
      return pad(cell, widths[column]!, right.includes(at) ? 'right' : 'left');
    });
    return `  ${padded.join('  ').trimEnd()}`;
  });
  return header.length === 0 ? lines.slice(1) : [paint(screen, 'dim', lines[0]!), ...lines.slice(1)];
}

function shrink(widths: number[], available: number, mayGive: (column: number) => boolean): void {
  let total = widths.reduce((sum, cells) => sum + cells, 0);
  for (; total > available; total--) {
    const widest = widths.reduce((best, cells, at) => (mayGive(at) && cells > (widths[best] ?? 8) ? at : best), -1);
    if (widest === -1) return;
    widths[widest]! -= 1;
  }
}

/** The first ones of a long list, and what is to be said of the rest. */
export function fold<Item>(
  panel: Panel,
  items: readonly Item[],
  most: number,
): { shown: readonly Item[]; rest: readonly Item[] } {
  // One line that says that one is missing would take its place.
  if (!panel.folded || items.length <= most + 1) return { shown: items, rest: [] };
  return { shown: items.slice(0, most), rest: items.slice(most) };
}

/** `and 12 more`, dim; no line when nothing is left. */
export function more(panel: Panel, count: number, detail = ''): string[] {
  if (count === 0) return [];
  const text = fit(`and ${count} more${detail === '' ? '' : `, ${detail}`}`, panel.cells - 2, panel.screen);
  return [`  ${paint(panel.screen, 'dim', text)}`];
}

/** `head word word and 12 more` on one line; all words off a terminal and where there is room for all figures. */
export function wordsLine(panel: Panel, head: string, words: readonly string[]): string[] {
  const texts = words.map((word) => clean(word, panel.screen));
  const cells = panel.cells - 2;
  const whole = joinFitting([head, ...texts], ' ', cells);
  if (!panel.folded || whole.length === 1) return whole.map((line) => `  ${line}`);
  let line = head;
  let left = texts.length;
  for (const text of texts) {
    const longer = `${line} ${text}`;
    if (left < texts.length && width(`${longer} and ${left - 1} more`) > cells) break;
    line = longer;
    left -= 1;
  }
  return [`  ${line} and ${left} more`];
}

/** What is not full is never called full: 99.97 is 99.9. */
export function percent(value: number): string {
  if (value > 99 && value < 100) return (Math.floor(value * 10) / 10).toFixed(1);
  return value.toFixed(value > 0 && value < 9.95 ? 1 : 0);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Two columns of blocks where the screen is wide, one below the other elsewhere. */
export function arrange(blocks: readonly Block[], screen: Screen): string[] {
  const cells = panelCells(screen);
  const one = blocks.map((block) => [
    paint(screen, 'bold', block.title),
    ...block.lines.map((line) => clip(line, cells)),
    '',
  ]);
  if (!isWide(screen)) return one.flat();
  const half = one.flat().length / 2;
  const left: string[] = [];
  const right: string[] = [];
  for (const lines of one) {
    const target = right.length === 0 && left.length + lines.length / 2 <= half ? left : right;
    target.push(...lines);
  }
  const height = Math.max(left.length, right.length);
  return Array.from({ length: height }, (_, at) => `${pad(left[at] ?? '', cells)}    ${right[at] ?? ''}`.trimEnd());
}

function panelCells(screen: Screen): number {
  if (!screen.terminal) return Infinity;
  return isWide(screen) ? Math.floor((screen.columns - 4) / 2) : screen.columns;
}

function isWide(screen: Screen): boolean {
  return screen.terminal && screen.columns >= 160;
}
