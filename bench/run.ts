import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../src/lib/time/pause.ts';
import { devopsRow, environment, sideBySide, type BenchRequest, type BenchResult } from './harness.ts';
import { checkout, checkoutNode } from './checkout.ts';
import { findProgram, versionLine } from './programs.ts';
import type { Row } from './rounds.ts';

/** A program that does nothing, so that the wrapper is all there is to measure. */
export async function run(request: BenchRequest): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'devops-bench-run-'));
  try {
    const config = join(folder, 'devops.yaml');
    writeFileSync(config, devopsYaml, { mode: 0o600 });
    // A file that was changed within the last 3 s is read anew each time, and no crontab has such a one.
    await pause(3.5, request.signal);
    const env = { STATE_DIRECTORY: join(folder, 'state'), CACHE_DIRECTORY: join(folder, 'cache') };
    const rows: Row[] = [
      ...peers(join(folder, 'lock')),
      {
        name: 'node empty.cjs',
        argv: [checkoutNode(), join(checkout, 'bench/empty.cjs')],
        version: versionLine([checkoutNode(), '--version'], environment),
      },
      devopsRow(['run', '--', 'true'], { atMost: 1.3 }),
      devopsRow(['run', '--lock', 'bench', '--timeout', '5s', '--', 'true']),
      named('devops run -- true, with devops.yaml', ['run', '--config', config, '--', 'true'], 1.5),
      named('devops run JOB, with lock and notifier', ['run', '--config', config, 'nothing']),
    ];
    return await sideBySide(request, 'none: `true` writes nothing; the state folder is on the disk of /tmp', rows, env);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const devopsYaml = `defaults: { timezone: Europe/Berlin }
notify:
  ops: { type: mail, to: [ops@example.org] }
jobs:
  nothing: { run: ['true'], schedule: '30 2 * * *', timeout: 5s, notify: ops }
`;

function named(name: string, args: readonly string[], atMost?: number) {
  return { ...devopsRow(args, atMost === undefined ? undefined : { atMost }), name };
}

function peers(lock: string): Row[] {
  const name = 'flock -n f timeout 5 chronic true';
  const flock = findProgram('flock', environment);
  if (flock === undefined) return [{ name, missing: 'apt-get install util-linux' }];
  if (findProgram('chronic', environment) === undefined) return [{ name, missing: 'apt-get install moreutils' }];
  const argv = [flock, '-n', lock, 'timeout', '5', 'chronic', 'true'];
  return [{ name, argv, version: versionLine(['flock', '--version'], environment) }];
}
