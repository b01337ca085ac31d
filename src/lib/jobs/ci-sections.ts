import type { Environment } from '../shell/find-program.ts';
import { printable } from '../text/printable.ts';

/** What stands around the output of a job in the log of a CI server, so that it can be folded. */
export interface CiSection {
  opening: string;
  closing(unixSeconds: number): string;
}

/** As in mask-secrets.ts: to mask what is shorter would mask half of the log. */
const shortestSecret = 4;
const escape = '\u001B[0K';

/**
 * For GitHub Actions a group, before it the secrets of the job, which the runner then masks; for GitLab CI a section
 * (docs.gitlab.com/ci/jobs/job_logs). Undefined everywhere else. Inside of another job there is no section of its own,
 * as GitHub cannot nest them.
 */
export function ciSection(
  env: Environment,
  job: { name: string; secrets: readonly string[] },
  unixSeconds: number,
): CiSection | undefined {
  const isInner = env['DEVOPS_RUN_ID'] !== undefined;
  const title = `devops run ${job.name}`;
  if (env['GITHUB_ACTIONS'] === 'true') {
    const masks = maskCommands(job.secrets);
    if (isInner) return masks === '' ? undefined : { opening: masks, closing: () => '' };
    return { opening: `${masks}::group::${commandText(printable(title))}\n`, closing: () => '::endgroup::\n' };
  }
  if (env['GITLAB_CI'] !== 'true' || isInner) return undefined;
  const start = Math.floor(unixSeconds);
  // A name may be used once in a log.
  const name = `devops_${job.name.replaceAll(/[^A-Za-z0-9_.-]/g, '_')}_${start}`;
  return {
    opening: `${escape}section_start:${start}:${name}[collapsed=true]\r${escape}${printable(title)}\n`,
    closing: (endSeconds) => `${escape}section_end:${Math.floor(endSeconds)}:${name}\r${escape}\n`,
  };
}

/** The runner compares line by line, so each line of a secret is one. */
function maskCommands(secrets: readonly string[]): string {
  const lines = secrets.flatMap((secret) => secret.split(/[\r\n]+/).map((line) => line.trim()));
  const worthy = new Set(lines.filter((line) => line.length >= shortestSecret));
  return [...worthy].map((line) => `::add-mask::${commandText(line)}\n`).join('');
}

/** Of a workflow command of GitHub, whose text ends with the line. */
function commandText(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
