/** What became of a run. `warning`: an exit code of `exit.warn`, or a warning among its findings. */
export type JobRunState = 'ok' | 'warning' | 'failed' | 'timed-out' | 'interrupted' | 'skipped' | 'busy';

/** One run of a job: the record of `devops run`, of `jobs history`, and one line of the history. */
export interface JobRun {
  job: string;
  /** A UUID: DEVOPS_RUN_ID in the environment of the job. */
  runId: string;
  state: JobRunState;
  /** RFC 3339 in UTC. */
  startedAt: string;
  endedAt: string;
  /** Seconds of a clock that nobody sets, all attempts and the waits between them. */
  durationSeconds: number;
  /** What `devops run` answered. */
  exitCode: number;
  /** One line: how it ended, such as `exit code 3` or `timed out after 5s`. */
  ended: string;
  /** 0 when it was not started. */
  attempts: number;
  /** File with its output; of more than `keep.log_bytes` its beginning and its end. */
  logFile?: string;
  outputBytes?: number;
  /** It did all that it had to, whatever it found: a good run, from which `expect.max_age` counts. */
  complete: boolean;
  /** Of what it judged, how many are not ok. */
  findings: number;
  /** Processes that were left behind and ended, KILL included. */
  swept?: number;
  /** Alerts that were put into the spool. */
  alerts: number;
  /** Alerts that the policy kept back. */
  suppressed: number;
  /** Only with `busy`: who has the lock, in words. */
  heldBy?: string;
}
