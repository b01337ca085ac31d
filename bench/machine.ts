import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';

/** One line about this machine: processors, memory, kernel, and how busy it is right now. */
export function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() || 'unknown model';
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`;
  return `${processors.length} cores (${model}), ${memory}, ${type()} ${release()} ${arch()}, load ${loadavg()[0]!.toFixed(1)} before the first run`;
}
