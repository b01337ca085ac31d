import { UserError } from '../../errors/user-error.ts';
import { quoted } from '../../text/quoted.ts';
import { memberTag } from '../power/instance-action.ts';
import type { Selection } from '../power/parse-selection.ts';

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A tag that instances have to have: one of the values, or any. */
interface TagCondition {
  key: string;
  values?: readonly string[];
}

/**
 * The conditions on an instance's tags that say what the selectors say. What IAM has no condition for, such as a filter
 * by type, is left out: the policy then allows more than the command does, never less. Throws a UserError for text that
 * CloudFormation would not leave as it is.
 */
export function tagConditions(selection: Selection, scheduleTag: string | undefined): Conditions {
  const tags = [...selection.tags, ...selection.filters].flatMap(tagCondition);
  const keys = [...selection.keys, ...(scheduleTag === undefined ? [] : [scheduleTag])];
  const groups = selection.groups.length === 0 ? [] : [{ key: memberTag, values: selection.groups }];
  const conditions: Record<'StringEquals' | 'StringLike' | 'Null', Record<string, string | readonly string[]>> = {
    StringEquals: {},
    StringLike: {},
    Null: {},
  };
  for (const { key, values } of [...tags, ...keys.map((one): TagCondition => ({ key: one })), ...groups]) {
    for (const text of [key, ...(values ?? [])]) refuseReference(text);
    const name = `aws:ResourceTag/${key}`;
    if (values === undefined) conditions.Null[name] = 'false';
    else if (values.some(isPattern)) conditions.StringLike[name] = values.map(pattern);
    else conditions.StringEquals[name] = values.map(plain);
  }
  return Object.fromEntries(Object.entries(conditions).filter(([, entries]) => Object.keys(entries).length > 0));
}

/** Text in which a dollar sign begins no policy variable. */
export function variableFree(text: string): string {
  return text.replaceAll('${', '${$}{');
}

/** Of a filter of the API; several keys of which one has to be there cannot be said. */
function tagCondition({ name, values }: { name: string; values: readonly string[] }): TagCondition[] {
  if (name.startsWith('tag:')) return [{ key: name.slice('tag:'.length), values }];
  return name === 'tag-key' && values.length === 1 && !isPattern(values[0]!) ? [{ key: plain(values[0]!) }] : [];
}

/** In the API a backslash takes a wildcard for what it is. */
function isPattern(value: string): boolean {
  return /[*?]/.test(value.replaceAll(/\\[\s\S]/g, ''));
}

function plain(value: string): string {
  return variableFree(value.replaceAll(/\\([\s\S])/g, '$1'));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html: `${*}` is an asterisk. */
function pattern(value: string): string {
  return variableFree(value).replaceAll(/\\([\s\S])/g, (_, character: string) =>
    character === '*' || character === '?' ? `\${${character}}` : character,
  );
}

/** CloudFormation replaces it wherever it stands, and knows no way to write it as it is. */
function refuseReference(text: string): void {
  if (!text.includes('{{resolve:')) return;
  throw new UserError(`${quoted(text)} would be taken for a dynamic reference by CloudFormation`, {
    code: 'usage',
    hints: ['select the instances by another tag'],
  });
}
