import { columnsOf } from './columns.ts';
import type { RenderSetup, Renderer } from './renderer.ts';

/** RFC 4180 with a header row; lines end in LF, as text files here do. */
export function createRenderer(setup: RenderSetup): Renderer {
  const columns = columnsOf(setup);
  const line = (cells: readonly string[]) =>
    // One empty cell would be an empty line, which readers skip.
    cells.length === 1 && cells[0] === '' ? '""\n' : `${cells.map(quote).join(',')}\n`;
  let lead = line(columns.map((column) => column.name));
  return {
    record(result) {
      const row = lead + line(columns.map((column) => String(column.value(result) ?? '')));
      lead = '';
      return row;
    },
    end: () => (setup.quiet ? '' : lead),
  };
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
