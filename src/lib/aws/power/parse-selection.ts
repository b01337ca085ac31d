import { UserError } from '../../errors/user-error.ts';
import { matchesGlob } from '../../text/glob.ts';
import { quoted } from '../../text/quoted.ts';
import type { Filter, InstanceQuestion } from '../question.ts';
import { memberTag } from './instance-action.ts';

/** Which instances somebody has named. */
export interface Selection {
  ids: readonly string[];
  /** Of --tag with a value. */
  tags: readonly Filter[];
  /** Tags that must be there, whatever their value. */
  keys: readonly string[];
  /** Of --filters. */
  filters: readonly Filter[];
  /** Names of autoscaling groups, or globs. */
  groups: readonly string[];
  all: boolean;
}

export interface SelectionWords {
  ids: readonly string[];
  tag: readonly string[];
  filters: readonly string[];
  asg: readonly string[];
  all?: boolean | undefined;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html */
const mostValues = 200;
/** Characters. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */
const longestKey = 128;
const longestValue = 256;

/** Reads selectors as they were typed. Throws a UserError (usage) for a mistake in them. */
export function parseSelection({ ids, tag, filters, asg, all }: SelectionWords): Selection {
  for (const id of ids) checkId(id);
  const hasOthers = ids.length + tag.length + filters.length + asg.length > 0;
  if (all === true && hasOthers) {
    throw usage('--all means every instance, and goes with no other selector', 'leave one of them out');
  }
  const parsed = tag.map(parseTag);
  const tags = parsed.flatMap(({ key, values }) => (values === undefined ? [] : [{ name: `tag:${key}`, values }]));
  const twice = tags.find(({ name }, at) => tags.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) {
    const key = twice.name.slice('tag:'.length);
    throw usage(`--tag ${quoted(key)} is given twice`, `write --tag '${key}=a,b' for either of two values`);
  }
  return {
    ids: [...new Set(ids)],
    tags,
    keys: parsed.flatMap(({ key, values }) => (values === undefined ? [key] : [])),
    filters: filters.map(parseFilter),
    groups: [...new Set(asg.map(checkGroup))],
    all: all === true,
  };
}

export function isEmptySelection({ ids, tags, keys, filters, groups, all }: Selection): boolean {
  return ids.length + tags.length + keys.length + filters.length + groups.length === 0 && !all;
}

/** Whether an instance that is named by its id has to fit something else, too. */
export function isNarrowed({ tags, keys, filters, groups }: Selection): boolean {
  return tags.length + keys.length + filters.length + groups.length > 0;
}

/**
 * What the API is asked for. Of several tags that only have to be there one is asked for: two filters of one name are
 * not promised to be joined by and. `hasKeys` sees to the others.
 */
export function questionOf(selection: Selection, keys: readonly string[] = selection.keys): InstanceQuestion {
  const { ids, tags, filters, groups } = selection;
  const [key] = keys;
  return {
    ...(ids.length === 0 ? {} : { ids }),
    filters: [
      ...tags,
      ...filters,
      ...(groups.length === 0 ? [] : [{ name: `tag:${memberTag}`, values: groups }]),
      ...(key === undefined ? [] : [{ name: 'tag-key', values: [key] }]),
    ],
  };
}

export function hasKeys(tags: ReadonlyMap<string, string>, keys: readonly string[]): boolean {
  return keys.every((key) => tags.has(key));
}

/** Whether tags that are known here are those that --tag asks for; in the API's own way, with * and ?. */
export function fitsTags({ tags: wanted, keys }: Selection, tags: ReadonlyMap<string, string>): boolean {
  return (
    hasKeys(tags, keys) &&
    wanted.every(({ name, values }) => {
      const value = tags.get(name.slice('tag:'.length));
      return value !== undefined && values.some((glob) => matchesGlob(glob, value, { caseSensitive: true }));
    })
  );
}

export function isNamedGroup({ groups }: Selection, name: string): boolean {
  return groups.some((glob) => glob === name || matchesGlob(glob, name, { caseSensitive: true }));
}

/** The selectors in the words of the command line, for people. */
export function selectionText({ ids, tags, keys, filters, groups, all }: Selection): string {
  return [
    ...ids.slice(0, 3),
    ...(ids.length > 3 ? [`and ${ids.length - 3} more`] : []),
    ...tags.map(({ name, values }) => `--tag ${name.slice('tag:'.length)}=${values.join(',')}`),
    ...keys.map((key) => `--tag ${key}`),
    ...filters.map(({ name, values }) => `--filters Name=${name},Values=${values.join(',')}`),
    ...groups.map((name) => `--asg ${name}`),
    ...(all ? ['--all'] : []),
  ].join(' ');
}

function checkId(id: string): void {
  if (/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) return;
  throw usage(
    `${quoted(id)} is not the id of an instance`,
    'ids are i- and 8 or 17 hexadecimal digits; by its name: --tag Name=web-1',
  );
}

function checkGroup(name: string): string {
  if (name !== '' && name.length <= 255) return name;
  throw usage(`--asg: ${quoted(name)} is not the name of an autoscaling group`, 'names have 1 to 255 characters');
}

function parseTag(text: string): { key: string; values?: readonly string[] } {
  const at = text.indexOf('=');
  const key = at === -1 ? text : text.slice(0, at);
  const hint = 'write --tag env=dev, or --tag env for any value';
  if (key === '') throw usage(`--tag ${quoted(text)}, column 1: there is no key`, hint);
  if (key.length > longestKey) {
    throw usage(`--tag ${quoted(short(text))}, column 1: the key has more than ${longestKey} characters`, hint);
  }
  if (at === -1) return { key };
  const values = splitValues(text.slice(at + 1));
  // No tag can have it, and a selector that never matches would look like nothing to do.
  if (values.some((value) => value.replaceAll(/\\(?=[*?\\])/g, '').length > longestValue)) {
    throw usage(`--tag ${quoted(short(text))}: a value has more than ${longestValue} characters`, hint);
  }
  return { key, values };
}

/** `Name=instance-type,Values=t3.micro,t3.small`, as awscli has it. */
function parseFilter(text: string): Filter {
  const match = /^\s*Name=([^,=\s]+),\s*Values=(.*)$/s.exec(text);
  if (match === null) {
    const column = text.trimStart().startsWith('Name=') ? Math.max(1, text.indexOf(',') + 2) : 1;
    const what = column === 1 ? 'Name=' : 'Values=';
    throw usage(
      `--filters ${quoted(text)}, column ${column}: ${what} is missing`,
      'write --filters Name=instance-type,Values=t3.micro,t3.small',
    );
  }
  return { name: match[1]!, values: splitValues(match[2]!) };
}

/** At commas; one behind a backslash belongs to the value. */
function splitValues(text: string): readonly string[] {
  const values = text.match(/(?:[^,\\]|\\[\s\S]?)+|(?<=^|,)(?=,|$)/g) ?? [''];
  if (values.length > mostValues) {
    throw usage(`a filter has room for ${mostValues} values, not for ${values.length}`, 'run it for a part of them');
  }
  return values.map((value) => value.replaceAll(String.raw`\,`, ','));
}

function short(text: string): string {
  return `${text.slice(0, 20)}...`;
}

function usage(message: string, hint: string): UserError {
  return new UserError(message, { code: 'usage', hints: [hint] });
}
