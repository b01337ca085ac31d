/** What was typed, as the definition of the command names it. */
// eslint-disable-next-line typescript/consistent-type-definitions -- commander's options have to be a type, not an interface
export type LogsGrepOptions = {
  regexp: readonly string[];
  file: readonly string[];
  fixedStrings?: true;
  extendedRegexp?: true;
  perlRegexp?: true;
  ignoreCase?: true;
  wordRegexp?: true;
  lineRegexp?: true;
  invertMatch?: true;
  count?: true;
  filesWithMatches?: true;
  filesWithoutMatch?: true;
  onlyMatching?: true;
  lineNumber?: true;
  maxCount?: number;
  afterContext?: number;
  beforeContext?: number;
  context?: number;
  text?: true;
  withFilename?: true;
  /** False with --no-filename. */
  filename: boolean;
  /** False with --no-messages. */
  messages: boolean;
  recursive?: true;
  include: readonly string[];
  exclude: readonly string[];
  color?: 'always' | 'auto' | 'never';
  journal: readonly string[];
  rotated?: true;
  follow?: true;
  since?: string;
  until?: string;
  around?: string;
  within?: number;
  tz?: string;
  timeFormat?: string;
  level?: string;
  where: readonly string[];
  multiline?: true;
  eventStart?: string;
  alert?: true;
  threshold?: string;
  rules?: string;
  state?: string;
  fromStart?: true;
  top?: number;
  histogram?: true;
  redact?: true;
  engine: 'auto' | 'ripgrep' | 'devops';
};

/** What is made of that which is found. */
export type LogsGrepKind = 'line' | 'count' | 'rule' | 'template' | 'bucket';

/**
 * `judging`: the run is asked for verdicts. Lines that are found while rules are at work are still lines on a screen,
 * but the records are the rules.
 */
export function kindOf(options: LogsGrepOptions, judging: boolean): LogsGrepKind {
  if (options.top !== undefined) return 'template';
  if (options.histogram === true) return 'bucket';
  if (judges(options, judging)) return 'rule';
  return options.count || options.filesWithMatches || options.filesWithoutMatch ? 'count' : 'line';
}

export function judges({ alert, rules, threshold }: LogsGrepOptions, judging: boolean): boolean {
  return judging || alert === true || rules !== undefined || threshold !== undefined;
}

/** Whether something other than a pattern says which lines are wanted, or what becomes of all of them. */
export function selectsWithoutPattern(options: LogsGrepOptions, judging: boolean): boolean {
  const { since, until, around, level, where, state, top, histogram, follow, journal } = options;
  const texts = [since, until, around, level, state, top];
  return (
    texts.some((text) => text !== undefined) ||
    where.length > 0 ||
    journal.length > 0 ||
    histogram === true ||
    follow === true ||
    judges(options, judging)
  );
}
