import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';

export interface TagCondition {
  key: string;
  /** One of them, each of which may have `*` and `?`; undefined: whatever the value is. */
  values?: readonly string[];
}

/** Of the key and the value of a tag, the same for EC2 and Auto Scaling. */
const longestKey = 128;
const longestValue = 256;

/** A condition as typed, `key=value` or `key`. Throws a UserError (usage) with the column of the mistake. */
export function parseTagCondition(text: string): TagCondition {
  const equals = text.indexOf('=');
  const key = equals === -1 ? text : text.slice(0, equals);
  const mistake = (column: number, what: string) =>
    new UserError(`'${printable(text.slice(0, 60))}', column ${column}: ${what}`, {
      code: 'usage',
      hints: ['write --tag KEY=VALUE, or --tag KEY for whatever value'],
    });
  if (key === '') throw mistake(1, 'there is no key');
  if (key.length > longestKey) throw mistake(longestKey + 1, `a key has at most ${longestKey} characters`);
  if (equals === -1) return { key };
  const value = text.slice(equals + 1);
  if (value.length > longestValue) {
    throw mistake(equals + 2 + longestValue, `a value has at most ${longestValue} characters`);
  }
  return { key, values: [value] };
}
