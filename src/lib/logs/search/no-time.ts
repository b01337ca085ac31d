import { printable } from '../../text/printable.ts';
import { sourceProblem, type SourceProblem } from '../source/source-problem.ts';

/** A window was asked for, and nobody knows which lines are in it. */
export function noTime(name: string, head: Buffer): SourceProblem {
  const line =
    head
      .toString('utf8', 0, 400)
      .split('\n')
      .find((text) => text.trim() !== '') ?? '';
  const shown = printable(line.length > 120 ? `${line.slice(0, 120)}...` : line.trimEnd());
  return sourceProblem(
    'no-time',
    name,
    `has no time that can be read, in lines such as '${shown}'`,
    "tell how it is written: --time-format '%d.%m.%Y %H:%M:%S', or iso, clf, syslog, klog, epoch, json, logfmt",
  );
}
