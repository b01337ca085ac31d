import type { Metric } from '../lib/results/metric.ts';
import { expositionText } from '../lib/results/exposition.ts';
import type { RenderSetup, Renderer } from './renderer.ts';

/** All metrics of all records as one scrape. */
export function createRenderer({ metricsOf }: RenderSetup): Renderer {
  const metrics: Metric[] = [];
  return {
    record(result) {
      for (const metric of metricsOf?.(result) ?? []) metrics.push(metric);
      return '';
    },
    end: () => expositionText(metrics),
  };
}
