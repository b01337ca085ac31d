import { constants } from 'node:os';
import type { SupervisedEnd } from './supervised-end.ts';

/**
 * The exit status of a supervised program as timeout(1) and the shell tell it: its own, 124 when its time was over (137
 * when KILL was needed, as `timeout -k`), 125 when it could not be started, 126 when it may not be executed, 127 when
 * there is no such program, 128 + n for a signal, also for the one that an abort forwarded.
 */
export function exitStatusOf({ end, killed }: Pick<SupervisedEnd, 'end' | 'killed'>): number {
  switch (end.kind) {
    case 'exited':
      return end.code;
    case 'signalled':
      return 128 + constants.signals[end.signal];
    case 'timed-out':
      return killed ? 137 : 124;
    case 'aborted':
      return 128 + constants.signals[end.signal];
    case 'abandoned':
      return end.reason === 'timed-out' ? 137 : 128 + constants.signals[end.signal];
    case 'not-started':
      return { failed: 125, 'not-executable': 126, 'not-found': 127 }[end.code];
  }
}
