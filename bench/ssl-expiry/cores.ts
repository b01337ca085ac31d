import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { environment } from '../harness.ts';
import { findProgram } from '../programs.ts';

/** Where server and clients run, so that they do not take each other's time and caches. */
export interface Cores {
  /** What stands before the server's argv. */
  server: readonly string[];
  /** One sentence for the report. */
  note: string;
  /** Gives this process its cores back. */
  release(): void;
}

/**
 * The server gets the first core that this process may use. The process itself goes to the second, and every client
 * that it starts is born there: no `taskset` stands in a client's figures.
 */
export function separateCores(): Cores {
  const cores = allowedCores();
  const taskset = findProgram('taskset', environment);
  const [first, second] = cores;
  if (taskset === undefined || first === undefined || second === undefined) {
    const reason = taskset === undefined ? 'taskset is missing (apt-get install util-linux)' : 'there is one core only';
    return { server: [], note: `server and clients share all cores: ${reason}`, release: () => undefined };
  }
  moveTo(taskset, String(second));
  return {
    server: [taskset, '--cpu-list', String(first)],
    note: `server on core ${first}, clients on core ${second}`,
    release: () => moveTo(taskset, cores.join(',')),
  };
}

function moveTo(taskset: string, cores: string): void {
  spawnSync(taskset, ['--all-tasks', '--cpu-list', '--pid', cores, String(process.pid)], { stdio: 'ignore' });
}

/** `Cpus_allowed_list: 0-2,5` of proc(5) as numbers; none where there is no such file. */
function allowedCores(): number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    return list.split(',').flatMap((part) => {
      const [from, to = from] = part.split('-').map(Number);
      return Array.from({ length: to! - from! + 1 }, (_, offset) => from! + offset);
    });
  } catch {
    return [];
  }
}
