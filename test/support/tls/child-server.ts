import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

export interface ChildServer {
  /** Resolves with the first match in what it prints on standard output, rejects when it ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when the port answers, rejects when the program ends before. */
  accepts(port: number, host?: string): Promise<void>;
  close(): Promise<void>;
}

const deadline = 10_000;

/** Starts a server program. Whatever waits for it has a deadline, and fails with what the program said. */
export function startChild(
  file: string,
  words: readonly string[],
  options: { env?: Record<string, string>; stdin?: 'ignore' | 'pipe' } = {},
): ChildServer {
  const child = execa(file, words, {
    stdin: options.stdin ?? 'ignore',
    env: { LC_ALL: 'C', ...options.env },
    reject: false,
    buffer: false,
    forceKillAfterDelay: 1_000,
  });
  let output = '';
  let complaints = '';
  const end = new AbortController();
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-10_000)));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-10_000)));
  void child.then(() => end.abort());

  const until = async <Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> => {
    const last = performance.now() + deadline;
    while (!end.signal.aborted && performance.now() < last) {
      const value = await look();
      if (value !== undefined) return value;
      await sleep(10);
    }
    const how = end.signal.aborted ? 'ended' : 'was silent';
    child.kill('SIGKILL');
    await child;
    throw new Error(`${file} ${words.join(' ')} ${how} before it ${what}:\n${complaints}`);
  };

  return {
    printed: (pattern) => until(`printed ${String(pattern)}`, async () => pattern.exec(output) ?? undefined),
    async accepts(port, host) {
      await until(`accepted at ${port}`, async () => (await answers(port, host)) || undefined);
    },
    async close() {
      child.kill('SIGTERM');
      await child;
    },
  };
}

async function answers(port: number, host = '127.0.0.1'): Promise<boolean> {
  const socket = connect({ port, host });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}
