import type { Metric } from '../lib/results/metric.ts';
import { expositionText } from '../lib/results/exposition.ts';
import type { RenderSetup, Renderer } from './renderer.ts';

/** All metrics of all records as one scrape. */
export function createRenderer({ command }: RenderSetup): Renderer {
  const metrics: Metric[] = [];
  return {
    record(result) {
      for (const metric of command.metrics?.(result) ?? []) metrics.push(metric);
      return '';
    },
    end: () => expositionText(metrics),
  };
}
