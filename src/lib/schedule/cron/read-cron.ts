import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { quoted } from '../../text/quoted.ts';
import { canFire } from './can-fire.ts';
import { type CronField, type CronFields, type FieldName, fieldKinds } from './field-kinds.ts';
import { parseField } from './parse-field.ts';

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Each minute of an hour and each hour of a day in a list have room in it. */
const longestText = 1000;

/** A cron expression, understood, without a zone. */
export interface CronExpression {
  /** Five fields without names, nicknames and `H`: every target reads it as cron does. */
  text: string;
  fields: CronFields;
}

/**
 * Reads the five fields of crontab(5), or a nickname such as `@daily`. Throws a UserError (usage) that names the field,
 * also for a date that never comes. `seed` is what `H` is made from: `scheduleSeed`.
 */
export function readCron(expression: string, seed?: string): CronExpression {
  const fail = (message: string, hint: string): never => {
    throw new UserError(`cron expression ${quoted(expression.trim())}: ${message}`, { code: 'usage', hints: [hint] });
  };
  if (expression.length > longestText) fail(`it is longer than ${longestText} characters`, 'use ranges and steps');
  const words = (expression.trim().startsWith('@') ? spellOut(expression.trim(), fail) : expression)
    .trim()
    .split(/\s+/);
  if (words.length !== fieldKinds.length || words[0] === '') fail(...wrongCount(words));
  const parsed: [FieldName, CronField][] = fieldKinds.map((kind, index) => {
    const field = parseField(words[index]!, kind, seed);
    return 'message' in field ? fail(`${kind.title}: ${field.message}`, field.hint) : [kind.name, field];
  });
  const fields = Object.fromEntries(parsed) as Record<FieldName, CronField>;
  if (!canFire(fields)) {
    fail('it never fires, as none of its months has such a day', 'write a day that the month has');
  }
  return { text: parsed.map(([, { text }]) => text).join(' '), fields };
}

/** Five fields, a nickname, or something that can only have been meant as one: it has a star. */
export function looksLikeCron(text: string): boolean {
  const words = text.trim().split(/\s+/);
  if (text.trim().startsWith('@') || words.some((word) => word.startsWith('*'))) return true;
  return words.length >= 5 && words.length <= 7 && words.slice(0, 2).every((word) => /^[\dh][\d,/h-]*$/i.test(word));
}

function spellOut(nickname: string, fail: (message: string, hint: string) => never): string {
  const known = nickname.toLowerCase();
  if (Object.hasOwn(nicknames, known)) return nicknames[known]!;
  if (known === '@reboot') {
    return fail('@reboot is no time, and only cron knows it', 'write a service for systemd, or a line of crontab(5)');
  }
  const near = nearest(known, Object.keys(nicknames));
  return fail(
    'there is no such nickname',
    near === undefined ? 'write @daily or five fields' : `did you mean ${near}?`,
  );
}

function wrongCount(words: readonly string[]): [string, string] {
  if (words[0] === '') return ['it is empty', "write five fields such as '30 2 * * *', or @daily"];
  const order = 'minute, hour, day of the month, month, day of the week';
  if (words.length > fieldKinds.length) {
    return [`it has ${words.length} fields`, `cron has no seconds and no years: write ${order}`];
  }
  return [`it has ${words.length} of five fields`, `write ${order}, such as '30 2 * * *'`];
}
