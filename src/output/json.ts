import type { RenderSetup, Renderer } from './renderer.ts';

/** One object, or an array that holds one record a line. An interrupted array is closed. */
export function createRenderer({ command, quiet }: RenderSetup): Renderer {
  if (command.shape === 'one') {
    return { record: (result) => `${JSON.stringify(result, null, 2)}\n`, end: () => '' };
  }
  let opened = false;
  return {
    record(result) {
      const lead = opened ? ',\n' : '[\n';
      opened = true;
      return lead + JSON.stringify(result);
    },
    end: () => (opened ? '\n]\n' : quiet ? '' : '[]\n'),
  };
}
