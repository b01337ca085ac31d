import { inParallel } from '../../concurrency/in-parallel.ts';
import type { ItemError } from '../../results/item-error.ts';
import type { AwsTarget } from '../target.ts';
import { targetError } from '../failure/target-error.ts';
import { type AddressQuestion, askTarget, type TakeInstance, type TargetAnswer } from './ask-target.ts';

/** What could not be had, beside what could. */
export interface FailedAnswer {
  /** A region, a group or an instance. */
  subject: string;
  error: ItemError;
}

export interface TargetAnswers {
  answers: readonly TargetAnswer[];
  failures: readonly FailedAnswer[];
}

/** Regions that are asked at the same time. */
const targetsAtOnce = 8;

/** Asks every region; one that cannot be asked is a failure beside the others. Throws what the signal aborts with. */
export async function askTargets(
  targets: readonly AwsTarget[],
  question: AddressQuestion,
  take: TakeInstance,
  signal: AbortSignal,
): Promise<TargetAnswers> {
  const answers: TargetAnswer[] = [];
  const failures: FailedAnswer[] = [];
  const asked = inParallel(targets, targetsAtOnce, (target) =>
    orFailure(target, signal, () => askTarget(target, question, take, signal)),
  );
  for await (const answer of asked) {
    if ('error' in answer) failures.push(answer);
    else answers.push(answer);
  }
  // In the order of the question, not in that of the answers.
  const labels = targets.map(({ label }) => label);
  answers.sort((a, b) => labels.indexOf(a.target.label) - labels.indexOf(b.target.label));
  failures.sort((a, b) => labels.indexOf(a.subject) - labels.indexOf(b.subject));
  return { answers, failures };
}

/** What `ask` resolves to, or the failure of its target that somebody can mend. */
export async function orFailure<Answer>(
  target: AwsTarget,
  signal: AbortSignal,
  ask: () => Promise<Answer>,
): Promise<Answer | FailedAnswer> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    return { subject: target.label, error: targetError(error, target) };
  }
}
