import { existsSync } from 'node:fs';
import { UserError } from '../../errors/user-error.ts';
import type { Environment } from '../../shell/find-program.ts';
import { runProgram } from '../../shell/run-program.ts';
import { printable } from '../../text/printable.ts';
import type { FileChange } from './own-files.ts';

export interface SystemctlAccess {
  env: Environment;
  signal: AbortSignal;
  userUnits: boolean;
}

/** As sd_booted(3) looks. */
export function isSystemdRunning(folder = '/run/systemd/system'): boolean {
  return existsSync(folder);
}

/** What is to be typed so that systemd knows of these files, as argv without `systemctl`; nothing for no change. */
export function systemctlSteps(changes: readonly FileChange[]): { before: string[][]; after: string[][] } {
  const changed = changes.filter(({ before, after }) => before !== after);
  const timers = changed.filter(({ name }) => name.endsWith('.timer'));
  const gone = timers.filter(({ after }) => after === undefined).map(({ name }) => name);
  const there = timers.filter(({ after }) => after !== undefined).map(({ name }) => name);
  // A timer that runs already takes new times only when it is started anew.
  const restarted = timers.filter(({ before, after }) => before !== undefined && after !== undefined);
  return {
    before: gone.length === 0 ? [] : [['disable', '--now', ...gone]],
    after: [
      ...(changed.length === 0 ? [] : [['daemon-reload']]),
      ...(there.length === 0 ? [] : [['enable', '--now', ...there]]),
      ...(restarted.length === 0 ? [] : [['restart', ...restarted.map(({ name }) => name)]]),
    ],
  };
}

/** Throws UserError with systemctl's words at the first step that fails. */
export async function runSystemctl(steps: readonly string[][], access: SystemctlAccess): Promise<void> {
  for (const step of steps) {
    const { end, stderr } = await runProgram({
      argv: ['systemctl', ...(access.userUnits ? ['--user'] : []), '--no-ask-password', ...step],
      env: { ...access.env, LC_ALL: 'C' },
      signal: access.signal,
      timeoutSeconds: 90,
    });
    access.signal.throwIfAborted();
    if (end.kind === 'exited' && end.code === 0) continue;
    const words = end.kind === 'not-started' ? end.message : printable(stderr.head.toString().trim().slice(0, 500));
    throw new UserError(`systemctl ${step.join(' ')} failed: ${words === '' ? end.kind : words}`, {
      hints: [`when that is mended, run: ${systemctlLine([step], access.userUnits)}`],
    });
  }
}

export function systemctlLine(steps: readonly string[][], userUnits: boolean): string {
  return steps.map((step) => ['systemctl', ...(userUnits ? ['--user'] : []), ...step].join(' ')).join(' && ');
}
