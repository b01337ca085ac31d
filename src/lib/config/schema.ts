import { parseDuration } from '../quantity/duration.ts';
import { sectionNames } from '../system/report.ts';
import { logsGrepSchema } from './schema-logs-grep.ts';
import { sslExpirySchema } from './schema-ssl-expiry.ts';
import { textMistake } from './text-mistake.ts';

/** Reads one rule and throws a UserError when it cannot be read. */
export type CheckRule = (rule: string) => unknown;

/** What devops.yaml says, checked, with the defaults of its own keys filled in. */
export type Config = import('zod').output<Awaited<ReturnType<typeof configSchema>>>;

/**
 * The one description of devops.yaml: types, checks, the published JSON Schema and the messages come from it. A key
 * stands here only when a command reads it. `title` is what a message says was expected.
 */
export async function configSchema(checkRule?: CheckRule) {
  const z = await import('zod');

  const duration = z
    .string()
    .refine(isDuration)
    .meta({
      title: 'a duration with its unit, such as 90s, 15m or 2h30m',
      pattern: String.raw`^(0|(\d+(\.\d+)?(ms|[smhdw]))+)$`,
    });

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

  const sysinfo = z.strictObject({
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

  return z.strictObject({
    sysinfo: sysinfo.optional().describe('Settings of `devops sysinfo`.'),
    'ssl-expiry': sslExpirySchema(z, duration).optional().describe('Settings of `devops ssl-expiry`.'),
    'logs-grep': logsGrepSchema(z).optional().describe('Settings of `devops logs-grep`.'),
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
