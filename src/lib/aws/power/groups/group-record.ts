import { type ItemError, itemError } from '../../../results/item-error.ts';
import type { GroupRow } from '../../group-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { Place } from '../instance-action.ts';
import type { PowerAction } from '../power-action.ts';
import type { PowerCode } from '../power-code.ts';
import type { GroupCode } from './group-code.ts';
import { groupMarkOf } from './group-state.ts';

/** A decision against a group or one of its members. */
export interface Refusal {
  code: PowerCode | GroupCode;
  reason: string;
}

function facts(group: GroupRow, { region, profile }: Place): Omit<PowerAction, 'state'> {
  // arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:...
  const account = group.arn.split(':', 5)[4] ?? '';
  return { kind: 'group', id: group.name, region, account, ...(profile === undefined ? {} : { profile }) };
}

export function groupAction(
  group: GroupRow,
  place: Place,
  state: PowerAction['state'],
  told: { run?: string; reason?: string } = {},
): PowerAction {
  return { ...facts(group, place), state, ...told };
}

export function groupLeftAlone(group: GroupRow, place: Place, { code, reason }: Refusal): PowerAction {
  return { ...facts(group, place), state: 'left alone', code, reason };
}

export function groupFailed(group: GroupRow, place: Place, error: ItemError): FailedAction {
  return { ...facts(group, place), subject: group.name, error };
}

/** The record of a group whose tag cannot be read: nothing is done with it, and the tag is left as it is. */
export function unreadableMark(group: GroupRow, place: Place): FailedAction | undefined {
  try {
    groupMarkOf(group);
    return undefined;
  } catch (error) {
    return groupFailed(group, place, itemError(error, 'malformed-mark'));
  }
}
