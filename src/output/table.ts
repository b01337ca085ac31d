import type { Column } from '../command.ts';
import { printable } from '../lib/text/printable.ts';
import { table } from '../terminal/table.ts';
import type { RenderSetup, Renderer } from './renderer.ts';

/** Text for people from a command's columns: a table, or tab-separated values without a header off a terminal. */
export function createRenderer({ command, screen }: RenderSetup): Renderer {
  const columns: readonly Column<unknown>[] = command.columns ?? [];
  const rows: unknown[] = [];
  const held = screen.terminal || command.sort !== undefined;
  const separated = (result: unknown) =>
    `${columns.map((column) => printable(String(column.value(result) ?? ''))).join('\t')}\n`;
  return {
    record(result) {
      if (!held) return separated(result);
      rows.push(result);
      return '';
    },
    end() {
      if (command.sort !== undefined) rows.sort((a, b) => command.sort!(a, b));
      return screen.terminal ? table(columns, rows, screen) : rows.map(separated).join('');
    },
  };
}
