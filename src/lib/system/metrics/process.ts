import type { ProcessesSection } from '../report-workload.ts';
import type { SysinfoReport } from '../report.ts';
import { scalarsOf } from './scalar-metric.ts';
import { errorsOf, messageOf } from './system-metric.ts';
import type { SystemMetric } from './system-metric.ts';

/** What is hidden, or could not be read, is not in the counts: they are too small. */
function doubt(processes: ProcessesSection, report: SysinfoReport): string | undefined {
  if (processes.partial === true)
    return '/proc hides the processes of others (hidepid), so the count would be too small';
  const error = errorsOf(report, 'processes').find(({ subject }) => /^\/proc(\/\d+\/stat)?$/.test(subject ?? '/proc'));
  return error && messageOf(error);
}

const count = scalarsOf('processes', { doubt });
const scalar = scalarsOf('processes');

function percent(used: number | undefined, limit: number | undefined): number | undefined {
  return used === undefined || limit === undefined ? undefined : Math.min(100, (used / limit) * 100);
}

export const processMetrics: readonly SystemMetric[] = [
  count('process.count', 'count', 'Processes.', (processes) => processes.total),
  count('process.running', 'count', 'Processes that run or could run.', (processes) => processes.running),
  count(
    'process.blocked',
    'count',
    'Processes in state D, waiting for something that cannot be interrupted.',
    (processes) => processes.blocked,
  ),
  count(
    'process.zombie',
    'count',
    'Processes that have ended and whose parent has not asked how.',
    (processes) => processes.zombie,
  ),
  count('process.stopped', 'count', 'Processes stopped by a signal or a debugger.', (processes) => processes.stopped),
  count('process.threads', 'count', 'Threads of all processes.', (processes) => processes.threads),
  count(
    'process.pids_used_pct',
    'percent',
    'Threads in percent of the process ids that the kernel hands out.',
    (processes) => percent(processes.threads, processes.pid_limit),
  ),
  scalar('process.open_files', 'count', 'Open file handles of the whole system.', (processes) => processes.open_files),
  scalar(
    'process.open_files_pct',
    'percent',
    'The same in percent of the limit.',
    (processes) => percent(processes.open_files, processes.open_files_limit),
    {
      absent: 'the number of open files is not limited here',
    },
  ),
];
