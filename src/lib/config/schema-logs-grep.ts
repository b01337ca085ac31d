import type { ZodType } from 'zod';
import { thresholdOf } from '../logs/alert/log-rule-of.ts';
import { largestLullCount } from '../logs/alert/lull.ts';
import { largestCount, parsePeriod, parseThreshold } from '../logs/alert/parse-threshold.ts';
import { parseRuleMessage } from '../logs/alert/rule-message.ts';
import { parseLevelFilter } from '../logs/fields/level-filter.ts';
import { compilePatterns } from '../logs/pattern/compile-patterns.ts';
import { parseTimeFormat } from '../logs/time/parse-time-format.ts';
import { openZone } from '../time/zone.ts';
import { UserError } from '../errors/user-error.ts';
import { checkedText, reportMistake } from './checked-text.ts';
import { formatPath } from './config-path.ts';
import { quoted } from '../text/quoted.ts';
import { type TextMistake, textMistake } from './text-mistake.ts';

/** A rule about lines of a log as it is typed, checked; logRuleOf makes of it what is judged. */
export type LogRuleSetting = import('zod').output<ReturnType<typeof logRulesSchema>>[number];

/** `10`, `10/5m` or `{ count: 10, per: 5m }`. */
export type ThresholdSetting = string | number | { count: number; per?: string | undefined };

type LabelSetting = string | number | boolean;

const mostRules = 1000;
const mostPatterns = 1000;
const longestText = 4096;

/** The settings of `devops logs-grep`. Texts stay as they were typed: a checked file is kept as JSON. */
export function logsGrepSchema(z: typeof import('zod')) {
  return z.strictObject({
    rules: logRulesSchema(z).optional().describe('What a bare `devops logs-grep --alert` judges the lines by.'),
    files: z
      .array(z.string().min(1).meta({ title: 'a path or a glob such as /var/log/app/*.log' }))
      .min(1)
      .optional()
      .describe('What is searched when no file is named: paths and globs.'),
    time_format: checkedText(z, parseTimeFormat)
      .meta({ title: 'a time format such as iso, clf or %d.%m.%Y %H:%M:%S' })
      .optional()
      .describe('How the lines write their time, where that is not found out by itself; as --time-format.'),
    tz: checkedText(z, (text) => openZone(text))
      .meta({ title: 'a time zone such as Europe/Berlin, UTC or +02:00' })
      .optional()
      .describe('The zone of times in the lines that name none, and of those that are shown; as --tz.'),
  });
}

