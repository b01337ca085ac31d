/** What a flush came to. */
export interface FlushResult {
  /** `busy`: somebody else is at it, and nothing was done. */
  state: 'flushed' | 'busy';
  /** Ids of what the other side has taken; it is not in the spool any more. */
  delivered: string[];
  /** Still in the spool, to be tried again. */
  waiting: FlushedEntry[];
  /** Can never be delivered; moved to `dead`, where it is kept. */
  dead: FlushedEntry[];
  /** Left alone: what cannot be read, or what a newer devops wrote. */
  unreadable: { file: string; reason: string }[];
}

export interface FlushedEntry {
  id: string;
  to: string;
  /** One line. */
  reason: string;
}
