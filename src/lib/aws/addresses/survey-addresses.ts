import type { Verdict } from '../../results/verdict.ts';
import { openTargets, type TargetRequest } from '../open-targets.ts';
import type { FailedAnswer } from './ask-targets.ts';
import { type AddressRequest, findAddresses, type FoundAddresses, type TakeAddress } from './find-addresses.ts';
import { judgeAddresses } from './judge-addresses.ts';
import { selectGroups } from './group-selection.ts';
import { noGroupNamed, unknownGroups } from './known-groups.ts';
import type { TagCondition } from './tag-condition.ts';
import { waitFor, type Waiting } from './wait-for.ts';

export interface SurveyRequest extends Omit<AddressRequest, 'selection'> {
  /** Names of groups and globs, as typed. */
  groups: readonly string[];
  /** Which of these groups, or of all. */
  groupTags: readonly TagCondition[];
  /** So many different addresses are wanted. */
  atLeast: number;
  /** Until when it is looked again for them; undefined: once. */
  wait?: Waiting | undefined;
  /** Told of how many there are after each look. */
  onLook?(count: number): void;
}

/** All that is to be told, but for the addresses themselves. */
export interface Survey {
  found: FoundAddresses;
  failures: readonly FailedAnswer[];
  verdicts: readonly Verdict[];
}

/**
 * Finds the addresses, waits for them if it is asked to, and judges them. `collect` is called before each look and gives
 * what takes its addresses. A look with a failure ends the waiting, for it would only be repeated.
 *
 * Throws UserError where nothing can be asked, such as without a region, and where no group is named: then it tells the
 * names of those that there are; for a word that can name no group, too.
 */
export async function surveyAddresses(
  where: TargetRequest,
  request: SurveyRequest,
  collect: () => TakeAddress | undefined,
): Promise<Survey> {
  const { groups, groupTags, atLeast, wait } = request;
  const selection = selectGroups(groups, groupTags);
  const { signal } = where;
  const targets = await openTargets(where);
  try {
    const isNothing = selection.names.size + selection.globs.length + selection.tags.length === 0;
    if (isNothing) throw await noGroupNamed(targets, signal);
    const look = async () => {
      const found = await findAddresses(targets, { ...request, selection }, collect(), signal);
      const failures = [...found.failures, ...(await unknownGroups(selection, found, signal))];
      request.onLook?.(found.addresses.size());
      return { found, failures };
    };
    const isEnough = ({ found, failures }: Awaited<ReturnType<typeof look>>) =>
      failures.length > 0 || found.addresses.size() >= atLeast;
    const { found, failures } = wait === undefined ? await look() : await waitFor(look, isEnough, wait);
    const demand = { selection, kind: request.kind, atLeast, waited: wait?.seconds };
    return { found, failures, verdicts: judgeAddresses(found, failures.length > 0, demand) };
  } finally {
    for (const target of targets) target.close();
  }
}
