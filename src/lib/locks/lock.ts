/** Something that one process at a time may do. */
export interface Lock {
  /** More than once does no harm. */
  release(): void;
  /**
   * The open file that the lock belongs to, open until it is released: a process that inherits it has the lock as well,
   * until it has closed it too. Absent for a pid file, which belongs to one process.
   */
  descriptor?: number;
}

/** Who has a lock, as far as it can be told. */
export interface LockHolder {
  pid?: number;
  sinceSeconds?: number;
  /** In the words that it gave itself, such as `devops logs-grep --state web`; one harmless line. */
  what?: string;
  /** DEVOPS_RUN_ID of what it has started, where it said so. */
  runId?: string;
  /** The process `pid` has ended, and what it has started still has the lock. */
  isLeftOver?: true;
}

export interface LockRequest {
  /** Our own process. */
  pid: number;
  /** Unix time in seconds. */
  now: number;
  /** What the others are told that we do. */
  what: string;
  runId?: string | undefined;
  /** The descriptor is handed on to what we start, which may outlive us. Default false. */
  isHandedOn?: boolean | undefined;
}

export type LockAnswer = { lock: Lock } | { busy: LockHolder };
