import { UserError } from '../../errors/user-error.ts';
import { isGlob, matchesGlob } from '../../text/glob.ts';
import { printable } from '../../text/printable.ts';
import type { GroupRow } from '../group-row.ts';
import type { GroupQuestion } from '../question.ts';
import type { TagCondition } from './tag-condition.ts';

/** Which groups are meant: by name or by glob, and of those the ones that have all tags. */
export interface GroupSelection {
  /** Exact names. */
  names: ReadonlySet<string>;
  globs: readonly string[];
  tags: readonly TagCondition[];
}

/** Of a name, https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html. */
const longestName = 255;
/** Throws a UserError (usage) for a word that can be no name of a group. */
export function selectGroups(words: readonly string[], tags: readonly TagCondition[]): GroupSelection {
  const unique = [...new Set(words)];
  for (const word of unique) {
    if (word !== '' && word.length <= longestName) continue;
    const shown =
      word === '' ? 'an empty word' : `'${printable(word.slice(0, 40))}...', with ${word.length} characters,`;
    throw new UserError(`${shown} is no name of an autoscaling group`, {
      code: 'usage',
      hints: [`write a name of 1 to ${longestName} characters, or a glob such as 'web-*'`],
    });
  }
  return {
    names: new Set(unique.filter((word) => !isGlob(word))),
    globs: unique.filter(isGlob),
    tags: joinTags(tags),
  };
}

/** The same key more than once means one of its values, for no tag has two. */
function joinTags(tags: readonly TagCondition[]): TagCondition[] {
  const joined = new Map<string, TagCondition>();
  for (const { key, values } of tags) {
    const before = joined.get(key);
    if (before === undefined || values === undefined)
      joined.set(key, before ?? (values === undefined ? { key } : { key, values }));
    else joined.set(key, { key, values: [...(before.values ?? []), ...values] });
  }
  return [...joined.values()];
}

/** Nothing but exact names: their instances can be asked for before it is known what the groups are. */
export function isExact({ globs, tags }: GroupSelection): boolean {
  return globs.length === 0 && tags.length === 0;
}

/** What the API is asked: never less than the selection means. `isSelected` tells which of the answer it does mean. */
export function groupQuestion(selection: GroupSelection): GroupQuestion {
  if (isExact(selection)) return { names: [...selection.names] };
  if (selection.tags.length === 0) return {};
  // The API takes values as they are: those with a glob, and the empty one, are left to us.
  const filters = selection.tags.map(({ key, values }) =>
    values === undefined || values.some((value) => value === '' || isGlob(value))
      ? { name: 'tag-key', values: [key] }
      : { name: `tag:${key}`, values },
  );
  return { filters };
}

export function isSelected({ names, globs, tags }: GroupSelection, group: Pick<GroupRow, 'name' | 'tags'>): boolean {
  const isNamed =
    names.size + globs.length === 0 ||
    names.has(group.name) ||
    globs.some((glob) => matchesGlob(glob, group.name, { caseSensitive: true }));
  return isNamed && tags.every((condition) => hasTag(condition, group.tags));
}

function hasTag({ key, values }: TagCondition, tags: ReadonlyMap<string, string>): boolean {
  const value = tags.get(key);
  if (value === undefined) return false;
  return values === undefined || values.some((wanted) => matchesGlob(wanted, value, { caseSensitive: true }));
}
