import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import type { Environment } from '../../shell/find-program.ts';
import { runProgram } from '../../shell/run-program.ts';
import { printable } from '../../text/printable.ts';
import type { RenderedFile } from './rendered.ts';

export interface VerifyOptions {
  env: Environment;
  signal: AbortSignal;
  userUnits: boolean;
}

/**
 * Has `systemd-analyze verify` read the units, which needs no running systemd, in a folder where nothing else is. Throws
 * UserError with its words when it refuses one, or when there is no systemd here.
 */
export async function verifyUnits(files: readonly RenderedFile[], options: VerifyOptions): Promise<void> {
  if (files.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'devops-units-'));
  try {
    for (const { name, content } of files) writeFileSync(join(folder, name), content, { mode: 0o600 });
    const { end, stderr } = await runProgram({
      argv: [
        'systemd-analyze',
        'verify',
        '--man=no',
        ...(options.userUnits ? ['--user'] : []),
        ...files.map(({ name }) => join(folder, name)),
      ],
      // As a user it wants a folder for sockets, which cron and su do not name.
      env: { XDG_RUNTIME_DIR: folder, ...options.env, LC_ALL: 'C' },
      signal: options.signal,
      timeoutSeconds: 60,
    });
    options.signal.throwIfAborted();
    if (end.kind === 'exited' && end.code === 0) return;
    if (end.kind === 'not-started') {
      throw new UserError(end.message, {
        code: 'not-found',
        hints: ['here is no systemd: print the units and carry them over, or render for --to crontab'],
      });
    }
    const words = printable(stderr.head.toString().replaceAll(`${folder}/`, '').trim().slice(0, 1000));
    throw new UserError(`systemd-analyze refuses the units: ${words === '' ? end.kind : words}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
