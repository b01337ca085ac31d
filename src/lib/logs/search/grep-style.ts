/** What grep's options ask of the output, the patterns apart. */
export interface GrepStyle {
  /** -v: the lines that no pattern matches are the selected ones. */
  invert: boolean;
  /** -c: how many lines were selected in each file, in the place of the lines; also where it is 0. */
  count: boolean;
  /** -l: only the names of files in which a line was selected. It goes before `count`. */
  filesWith: boolean;
  /** -L: only the names of files in which no line was selected. Never together with `filesWith`. */
  filesWithout: boolean;
  /** -o: each matching part of a line on a line of its own; parts without a byte are left out. */
  onlyMatching: boolean;
  /** -n: numbers of lines, from 1. */
  lineNumber: boolean;
  /** -m: no file is searched beyond this number of selected lines. 0 or more; undefined: all of it. */
  maxCount: number | undefined;
  /** -B: lines shown before each selected one. */
  before: number;
  /** -A: lines shown behind each selected one. */
  after: number;
  /** -H: names of files before the lines. */
  withFilename: boolean;
  /** --color: names, numbers, separators and matches in the colours of GNU grep. */
  color: boolean;
}

/** Lines and nothing but lines. */
export const plainLines: GrepStyle = {
  invert: false,
  count: false,
  filesWith: false,
  filesWithout: false,
  onlyMatching: false,
  lineNumber: false,
  maxCount: undefined,
  before: 0,
  after: 0,
  withFilename: false,
  color: false,
};
