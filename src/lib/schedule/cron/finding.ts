/** What somebody may not expect of a schedule that is valid. */
export interface CronFinding {
  /**
   * `clocks-skip` and `clocks-repeat`: what the targets do where the clocks change; `clocks-search`: what Kubernetes does
   * behind such a change. `other-zone`: the crontab's zone is not the schedule's. `either-day`, `both-days`: how the two fields of days go together. `leap-days`, `short-months`:
   * dates that most years or some months do not have. `every-minute`, `uneven-steps`, `shorter-than-timeout`: how often.
   */
  code:
    | 'clocks-skip'
    | 'clocks-repeat'
    | 'clocks-search'
    | 'other-zone'
    | 'either-day'
    | 'both-days'
    | 'leap-days'
    | 'short-months'
    | 'every-minute'
    | 'uneven-steps'
    | 'shorter-than-timeout';
  /** One line that begins in lower case, and does not repeat the expression. */
  message: string;
  /** What to write instead, or how to live with it. */
  hint: string;
  /** Unix seconds at which it happens first, where it is about a moment. */
  at?: number;
}

/** Who starts the job. */
export type CronTarget = 'crontab' | 'systemd' | 'kubernetes';
