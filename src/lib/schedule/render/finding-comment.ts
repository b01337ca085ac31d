import { printable } from '../../text/printable.ts';
import type { ScheduleFinding } from './rendered.ts';

const dates = / on \d{4}-\d\d-\d\d(?:(?:, | and )\d{4}-\d\d-\d\d)*/g;

/**
 * A finding as a comment of a crontab, a unit file or YAML. Without the dates on which it comes next: with them the file
 * would be another one next year, and `--diff` would tell of a change that nobody made.
 */
export function findingComment(finding: ScheduleFinding): string {
  return `# warning: ${findingText(finding).replaceAll(dates, '')}`;
}

export function findingText({ job, message, hint }: ScheduleFinding): string {
  return printable(`${job}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
}
