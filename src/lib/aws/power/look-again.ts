import { itemError } from '../../results/item-error.ts';
import { UserError } from '../../errors/user-error.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { FailedAction } from './failed-action.ts';
import { failedAction } from './instance-action.ts';
import type { PowerRun } from './power-run.ts';
import { readAgain } from './watch-instances.ts';

/**
 * What is planned may be old when it is done: somebody was asked first, or the instance was the last of thousands. Answers
 * with what is there now, by id, or yields a failure for each row where that cannot be told.
 */
export async function* lookAgain(
  rows: readonly InstanceRow[],
  run: PowerRun,
): AsyncGenerator<FailedAction, ReadonlyMap<string, InstanceRow> | undefined> {
  try {
    return await readAgain([...new Set(rows.map(({ id }) => id))], run);
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    for (const row of rows) {
      yield { ...failedAction(row, run.target, { code: 'refused', message: '' }), error: itemError(error) };
    }
    return undefined;
  }
}
