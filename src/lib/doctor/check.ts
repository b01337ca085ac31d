/** One thing that devops needs, or could use, and how it stands. */
export interface DoctorCheck {
  /** `here`: with the environment that doctor was started in; `cron`: with the bare one of cron. */
  environment: 'here' | 'cron';
  /** What was looked at: `Node.js`, a program, a folder, `devops.yaml`. */
  subject: string;
  /** `missing`: not there; `failed`: there, but not usable. */
  state: 'ok' | 'missing' | 'failed';
  /** Whether something that was configured cannot work without it. */
  required: boolean;
  path?: string;
  version?: string;
  /** What was found, or what is lost without it. */
  detail: string;
  /** What to do about it. */
  hint?: string;
}

/** A check before it is known whose environment it is about. */
export type Finding = Omit<DoctorCheck, 'environment'>;
