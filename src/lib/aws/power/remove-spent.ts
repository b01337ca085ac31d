import { callFailure } from '../failure/call-failure.ts';
import type { FailedAction } from './failed-action.ts';
import { removeMarks } from './marks.ts';
import type { PowerRun } from './power-run.ts';
import type { TargetPlan } from './target-plan.ts';

/** Takes marks away that mean nothing any more; only what fails is told, as it would be brought back one day. */
export async function* removeSpent({ spent }: TargetPlan, run: PowerRun): AsyncGenerator<FailedAction> {
  const { target } = run;
  const failed = await removeMarks(spent, run);
  run.signal.throwIfAborted();
  for (const { id, error } of failed.values()) {
    const { message, hints } = callFailure(error, target, 'DeleteTags');
    yield {
      kind: 'instance',
      id,
      region: target.region,
      account: run.account,
      ...(target.profile === undefined ? {} : { profile: target.profile }),
      subject: id,
      error: {
        code: 'mark-not-removed',
        message: `its tag devops:stopped means nothing any more and could not be removed: ${message}`,
        hint: hints[0] ?? 'the next run tries again',
      },
    };
  }
}
