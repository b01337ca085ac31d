import type { Column } from '../command.ts';
import type { RenderSetup, Renderer } from './renderer.ts';

/** RFC 4180 with a header row; lines end in LF, as text files here do. */
export function createRenderer({ command }: RenderSetup): Renderer {
  const columns: readonly Column<unknown>[] = command.columns ?? [];
  let lead = `${columns.map((column) => quote(column.name)).join(',')}\n`;
  return {
    record(result) {
      const line = `${lead}${columns.map((column) => quote(String(column.value(result) ?? ''))).join(',')}\n`;
      lead = '';
      return line;
    },
    end: () => lead,
  };
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
