import type { AnyCommand, Screen } from '../command.ts';
import type { Verdict } from '../lib/results/verdict.ts';
import { printable } from '../lib/text/printable.ts';
import { table } from '../terminal/table.ts';
import { columnsOf } from './columns.ts';
import type { RenderSetup, Renderer } from './renderer.ts';
import { findingLine } from './text.ts';

/**
 * Text for people from a command's columns: a table, or tab-separated values without a header off a terminal. What is
 * left of it with --quiet is a message, and so it is told in the words of its findings.
 */
export function createRenderer(setup: RenderSetup): Renderer {
  const { command, screen, quiet } = setup;
  if (quiet && command.verdicts !== undefined) return findingsRenderer(command.sort, screen);
  const columns = columnsOf(setup);
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
      if (!screen.terminal) return rows.map(separated).join('');
      const shown = columns.filter((column) => column.programsOnly !== true);
      const below = rows.length === 0 ? '' : (command.below?.(rows, screen) ?? '');
      return table(shown, rows, screen) + below;
    },
  };
}

function findingsRenderer(sort: AnyCommand['sort'], screen: Screen): Renderer {
  const isBad = ({ status }: Verdict) => status !== 'ok';
  const held: { result: unknown; lines: string }[] = [];
  return {
    record(result, verdicts) {
      const found = verdicts.filter(isBad).map((verdict) => findingLine(verdict, screen));
      const lines = found.join('');
      if (sort === undefined) return lines;
      if (lines !== '') held.push({ result, lines });
      return '';
    },
    end() {
      if (sort !== undefined) held.sort((a, b) => sort(a.result, b.result));
      return held.map(({ lines }) => lines).join('');
    },
  };
}
