import type { Screen } from '../../command.ts';
import { bar } from '../../terminal/bar.ts';
import { type Color, paint } from '../../terminal/color.ts';
import { printable } from '../../terminal/printable.ts';
import { pad, truncate, width } from '../../terminal/width.ts';

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
}

export function colorOfShare(pct: number): Color {
  if (pct >= 90) return 'red';
  return pct >= 75 ? 'yellow' : 'green';
}

/** `label  ███░░░  42 %  detail`: as wide as the panel, the detail cut where it has to be. */
export function meter(
  panel: Panel,
  label: string,
  labelCells: number,
  pct: number | undefined,
  detail: string,
): string {
  const { screen } = panel;
  const barCells = panel.cells >= 90 ? 24 : 16;
  const name = pad(fit(printable(label), labelCells, screen), labelCells);
  const picture = pct === undefined ? ' '.repeat(barCells) : paintedBar(panel, pct, barCells);
  const number =
    pct === undefined ? '    –'.slice(screen.unicode ? 0 : 5).padStart(6) : `${percent(pct)} %`.padStart(6);
  const room = panel.cells - 2 - labelCells - 2 - barCells - 1 - 6 - 2;
  return `  ${name}  ${picture} ${number}  ${paint(screen, 'dim', fit(detail, room, screen))}`;
}

function paintedBar({ screen }: Panel, pct: number, cells: number): string {
  const { filled, empty } = bar(pct / 100, cells, screen.unicode);
  return paint(screen, colorOfShare(pct), filled) + paint(screen, 'dim', empty);
}

/** Cuts on a terminal only: in a file or a mail nothing is lost. */
export function fit(text: string, cells: number, screen: Screen): string {
  return screen.terminal && Number.isFinite(cells) ? truncate(text, Math.max(1, cells), screen.unicode) : text;
}

/** Rows of plain cells, each column as wide as its widest cell; the last one takes what is left. */
export function rows(
  panel: Panel,
  cells: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string[] {
  const clean = cells.map((row) => row.map(printable));
  const count = Math.max(0, ...clean.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) => Math.max(...clean.map((row) => width(row[at] ?? ''))));
  return clean.map((row) => {
    const line = row
      .map((cell, at) => pad(cell, widths[at]!, right.has(at) ? 'right' : 'left'))
      .join('  ')
      .trimEnd();
    return `  ${fit(line, panel.cells - 2, panel.screen)}`;
  });
}

export function percent(value: number): string {
  return value.toFixed(value > 0 && value < 9.95 ? 1 : 0);
}

/** Two columns of blocks where the screen is wide, one below the other elsewhere. */
export function arrange(blocks: readonly Block[], screen: Screen): string[] {
  const one = blocks.map((block) => [paint(screen, 'bold', block.title), ...block.lines, '']);
  const cells = panelCells(screen);
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

export function panelCells(screen: Screen): number {
  if (!screen.terminal) return Infinity;
  return isWide(screen) ? Math.floor((screen.columns - 4) / 2) : screen.columns;
}

function isWide(screen: Screen): boolean {
  return screen.terminal && screen.columns >= 160;
}
