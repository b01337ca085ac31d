import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const version = '22.18.0';

/**
 * The oldest Node that devops supports, fetched once into the folder that .ci/oldest-node uses as well. Where it cannot
 * be had: why, for `context.skip`; with CI=true it rejects.
 */
export async function findOldestNode(): Promise<string | { unavailable: string }> {
  const folder = join(import.meta.dirname, `../../build/node-${version}`);
  const node = join(folder, 'node_modules/node/bin/node');
  try {
    if (!existsSync(node)) {
      const argv = [
        'install',
        '--silent',
        '--no-save',
        '--no-audit',
        '--no-fund',
        '--prefix',
        folder,
        `node@${version}`,
      ];
      await run('npm', argv, { timeout: 60_000 });
    }
    const { stdout } = await run(node, ['--version'], { timeout: 10_000 });
    if (stdout.trim() !== `v${version}`) throw new Error(`${node} is ${stdout.trim()}`);
    return node;
  } catch (error) {
    const reason = `Node ${version} cannot be had here: ${error instanceof Error ? error.message : String(error)}`;
    if (process.env['CI'] === 'true') throw new Error(reason, { cause: error });
    return { unavailable: reason };
  }
}
