import { printable } from '../lib/text/printable.ts';
import type { Output } from '../runtime.ts';
import { bar } from './bar.ts';
import { truncate } from './width.ts';

/** One line on stderr that is drawn over and over, and only on a terminal. */
export interface Progress {
  /** `total` undefined: it cannot be known. Cheap to call often. */
  update(label: string, done: number, total?: number): void;
  clear(): void;
}

const silent: Progress = { update: () => undefined, clear: () => undefined };

/** Draws at most ten times a second. Whoever writes to the same terminal calls `clear` before. */
export function createProgress(stderr: Output, enabled: boolean, unicode: boolean, now: () => Date): Progress {
  if (!enabled || !stderr.isTerminal) return silent;
  let drawn = false;
  let last = 0;
  const write = (text: string) => void stderr.write(text)?.catch(() => undefined);
  return {
    update(label, done, total) {
      const time = now().getTime();
      if (time - last < 100) return;
      last = time;
      drawn = true;
      const cells = Math.max(20, stderr.columns() ?? 80) - 1;
      write(`\r${line(printable(label), done, total, cells, unicode)}\u001B[K`);
    },
    clear() {
      if (drawn) write('\r\u001B[K');
      drawn = false;
      last = 0;
    },
  };
}

function line(label: string, done: number, total: number | undefined, cells: number, unicode: boolean): string {
  if (total === undefined || total === 0) return truncate(`${label} ${done}`, cells, unicode);
  const { filled, empty } = bar(done / total, 20, unicode);
  return truncate(`${filled}${empty} ${done}/${total} ${label}`, cells, unicode);
}
