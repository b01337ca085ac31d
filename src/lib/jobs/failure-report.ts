import { printable } from '../text/printable.ts';
import type { JobRun } from './job-run.ts';

/** One report of a failed run for whoever reads standard error: cron mails it. `output` has its secrets masked. */
export function failureReport(run: JobRun, hostname: string, output: string): string {
  const attempts = run.attempts > 1 ? `, after ${run.attempts} attempts` : '';
  const lines = [
    `devops: ${run.job} on ${printable(hostname)}: ${printable(run.ended)}${attempts}`,
    `devops: from ${run.startedAt} to ${run.endedAt}, run ${run.runId}`,
  ];
  if (run.logFile !== undefined) lines.push(`devops: its output: ${printable(run.logFile)}`);
  if (output === '') return `${lines.join('\n')}\n`;
  return `${lines.join('\n')}\n\n${output.endsWith('\n') ? output : `${output}\n`}`;
}
