import { inParallel } from '../../concurrency/in-parallel.ts';
import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';
import { describeGroups } from '../describe-groups.ts';
import type { AwsTarget } from '../target.ts';
import { type FailedAnswer, orFailure, type TargetAnswers } from './ask-targets.ts';
import type { GroupSelection } from './group-selection.ts';

/** So many names are told of a region. */
const mostNames = 40;
/** Hints for so many regions; a list of more is nothing that anybody reads. */
const mostRegions = 20;
/** Among more names than that the nearest is not looked for. */
const mostCandidates = 10_000;

/** The failure of a call that names no group: a usage error that tells which ones there are. */
export async function noGroupNamed(targets: readonly AwsTarget[], signal: AbortSignal): Promise<UserError> {
  const known = await knownGroups(targets, signal);
  const isSeveral = targets.length > 1;
  const hints = known.slice(0, mostRegions).map((answer) => {
    if ('error' in answer) return `the groups of ${answer.subject} cannot be listed: ${answer.error.message}`;
    const place = isSeveral ? ` in ${answer.target.label}` : '';
    if (answer.names.length === 0) return `there is no autoscaling group${place || ` in ${answer.target.label}`}`;
    const shown = answer.names.slice(0, mostNames).map(printable).join(', ');
    const more = answer.names.length > mostNames ? ` and ${answer.names.length - mostNames} more` : '';
    return `groups${place}: ${shown}${more}`;
  });
  if (known.length > mostRegions) hints.push(`and those of ${known.length - mostRegions} more regions`);
  return new UserError('no autoscaling group was named', {
    code: 'usage',
    hints: [...hints, "name some, or use a glob such as 'web-*', or --tag KEY=VALUE"],
  });
}

/** The names that are in no region that answered, each with the one that was probably meant. */
export async function unknownGroups(
  { names, tags }: GroupSelection,
  { answers, failures }: Pick<TargetAnswers, 'answers' | 'failures'>,
  signal: AbortSignal,
): Promise<FailedAnswer[]> {
  const found = new Set(answers.flatMap(({ groups }) => groups));
  const unknown = [...names].filter((name) => !found.has(name));
  if (unknown.length === 0 || answers.length === 0) return [];
  const targets = answers.map(({ target }) => target);
  const known = await knownGroups(targets, signal);
  const candidates = known.flatMap((answer) => ('names' in answer ? answer.names : [])).slice(0, mostCandidates);
  const exists = new Set(candidates);
  const [only] = targets;
  const regions = failures.length === 0 ? 'any region that was asked' : 'the regions that answered';
  const place = ` in ${targets.length === 1 ? only!.label : regions}`;
  return unknown.map((name) => {
    if (tags.length > 0 && exists.has(name)) {
      return { subject: name, error: { code: 'not-found', message: 'the group does not have the tags of --tag' } };
    }
    const near = nearest(name, candidates);
    return {
      subject: name,
      error: {
        code: 'not-found',
        message: `there is no autoscaling group of this name${place}`,
        ...(near === undefined ? {} : { hint: `did you mean '${near}'?` }),
      },
    };
  });
}

async function knownGroups(targets: readonly AwsTarget[], signal: AbortSignal) {
  const known: ({ target: AwsTarget; names: string[] } | FailedAnswer)[] = [];
  const asked = inParallel(targets, 8, (target) =>
    orFailure(target, signal, async () => {
      const names: string[] = [];
      for await (const rows of describeGroups(target, {}, { signal })) for (const { name } of rows) names.push(name);
      return { target, names: names.toSorted() };
    }),
  );
  for await (const answer of asked) known.push(answer);
  const label = (answer: (typeof known)[number]) => ('error' in answer ? answer.subject : answer.target.label);
  return known.toSorted((a, b) => (label(a) < label(b) ? -1 : 1));
}
