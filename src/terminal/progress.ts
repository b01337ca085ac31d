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

/** Milliseconds. */
const betweenDrawings = 100;

const silent: Progress = { update: () => undefined, clear: () => undefined };

/** Draws at most ten times a second. Whoever writes to the same terminal calls `clear` before. */
export function createProgress(stderr: Output, enabled: boolean, unicode: boolean, now: () => Date): Progress {
  if (!enabled || !stderr.isTerminal) return silent;
  let drawn = false;
  let last = 0;
  let latest: { label: string; done: number; total: number | undefined } | undefined;
  let late: NodeJS.Timeout | undefined;
  const write = (text: string) => void stderr.write(text)?.catch(() => undefined);
  const draw = (): void => {
    if (latest === undefined) return;
    const { label, done, total } = latest;
    clearTimeout(late);
    late = undefined;
    last = now().getTime();
    drawn = true;
    const cells = Math.max(20, stderr.columns() ?? 80) - 1;
    write(`\r${line(printable(label), done, total, cells, unicode)}\u001B[K`);
  };
  return {
    update(label, done, total) {
      latest = { label, done, total };
      const wait = last + betweenDrawings - now().getTime();
      if (wait <= 0) draw();
      // What came last would otherwise not be seen until something comes after it.
      else late ??= setTimeout(draw, Math.min(wait, betweenDrawings)).unref();
    },
    clear() {
      clearTimeout(late);
      late = undefined;
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
