import type { Column, Screen } from '../command.ts';
import { printable } from '../lib/text/printable.ts';
import { paint } from './color.ts';
import { pad, truncate, width } from './width.ts';

const gap = '  ';
const narrowest = 6;

/** Rows under a header, as wide as they need and as narrow as the screen; the widest columns give way first. */
export function table<Result>(columns: readonly Column<Result>[], results: readonly Result[], screen: Screen): string {
  if (results.length === 0) return '';
  const rows = results.map((result) =>
    columns.map((column) => column.cell?.(result, screen) ?? printable(String(column.value(result) ?? ''))),
  );
  const widths = columns.map((column, at) =>
    rows.reduce((widest, row) => Math.max(widest, width(row[at]!)), width(column.name)),
  );
  fitToScreen(widths, screen.columns);
  const lines = rows.map((row) => line(row, widths, columns, screen));
  const header = line(
    columns.map((column) => column.name.toUpperCase()),
    widths,
    columns,
    screen,
  );
  return `${paint(screen, 'dim', header)}\n${lines.join('\n')}\n`;
}

function fitToScreen(widths: number[], available: number): void {
  let total = widths.reduce((sum, cells) => sum + cells, 0) + gap.length * (widths.length - 1);
  while (total > available) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= narrowest) return;
    widths[widest]!--;
    total--;
  }
}

function line<Result>(
  cells: readonly string[],
  widths: readonly number[],
  columns: readonly Column<Result>[],
  screen: Screen,
): string {
  return cells
    .map((cell, at) => {
      // Only plain cells are ever too wide: painted ones are short words.
      const fitted = width(cell) > widths[at]! ? truncate(cell, widths[at]!, screen.unicode) : cell;
      return pad(fitted, widths[at]!, columns[at]!.align);
    })
    .join(gap)
    .trimEnd();
}
