import { UserError } from '../../errors/user-error.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { FailedAction } from './failed-action.ts';
import { failedAction, type Place } from './instance-action.ts';
import type { Wanted, WantedState } from './wanted-schedule.ts';

/** Instances whose own schedule has been read. */
export interface OwnSchedules {
  /** What each wants; an instance that is not here wants the other thing, and is no business of this run. */
  states: ReadonlyMap<string, WantedState>;
  errors: readonly FailedAction[];
}

/**
 * Reads the schedule of each instance from its tag. One that wants the opposite of what the run is there for is left
 * out without a word, as a run is silent whose schedule in words does; a malformed one is an error of its instance.
 */
export function ownSchedules(
  rows: readonly InstanceRow[],
  { key, stateOf }: Extract<Wanted, { kind: 'tag' }>,
  to: 'on' | 'off',
  place: Place,
): OwnSchedules {
  const states = new Map<string, WantedState>();
  const errors: FailedAction[] = [];
  for (const row of rows) {
    const value = row.tags.get(key);
    if (value === undefined || row.state === 'terminated' || row.state === 'shutting-down') continue;
    try {
      const state = stateOf(value);
      if (state.desired === to || state.desired === 'none') states.set(row.id, state);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.push(
        failedAction(row, place, {
          code: 'malformed-schedule',
          message: `tag ${key}: ${error.message}`,
          hint: error.hints[0],
        }),
      );
    }
  }
  return { states, errors };
}
