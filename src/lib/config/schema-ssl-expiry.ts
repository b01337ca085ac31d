import { isIP } from 'node:net';
import type { RefinementCtx, ZodType } from 'zod';
import { type FindingCode, findingSeverities } from '../tls/certificate-check.ts';
import { protocols } from '../tls/protocol.ts';
import { contradictions, duplicates, type Duplicate } from '../tls/target/inventory-mistakes.ts';
import { parseDate } from '../tls/target/parse-date.ts';
import { parseHost } from '../tls/target/parse-host.ts';
import { parseTarget } from '../tls/target/parse-target.ts';
import { thresholdOf } from '../tls/target/parse-threshold.ts';
import { targetSubject } from '../tls/target/target-subject.ts';
import { formatPath } from './config-path.ts';
import { quoted } from '../text/quoted.ts';
import { type TextMistake, textMistake } from './text-mistake.ts';

/** The settings of `devops ssl-expiry` and its inventory. Texts stay as they were typed: a checked file is kept as JSON. */
export function sslExpirySchema(z: typeof import('zod'), duration: ZodType<string, string>) {
  const threshold = z
    .union([
      z
        .string()
        .superRefine((text, issues) =>
          report(
            issues,
            textMistake(() => thresholdOf(text)),
          ),
        )
        .meta({ pattern: thresholdPattern }),
      z.number().min(0).max(100_000),
    ])
    .meta({ title: 'a threshold such as 30d,25%, or a number of days' });

  const targetText = z
    .string()
    .min(1)
    .superRefine((text, issues) => {
      report(issues, targetMistakeOf(text));
    })
    .meta({ title: 'a target such as example.com:443' });

  const ignore = z
    .strictObject({
      until: z
        .string()
        .refine((text) => parseDate(text) !== undefined)
        .meta({ title: 'a date such as 2027-01-31, or a time such as 2027-01-31T08:00:00Z', pattern: datePattern })
        .optional()
        .describe('From when on the findings count again: a day begins at midnight in UTC. Left out, it is never.'),
      codes: z
        .array(z.enum(Object.keys(findingSeverities) as FindingCode[]))
        .min(1)
        .optional()
        .describe('Which findings do not count; left out, it is all of them.'),
      reason: z.string().min(1).meta({ title: 'a reason' }).optional().describe('Why, for whoever reads this file.'),
    })
    .superRefine(({ until, codes }, issues) => {
      if (until === undefined && codes === undefined) report(issues, ignoresAll);
    });

  const target = z
    .strictObject({
      target: targetText.describe('What to look at: a host, host:port, a URL such as smtp://host, or a path.'),
      warn: threshold.optional().describe('When to warn, instead of what counts for all targets.'),
      crit: threshold.optional().describe('When it is critical, instead of what counts for all targets.'),
      owner: z.string().min(1).meta({ title: 'a name' }).optional().describe('Who looks after it, for reports.'),
      servername: z
        .string()
        .refine(isName)
        .meta({ title: 'a host name' })
        .optional()
        .describe('Name to ask for and to compare with, where it is not the host.'),
      address: z
        .string()
        .refine((text) => isIP(text) !== 0)
        .meta({ title: 'an IP address' })
        .optional()
        .describe('Address to connect to, instead of what the name service says.'),
      starttls: z
        .enum(protocols)
        .optional()
        .describe('What the server speaks before TLS, where its port does not tell; tls is TLS at once.'),
      ignore: ignore.optional().describe('Findings that are known and shall not alarm.'),
    })
    .superRefine((entry, issues) => {
      for (const { key, ...mistake } of contradictions(entry)) report(issues, mistake, [key]);
    });

  return z.strictObject({
    warn: threshold.optional().describe('When to warn: the smallest of these windows counts; 0 is never.'),
    crit: threshold.optional().describe('When it is critical: the smallest of these windows counts; 0 is never.'),
    ca: z
      .string()
      .min(1)
      .meta({ title: 'a path' })
      .optional()
      .describe('PEM file of the certificate authorities that are trusted beside those of the system.'),
    connect_timeout: duration.optional().describe('How long one target may take.'),
    concurrency: z
      .int()
      .min(1)
      .max(4096)
      .meta({ title: 'a whole number from 1 to 4096' })
      .optional()
      .describe('How many targets are looked at at the same time.'),
    targets: z
      .array(z.union([targetText, target]).meta({ title: 'a target such as example.com:443, or a mapping' }))
      .superRefine((entries, issues) => {
        for (const duplicate of duplicates(entries)) report(issues, twice(duplicate), [duplicate.index]);
      })
      .optional()
      .describe('The inventory: what a bare `devops ssl-expiry` looks at.'),
  });
}

/** Everything that the parsers take; what they refuse beyond it is said by them. */
const thresholdPattern = String.raw`^\s*\d+(\.\d+)?(%|[smhdw.\d]+)?(\s*,\s*\d+(\.\d+)?(%|[smhdw.\d]+)?)*\s*$`;
const datePattern = String.raw`^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2}))?$`;

const ignoresAll: TextMistake = {
  message: 'found neither until nor codes, which would hide every finding for ever',
  hint: 'write until, codes or both: ignore: { until: 2027-01-31, codes: [weak-key] }',
};

function report(issues: RefinementCtx, mistake: TextMistake | undefined, path: PropertyKey[] = []): void {
  if (mistake !== undefined) issues.addIssue({ code: 'custom', params: { mistake }, path });
}

function twice({ first, target }: Duplicate): TextMistake {
  const severalAddresses = '; for one name at several addresses write each address as a target, with servername';
  return {
    message: `${quoted(targetSubject(target))} is there twice, first as ${formatPath(['ssl-expiry', 'targets', first])}`,
    hint: `remove one${target.kind === 'endpoint' ? severalAddresses : ''}`,
  };
}

/** A configuration means the same on every machine: files that are there today do not count. */
function targetMistakeOf(text: string): TextMistake | undefined {
  // That it is empty has been said.
  if (text === '') return undefined;
  return textMistake(() => parseTarget(text, { isFile: () => false })) ?? userInfo(text);
}

/** A configuration holds no secrets, and `devops config show` hides nothing of it. */
function userInfo(text: string): TextMistake | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(text)) return undefined;
  return { message: 'found a user or a password', hint: 'remove it: a certificate is shown to everybody' };
}

function isName(text: string): boolean {
  const host = parseHost(text);
  return 'name' in host && host.family === 0;
}
