import { fstatSync } from 'node:fs';
import type { Environment } from '../shell/find-program.ts';

/**
 * Whether somebody follows the output while it comes, so that it must not be held back: in CI, in a container of
 * Kubernetes and in a unit of systemd that writes into the journal. A terminal is for the caller to tell.
 */
export function isFollowed(env: Environment): boolean {
  if (isSet(env['CI']) || isSet(env['GITHUB_ACTIONS']) || isSet(env['GITLAB_CI'])) return true;
  return env['KUBERNETES_SERVICE_HOST'] !== undefined || writesToJournal(env['JOURNAL_STREAM']);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}

/** The variable is inherited by whatever a service starts, so it counts only for the stream that it names (systemd.exec(5)). */
function writesToJournal(stream: string | undefined): boolean {
  return stream !== undefined && [1, 2].some((descriptor) => identity(descriptor) === stream);
}

function identity(descriptor: number): string | undefined {
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
