import type { ZodOptional, ZodType } from 'zod';
import { parseDuration } from '../quantity/duration.ts';
import { sectionNames } from '../system/report.ts';
import { reportMistake } from './checked-text.ts';
import { crossMistakes } from './cross-references.ts';
import { defaultsSchema } from './schema-defaults.ts';
import { jobsSchema, sharedJobKeys } from './schema-jobs.ts';
import { logsGrepSchema } from './schema-logs-grep.ts';
import { notifySchema } from './schema-notify.ts';
import { sslExpirySchema } from './schema-ssl-expiry.ts';
import { textMistake } from './text-mistake.ts';

type Zod = typeof import('zod');

/** Reads one rule and throws a UserError when it cannot be read. */
export type CheckRule = (rule: string) => unknown;

/** What devops.yaml says, checked, with the defaults of its own keys filled in. */
export type Config = import('zod').output<Awaited<ReturnType<typeof configSchema>>>;

/**
 * The one description of devops.yaml: types, checks, the published JSON Schema and the messages come from it. A key
 * stands here only when a command reads it. `title` is what a message says was expected. What stands below a key of the
 * file that is not wanted is not described.
 */
export async function configSchema(checkRule?: CheckRule, isWanted: (key: string) => boolean = () => true) {
  const z = await import('zod');

  const duration = z
    .string()
    .refine(isDuration)
    .meta({
      title: 'a duration with its unit, such as 90s, 15m or 2h30m',
      pattern: String.raw`^(0|(\d+(\.\d+)?(ms|[smhdw]))+)$`,
    });

  const shared = once(() => sharedJobKeys(z, duration));

  /** A schema takes milliseconds to make, and most files have one of these keys. */
  function section<Schema extends ZodType>(key: string, description: string, make: () => Schema): ZodOptional<Schema> {
    const schema = isWanted(key) ? make().optional() : z.unknown().optional();
    // Of a key that is not there, the type tells nothing.
    return schema.describe(description) as ZodOptional<Schema>;
  }

  const config = z.strictObject({
    sysinfo: section('sysinfo', 'Settings of `devops sysinfo`.', () => sysinfoSchema(z, duration, checkRule)),
    'ssl-expiry': section('ssl-expiry', 'Settings of `devops ssl-expiry`.', () => sslExpirySchema(z, duration)),
    'logs-grep': section('logs-grep', 'Settings of `devops logs-grep`.', () => logsGrepSchema(z)),
    defaults: section('defaults', 'What holds for every job that does not say otherwise.', () =>
      defaultsSchema(z, shared()),
    ),
    notify: section('notify', 'Who is told, by the names that jobs and --notify use.', () => notifySchema(z)),
    jobs: section('jobs', 'What `devops run` runs, by the names of the jobs.', () => jobsSchema(z, shared())),
  });

  return config.superRefine((settings, issues) => {
    for (const { path, ...mistake } of crossMistakes(settings)) reportMistake(issues, mistake, path);
  });
}

function isDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
}

/** The settings of `devops sysinfo`. */
function sysinfoSchema(z: Zod, duration: ZodType<string, string>, checkRule: CheckRule | undefined) {
  const ruleText = z
    .string()
    .min(1)
    .superRefine((rule, issues) => {
      const mistake = checkRule === undefined || rule === '' ? undefined : textMistake(() => checkRule(rule));
      if (mistake !== undefined) issues.addIssue({ code: 'custom', params: { mistake } });
    })
    .meta({ title: `a rule such as disk.used_pct{mount="/var"} > 90` });

  const rule = z.strictObject({
    name: z
      .string()
      .min(1)
      .meta({ title: 'a name' })
      .optional()
      .describe('Name of the rule in reports; left out, it is the rule itself.'),
    if: ruleText.describe('The condition that must not be true, written as for --fail-if.'),
    severity: z.enum(['warning', 'critical']).default('critical').describe('What it is when the condition is true.'),
    allow_missing: z
      .boolean()
      .default(false)
      .describe('Whether it is fine that this machine has nothing to compare; else it is an error.'),
    hosts: z
      .array(z.string().min(1).meta({ title: 'a host name or a glob such as web-*' }))
      .min(1)
      .optional()
      .describe('The hosts on which the rule counts, as names or globs; left out, it counts on every host.'),
  });

  return z.strictObject({
    sections: z
      .array(z.enum(sectionNames))
      .min(1)
      .optional()
      .describe('The sections that a bare `devops sysinfo` shows.'),
    skip: z.array(z.enum(sectionNames)).optional().describe('Sections that a bare `devops sysinfo` leaves out.'),
    rules: z.array(rule).optional().describe('What must not be true; each rule gives a verdict.'),
    sample: duration.optional().describe('How long rates and CPU percentages are measured; 0s takes no sample.'),
    deadline: duration
      .optional()
      .describe('How long one look at the machine may take; what is not there by then is an error.'),
  });
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
