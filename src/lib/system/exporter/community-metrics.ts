import type { Metric } from '../../results/metric.ts';
import type { UpdatesSection } from '../report-platform.ts';
import { gauge } from './series.ts';

/**
 * Names of apt_info.py, one of the community's scripts for the textfile collector. The counts on this disk tell no
 * origin and no architecture, so these labels of it are left out, which for Prometheus is the same as empty.
 */
export function* communityMetrics({ manager, pending, reboot_required: reboot }: UpdatesSection): Generator<Metric> {
  if (manager === 'apt') {
    yield* gauge('apt_upgrades_pending', 'Apt packages pending updates by origin.', pending);
  }
  yield* gauge('node_reboot_required', 'Node reboot is required for software updates.', reboot);
}
