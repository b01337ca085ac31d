import type { InstanceRow } from '../../instance-row.ts';
import { leftAlone, type Place } from '../instance-action.ts';
import type { PowerAction } from '../power-action.ts';

/** A member of a suspended group that the restore does not start. */
export function notStarted(row: InstanceRow, place: Place): PowerAction {
  const { state } = row;
  switch (state) {
    case 'running':
    case 'pending':
      return leftAlone(row, place, 'already-running', `is ${state} already`);
    case 'stopped':
    case 'stopping':
      return leftAlone(row, place, 'no-mark', 'was not stopped by devops');
    case 'terminated':
    case 'shutting-down':
      return leftAlone(row, place, 'terminated', `is ${state}: the group replaces it`);
  }
}
