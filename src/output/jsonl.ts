import type { RenderSetup, Renderer } from './renderer.ts';

/** One record a line. */
export function createRenderer(_setup: RenderSetup): Renderer {
  return { record: (result) => `${JSON.stringify(result)}\n`, end: () => '' };
}
