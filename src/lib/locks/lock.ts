/** Something that one process at a time may do. */
export interface Lock {
  /** More than once does no harm. */
  release(): void;
}

/** Who has a lock, as far as it can be told. */
export interface LockHolder {
  pid?: number;
  sinceSeconds?: number;
  /** In the words that it gave itself, such as `devops logs-grep --state web`; one harmless line. */
  what?: string;
}

export interface LockRequest {
  /** Our own process. */
  pid: number;
  /** Unix time in seconds. */
  now: number;
  /** What the others are told that we do. */
  what: string;
}

export type LockAnswer = { lock: Lock } | { busy: LockHolder };
