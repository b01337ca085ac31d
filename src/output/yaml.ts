import { dump } from 'js-yaml';
import type { RenderSetup, Renderer } from './renderer.ts';

/** One document: a mapping, or a sequence with one record an item. */
export function createRenderer({ command, quiet }: RenderSetup): Renderer {
  const write = (value: unknown) => dump(value, { lineWidth: -1, noRefs: true });
  if (command.shape === 'one') return { record: (result) => write(plain(result)), end: () => '' };
  let count = 0;
  return {
    record(result) {
      count++;
      return write([plain(result)]);
    },
    end: () => (count > 0 || quiet ? '' : '[]\n'),
  };
}

/** The same values as json shows: without undefined, dates as text. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
