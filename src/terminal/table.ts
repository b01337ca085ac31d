import type { Column, Screen } from '../command.ts';
import { printable } from '../lib/text/printable.ts';
import { paint } from './color.ts';
import { colorCode, pad, truncate, width } from './width.ts';

const gap = '  ';
const narrowest = 6;
/** Less of a dispensable column tells nothing. */
const leastDispensable = 12;

/**
 * Rows under a header, as wide as they need and as narrow as the screen: dispensable columns give way first, then the
 * widest of the others.
 */
export function table<Result>(columns: readonly Column<Result>[], results: readonly Result[], screen: Screen): string {
  if (results.length === 0) return '';
  const rows = results.map((result) =>
    columns.map((column) => column.cell?.(result, screen, results) ?? printable(String(column.value(result) ?? ''))),
  );
  const widths = columns.map((column, at) =>
    rows.reduce((widest, row) => Math.max(widest, width(row[at]!)), width(column.name)),
  );
  const fitted = fitToScreen(columns, widths, screen.columns);
  const lines = rows.map((row) => line(row, fitted, screen));
  const header = line(
    columns.map((column) => column.name.toUpperCase()),
    fitted,
    screen,
  );
  return `${paint(screen, 'dim', header)}\n${lines.join('\n')}\n`;
}

/** A column that is shown: which one it is, and how many cells it has. */
interface FittedColumn {
  at: number;
  cells: number;
  least: number;
  isDispensable: boolean;
  align: Column<unknown>['align'];
}

function fitToScreen<Result>(
  columns: readonly Column<Result>[],
  widths: readonly number[],
  available: number,
): FittedColumn[] {
  let shown = columns.map(({ dispensable, align }, at): FittedColumn => {
    const isDispensable = dispensable === true;
    const least = Math.min(widths[at]!, isDispensable ? leastDispensable : narrowest);
    return { at, cells: widths[at]!, least, isDispensable, align };
  });
  const isTooWide = () =>
    total(shown.map(({ cells, least, isDispensable }) => (isDispensable ? least : cells))) > available;
  for (let last = shown.findLast(isGivingWay); last !== undefined && isTooWide(); last = shown.findLast(isGivingWay)) {
    const { at } = last;
    shown = shown.filter((column) => column.at !== at);
  }
  narrow(shown.filter(isGivingWay), shown, available);
  narrow(shown, shown, available);
  return shown;
}

const isGivingWay = ({ isDispensable }: FittedColumn) => isDispensable;

/** Takes from the widest of the columns that give, until all are narrow enough or none has more to give. */
function narrow(givers: readonly FittedColumn[], all: readonly FittedColumn[], available: number): void {
  for (let surplus = total(all.map(({ cells }) => cells)) - available; surplus > 0; surplus--) {
    const [first, ...others] = givers.filter(({ cells, least }) => cells > least);
    if (first === undefined) return;
    others.reduce((widest, column) => (column.cells > widest.cells ? column : widest), first).cells--;
  }
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, cells) => sum + cells, 0) + gap.length * Math.max(0, widths.length - 1);
}

function line(cells: readonly string[], columns: readonly FittedColumn[], screen: Screen): string {
  return columns
    .map(({ at, cells: room, align }) => {
      const cell = cells[at]!;
      // Cutting through a colour code would paint the rest of the screen.
      const isCut = width(cell) > room;
      const fitted = isCut ? truncate(cell.replace(colorCode, ''), room, screen.unicode) : cell;
      return pad(fitted, room, align);
    })
    .join(gap)
    .trimEnd();
}
