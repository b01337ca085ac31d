import type { Zone } from '../../time/zone.ts';
import type { LogRule } from '../alert/log-rule.ts';
import type { LogsGrepKind, LogsGrepOptions } from '../request/grep-options.ts';
import type { GrepStyle } from '../search/grep-style.ts';
import type { Selection } from '../search/selection.ts';
import type { TimeFormatMaker } from '../time/parse-time-format.ts';

/** What was asked for, checked and compiled, before any log is opened. */
export interface Query {
  options: LogsGrepOptions;
  kind: LogsGrepKind;
  /** Files, directories, globs and `-` as they were typed; none for standard input or a journal. */
  files: readonly string[];
  selection: Selection;
  /** Of alert mode. */
  rules: readonly LogRule[];
  /** The one rule is what the options select: whatever is found is counted. */
  countsAll: boolean;
  style: GrepStyle;
  zone(): Zone;
  timeFormat: TimeFormatMaker | undefined;
}
