import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const checkout = dirname(import.meta.dirname);

/** The entry point as a person runs it, given to `node` directly: no `env` and no symlink in the figures. */
export const devops = join(checkout, 'bin/devops');

/** The Node binary that the lockfile pins, else the one that runs the bench. */
export function checkoutNode(): string {
  const pinned = join(checkout, 'node_modules/.bin/node');
  return realpathSync(existsSync(pinned) ? pinned : process.execPath);
}

/** Builds dist/ when there is none or a source is newer: a bench of yesterday's code is worse than none. */
export function ensureBuilt(): void {
  const sources = ['src', 'package.json', 'rolldown.config.ts'].map((name) => newestChange(join(checkout, name)));
  if (newestChange(join(checkout, 'dist')) >= Math.max(...sources)) return;
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd: checkout,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Last change of a file, or of the newest file below a folder; 0 when there is none. */
function newestChange(path: string): number {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/** The environment of a measured command: the caller's, without what npm and this checkout put into it. */
export function plainEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(npm_|NODE|DEVOPS_|INIT_CWD$)/.test(name));
  const path = (env['PATH'] ?? '').split(':').filter((folder) => !/node_modules|node-gyp-bin/.test(folder));
  return { ...Object.fromEntries(kept), PATH: path.join(':') };
}