/** A list of rules, as it stands in devops.yaml and in a file of its own. */
export function logRulesSchema(z: typeof import('zod')) {
  const pattern = checkedText(z, (text) => compilePatterns([text])).meta({
    title: `a pattern such as 'connection (refused|reset)'`,
  });
  const patterns = z.union([pattern, z.array(pattern).min(1).max(mostPatterns)]).meta({
    title: `a pattern, or a list of 1 to ${mostPatterns} patterns`,
  });

  const count = z.int().min(1).max(largestCount);
  const thresholdTitle = 'a count such as 10, a rate such as 10/5m, or a mapping of count and per';
  const threshold = z
    .union([
      checkedText(z, parseThreshold).meta({ pattern: String.raw`^\d+(/[\d.a-z]+)?$` }),
      count,
      z.strictObject({
        count: count
          .meta({ title: `a whole number from 1 to ${largestCount}` })
          .describe('How many lines, counted within the period.'),
        per: checkedText(z, (text) => parsePeriod(text, text))
          .meta({ title: 'a duration with its unit, such as 5m' })
          .optional()
          .describe('Length of the period; left out, it is the whole run.'),
      }),
    ])
    .meta({ title: thresholdTitle });

  const rule = z
    .strictObject({
      name: z
        .string()
        .min(1)
        .max(200)
        .meta({ title: 'a name of at most 200 characters' })
        .describe('Name of the rule, which alerts are told apart by.'),
      match: patterns.optional().describe('Patterns of which one must be in the line.'),
      all: patterns.optional().describe('Patterns that must all be in the line.'),
      not: patterns.optional().describe('Patterns of which none may be in the line.'),
      exclude: patterns
        .optional()
        .describe('Patterns of lines that the rule never sees, such as those of the check itself.'),
      level: checkedText(z, parseLevelFilter)
        .meta({ title: 'a level such as error, or exactly one such as =error' })
        .optional()
        .describe('The least level of the line, written as for --level.'),
      threshold: threshold
        .optional()
        .describe('From how many lines on it is too many; left out, it is 1, or never where at_least is given.'),
      at_least: threshold
        .superRefine((least, issues) => reportMistake(issues, leastMistake(least)))
        .optional()
        .describe('Fewer lines than these are too few.'),
      severity: z.enum(['warning', 'critical']).default('critical').describe('What it is when the rule fires.'),
      labels: labelsSchema(z).optional().describe('Names and texts that go along into metrics and messages.'),
      message: z
        .string()
        .min(1)
        .max(longestText)
        .meta({ title: `a text such as '{count} times {rule}: {sample}'` })
        .optional()
        .describe('What the alert says, with placeholders in braces such as {count}, {first}, {last} and {sample}.'),
    })
    .superRefine(({ match, all, not, level, message, labels = {} }, issues) => {
      if ((match ?? all ?? not ?? level) === undefined) reportMistake(issues, saysNothing);
      if (message === undefined) return;
      const texts = Object.fromEntries(Object.keys(labels).map((name) => [name, '']));
      reportMistake(
        issues,
        textMistake(() => parseRuleMessage(message, texts)),
        ['message'],
      );
    });

  return z
    .array(rule)
    .min(1)
    .max(mostRules)
    .superRefine((rules, issues) => {
      const first = new Map<string, number>();
      for (const [index, { name }] of rules.entries()) {
        const earlier = first.get(name);
        if (earlier === undefined) first.set(name, index);
        else reportMistake(issues, twice(name, earlier), [index, 'name']);
      }
    })
    .meta({ title: `a list of 1 to ${mostRules} rules` });
}

/** Checked by hand, so that a mistake names the label. */
function labelsSchema(z: typeof import('zod')) {
  return z
    .record(z.string(), z.unknown() as ZodType<LabelSetting>)
    .superRefine((labels, issues) => {
      for (const [name, value] of Object.entries(labels)) reportMistake(issues, labelMistake(name, value), [name]);
    })
    .meta({
      title: 'a mapping of names to texts',
      propertyNames: undefined,
      patternProperties: {
        [labelName]: { anyOf: [{ type: 'string', maxLength: longestText }, { type: 'number' }, { type: 'boolean' }] },
      },
      additionalProperties: false,
    });
}

/** What Prometheus takes, without what it keeps for itself and what the metrics of a rule have already. */
const labelName = '^(?!__|(?:rule|severity)$)[A-Za-z_][A-Za-z0-9_]{0,99}$';

function labelMistake(name: string, value: unknown): TextMistake | undefined {
  if (!new RegExp(labelName).test(name)) {
    const isTaken = ['rule', 'severity'].includes(name) || name.startsWith('__');
    const message = isTaken ? `the label ${quoted(name)} is given by others` : `${quoted(name)} is no name of a label`;
    const hint = isTaken ? 'choose another name' : 'write letters, digits and underscores';
    return { message, hint };
  }
  if (typeof value === 'string' && value.length <= longestText) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return undefined;
  return { message: `expected a text of at most ${longestText} characters, a number, true or false` };
}

function leastMistake(setting: ThresholdSetting): TextMistake | undefined {
  return textMistake(() => {
    const { count, perSeconds } = thresholdOf(setting);
    if (perSeconds === undefined || count <= largestLullCount) return;
    throw new UserError(`found the count ${count} within a period, expected at most ${largestLullCount}`, {
      hints: ['write a shorter period'],
    });
  });
}

const saysNothing: TextMistake = {
  message: 'says nothing that a line must be, expected match, all, not or level',
  hint: "write for instance match: 'Out of memory'",
};

function twice(name: string, first: number): TextMistake {
  return {
    message: `the name ${quoted(name)} is there twice, first as that of ${formatPath(['rules', first])}`,
    hint: 'alerts are told apart by the name: choose another one',
  };
}
