import type { AwsTarget } from '../target.ts';
import type { FailedAction } from './failed-action.ts';
import type { TargetPlan } from './target-plan.ts';

/** What was asked for by name and is in none of the regions that have answered. */
export function missingEverywhere(plans: readonly TargetPlan[]): readonly string[] {
  const [first, ...others] = plans.map(({ missing }) => missing);
  if (first === undefined) return [];
  return others.reduce((left, missing) => {
    const absent = new Set(missing);
    return left.filter((name) => absent.has(name));
  }, first);
}

/** The error record of an instance or a group that is nowhere. */
export function notFound(
  name: string,
  plans: readonly TargetPlan[],
  { targets, isNarrowed }: { targets: readonly AwsTarget[]; isNarrowed: boolean },
): FailedAction {
  const where = plans.map(({ target }) => target.label).join(', ');
  const isInstance = /^i-[0-9a-f]{8,17}$/.test(name);
  // A group is looked up by its name alone.
  const doubt = isInstance && isNarrowed ? ', or another selector does not fit it' : '';
  const [first] = targets;
  return {
    kind: isInstance ? 'instance' : 'group',
    id: name,
    region: targets.length === 1 && first !== undefined ? first.region : '',
    account: '',
    subject: name,
    error: {
      code: 'not-found',
      message: `there is no such ${isInstance ? 'instance' : 'autoscaling group'} in ${where}${doubt}`,
      hint: 'look with --region all, or with another --profile',
    },
  };
}
