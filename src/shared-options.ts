/** One option that every command understands, before and after the command's name. */
export interface SharedOption {
  long: string;
  short?: string;
  /** Name of its value; absent for a switch. */
  value?: string;
  repeatable?: boolean;
  description: string;
}

export const sharedOptions: readonly SharedOption[] = [
  { long: '--output', short: '-o', value: 'format', description: 'format of the output' },
  { long: '--json', description: 'the same as --output json' },
  {
    long: '--report',
    value: 'format=file',
    repeatable: true,
    description: 'write the result to a file as well, in this format; written on every end, may be repeated',
  },
  { long: '--quiet', short: '-q', description: 'print only what is not ok: nothing when all is well' },
  { long: '--verbose', short: '-v', description: 'say on stderr what is being done' },
  { long: '--log-format', value: 'text|json', description: 'form of the messages on stderr' },
  { long: '--no-color', description: 'print without colours (also: NO_COLOR, FORCE_COLOR, TERM=dumb)' },
  { long: '--config', value: 'file', description: 'read this devops.yaml (also: DEVOPS_CONFIG)' },
  { long: '--timeout', value: 'duration', description: 'stop the whole command after this time, such as 90s or 5m' },
  { long: '--fail-on', value: 'warning|critical', description: 'from which severity on to exit with 1' },
  { long: '--no-input', description: 'never ask, even on a terminal' },
];

/** Only for commands that change something. */
export const changeOptions: readonly SharedOption[] = [
  { long: '--dry-run', short: '-n', description: 'say what would be done, and do nothing' },
  { long: '--yes', short: '-y', description: 'do not ask before changing something' },
];

/** What makes a job of any command: it is then run as a child of the job. */
export const jobOptions: readonly SharedOption[] = [
  {
    long: '--notify',
    value: 'notifier',
    repeatable: true,
    description:
      'tell this notifier of devops.yaml, or mailto:ADDRESS, what fails and when it is well again; may be repeated',
  },
  { long: '--lock', value: 'name', description: 'run only when nobody holds this lock; else exit 75 at once' },
  { long: '--retry', value: 'count', description: 'repeat what could not be done, up to this many attempts in all' },
  { long: '--backoff', value: 'from..to', description: 'wait between the attempts, such as 30s..10m (the default)' },
  { long: '--kill-after', value: 'duration', description: 'time between TERM and KILL at the end of its time: 10s' },
];

/** Every option that is not a command's own. */
export const everySharedOption: readonly SharedOption[] = [...sharedOptions, ...jobOptions, ...changeOptions];

/** The options of a job as they were typed. */
export interface JobFlags {
  notify: readonly string[];
  lock?: string;
  retry?: string;
  backoff?: string;
  killAfter?: string;
}

/** What the shared options of one command line say, checked. */
export interface SharedValues {
  output: string;
  reports: readonly { format: string; file: string }[];
  quiet: boolean;
  verbose: boolean;
  logFormat: 'text' | 'json';
  noColor: boolean;
  config?: string;
  timeoutSeconds?: number;
  failOn: 'warning' | 'critical';
  noInput: boolean;
  dryRun: boolean;
  yes: boolean;
  /** Absent when none was typed: then no child is started. */
  job?: JobFlags;
}
