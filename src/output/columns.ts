import type { Column } from '../command.ts';
import type { RenderSetup } from './renderer.ts';

/** The columns of the records that these options ask for; none of a command without any. */
export function columnsOf({ command, options, judging }: RenderSetup): readonly Column<unknown>[] {
  const { columns } = command;
  return typeof columns === 'function' ? columns(options, judging) : (columns ?? []);
}
