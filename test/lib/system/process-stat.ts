/** A line of /proc/PID/stat (proc_pid_stat(5)) with its 52 fields. */
export function processStat(process: {
  pid?: number;
  name?: string;
  state?: string;
  parent?: number;
  user?: number;
  system?: number;
  threads?: number;
  started?: number;
  pages?: number;
}): string {
  const { pid = 1, name = 'init', state = 'S', parent = 0, user = 0, system = 0, threads = 1, started = 0 } = process;
  const { pages = 100 } = process;
  const head = `${pid} (${name}) ${state} ${parent} ${pid} ${pid} 0 -1 4194560 1200 0 3 0`;
  return `${head} ${user} ${system} 7 9 20 0 ${threads} 0 ${started} 4096000 ${pages} 18446744073709551615${' 0'.repeat(27)}\n`;
}
