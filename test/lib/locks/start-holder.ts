import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const script = join(import.meta.dirname, 'hold-lock.ts');

/** A process that takes a lock; `said` is what came of it. */
export async function startHolder(kind: 'flock' | 'pid-file', path: string, env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [script, kind, path], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    pid: child.pid!,
    said: JSON.parse(line.toString()) as unknown,
    async end(): Promise<void> {
      child.stdin.end();
      await closed;
    },
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
