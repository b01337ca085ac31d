import type { Metric } from '../../results/metric.ts';
import type { SysinfoReport } from '../report.ts';
import { gauge } from './series.ts';

/** The engine's word for each container, which tells one that has ended from one that is restarted again and again. */
export function* containerStates({ containers: section }: SysinfoReport): Generator<Metric> {
  for (const { name, image, state } of section?.containers ?? []) {
    yield* gauge('devops_container_state', 'State of the container; always 1.', 1, { name, image, state });
  }
}
