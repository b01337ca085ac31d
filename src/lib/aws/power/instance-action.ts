import type { InstanceRow } from '../instance-row.ts';
import type { AwsTarget } from '../target.ts';
import type { FailedAction } from './failed-action.ts';
import type { PowerAction } from './power-action.ts';
import type { PowerCode, PowerErrorCode } from './power-code.ts';

/** The tag that every member of an autoscaling group has. */
export const memberTag = 'aws:autoscaling:groupName';

/** Where an instance was seen. */
export type Place = Pick<AwsTarget, 'region' | 'profile'>;

function facts(row: InstanceRow, place: Place): Omit<PowerAction, 'state'> {
  const { id, account, type, zone, state, tags } = row;
  const name = tags.get('Name');
  const group = tags.get(memberTag);
  return {
    kind: 'instance',
    id,
    ...(name === undefined || name === '' ? {} : { name }),
    region: place.region,
    account,
    ...(place.profile === undefined ? {} : { profile: place.profile }),
    ...(group === undefined ? {} : { group }),
    type,
    zone,
    instance_state: state,
  };
}

export function actionOf(row: InstanceRow, place: Place, state: PowerAction['state'], run?: string): PowerAction {
  return { ...facts(row, place), state, ...(run === undefined ? {} : { run }) };
}

export function leftAlone(row: InstanceRow, place: Place, code: PowerCode, reason: string): PowerAction {
  return { ...facts(row, place), state: 'left alone', code, reason };
}

export function failedAction(
  row: InstanceRow,
  place: Place,
  error: { code: PowerErrorCode; message: string; hint?: string | undefined },
): FailedAction {
  const { hint, ...told } = error;
  return { ...facts(row, place), subject: row.id, error: hint === undefined ? told : { ...told, hint } };
}
