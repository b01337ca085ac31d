import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/**
 * What another program says about this machine. Without the program the test is skipped with the reason,
 * and in CI it fails: there the peers belong to the machine.
 */
export function askPeer(context: TestContext, command: string, args: readonly string[]): string {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 20_000,
    env: { LC_ALL: 'C', PATH: process.env['PATH'] },
  });
  if (result.status === 0) return result.stdout;
  const reason = `${command} cannot be asked: ${result.error?.message ?? result.stderr}`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  return context.skip(reason);
}

/** The value of a Python expression about psutil, as JSON. */
export function askPsutil(context: TestContext, expression: string): string {
  return askPeer(context, '/usr/bin/python3', ['-c', `import json, psutil\nprint(json.dumps(${expression}))`]);
}
