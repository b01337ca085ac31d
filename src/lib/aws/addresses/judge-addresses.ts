import type { Verdict } from '../../results/verdict.ts';
import { formatDuration } from '../../quantity/duration.ts';
import { matchesGlob } from '../../text/glob.ts';
import { type AddressKind, kindWords } from './address-kind.ts';
import type { FoundAddresses } from './find-addresses.ts';
import type { GroupSelection } from './group-selection.ts';

export interface Demand {
  selection: GroupSelection;
  kind: AddressKind;
  /** So many different addresses are wanted. */
  atLeast: number;
  /** So long it was waited for them, in seconds. */
  waited?: number | undefined;
}

const mostIds = 10;
const longestSubject = 80;

/**
 * What the addresses mean: enough of them, or critical. None where something has failed and there are too few of them:
 * then it cannot be told, and the failure says so.
 */
export function judgeAddresses(found: FoundAddresses, hasFailed: boolean, demand: Demand): Verdict[] {
  const { selection, atLeast } = demand;
  const count = found.addresses.size();
  const subject = subjectOf(selection);
  if (count < atLeast && hasFailed) return [];
  if (atLeast > 0 && !hasFailed) {
    const unmatched = unmatchedSelectors(selection, found);
    if (unmatched.length > 0) return unmatched;
  }
  if (count >= atLeast) return [{ status: 'ok', subject, code: 'enough', message: counted(count, 'address') }];
  if (count === 0) return [{ status: 'critical', subject, code: 'no-address', message: whyNone(found, demand) }];
  const waited = demand.waited === undefined ? '' : ` after ${formatDuration(demand.waited)}`;
  const message = `${counted(count, 'address')}${waited}, fewer than the ${atLeast} that are needed`;
  return [{ status: 'critical', subject, code: 'too-few', message }];
}

/** `2 instances have no public IPv4 address: i-1, i-2`; undefined where every instance has one. */
export function lackingNote(found: FoundAddresses, kind: AddressKind): string | undefined {
  const { lacking } = found;
  if (lacking.length === 0) return undefined;
  const shown = lacking.slice(0, mostIds).join(', ');
  const more = lacking.length > mostIds ? ` and ${lacking.length - mostIds} more` : '';
  const verb = lacking.length === 1 ? 'has' : 'have';
  return `${counted(lacking.length, 'instance')} ${verb} no ${kindWords[kind]}: ${shown}${more}`;
}

/** A glob or tag that meant nothing: whoever wrote it expected something. */
function unmatchedSelectors({ names, globs, tags }: GroupSelection, { answers }: FoundAddresses): Verdict[] {
  const groups = answers.flatMap((answer) => answer.groups);
  const unmatched = globs.filter((glob) => !groups.some((name) => matchesGlob(glob, name, { caseSensitive: true })));
  const withTags = tags.length === 0 ? '' : ` with the tags of --tag`;
  const verdicts = unmatched.map((glob): Verdict => ({
    status: 'critical',
    subject: glob,
    code: 'no-match',
    message: `no autoscaling group matches${withTags}`,
  }));
  if (names.size + globs.length > 0 || groups.length > 0) return verdicts;
  const subject = `--tag ${tags.map(({ key, values }) => [key, ...(values ?? [])].join('=')).join(' --tag ')}`;
  return [{ status: 'critical', subject, code: 'no-match', message: 'no autoscaling group has these tags' }];
}

function whyNone(found: FoundAddresses, { kind, waited }: Demand): string {
  const after = waited === undefined ? '' : ` after ${formatDuration(waited)}`;
  const none = `no ${kindWords[kind]}${after}`;
  const lacking = lackingNote(found, kind);
  if (lacking !== undefined) return `${none}: ${lacking}`;
  let members = 0;
  let groups = 0;
  for (const answer of found.answers) {
    members += answer.members;
    groups += answer.groups.length;
  }
  const who = groups === 1 ? 'the group has' : `the ${groups} groups have`;
  if (members === 0) return `${none}: ${who} no instance`;
  return `${none}: ${who} ${counted(members, 'instance')}, left out by --lifecycle, --health, --state or --az`;
}

function subjectOf({ names, globs, tags }: GroupSelection): string {
  const words = [...names, ...globs, ...tags.map(({ key }) => `--tag ${key}`)].join(' ');
  return words.length > longestSubject ? `${words.slice(0, longestSubject)}...` : words;
}

function counted(count: number, noun: string): string {
  if (count === 0) return `no ${noun}`;
  return `${count} ${noun}${count === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`;
}
