import type { ZodType } from 'zod';
import { parseBackoff } from '../jobs/parse-backoff.ts';
import { parseSize } from '../quantity/size.ts';
import { compilePatterns } from '../logs/pattern/compile-patterns.ts';
import { checkedText, reportMistake } from './checked-text.ts';
import { quoted } from '../text/quoted.ts';
import type { TextMistake } from './text-mistake.ts';

type Zod = typeof import('zod');

const afterPattern = /^(?:after +)?[1-9]\d{0,3}$/;
const everyPattern = /^(?:every +)?(\d+(\.\d+)?(ms|[smhdw]))+$/;

/** What is tried again, and when. */
export function retrySchema(z: Zod) {
  return z.strictObject({
    attempts: z
      .int()
      .min(1)
      .max(100)
      .meta({ title: 'a whole number from 1 to 100' })
      .optional()
      .describe('How often it is tried in all; 1 is once.'),
    backoff: checkedText(z, parseBackoff)
      .meta({ title: 'a duration such as 30s, or a range of them such as 30s..10m' })
      .optional()
      .describe('The wait between two attempts, doubled from the first duration up to the second.'),
    on: z
      .array(z.union([exitCode(z), z.literal('timeout')]).meta({ title: 'an exit code from 0 to 255, or timeout' }))
      .min(1)
      .max(257)
      .optional()
      .describe('The exit codes that are tried again, and timeout; left out, it is what docs/cron.md tells.'),
  });
}

/** What the exit codes mean. */
export function exitSchema(z: Zod) {
  const codes = z.array(exitCode(z)).max(256);
  return z
    .strictObject({
      ok: codes.optional().describe('Exit codes of a good run; left out, it is 0 alone.'),
      warn: codes.optional().describe('Exit codes that are a warning, such as 1 of borg.'),
      skip: codes.optional().describe('Exit codes by which the job says that it did nothing, such as 75.'),
    })
    .superRefine((mapping, issues) => {
      const seen = new Map<number, string>();
      for (const [key, list] of Object.entries(mapping)) {
        for (const [index, code] of (list ?? []).entries()) {
          const first = seen.get(code);
          if (first === undefined) seen.set(code, key);
          else if (first !== key) reportMistake(issues, ambiguous(code, first), [key, index]);
        }
      }
    });
}

/** What a good run looks like. */
export function expectSchema(z: Zod, duration: ZodType<string, string>) {
  return z.strictObject({
    min_time: duration.optional().describe('A run that ends sooner than this did not do its work.'),
    max_time: duration.optional().describe('A run that takes longer than this is told; it is not cut off.'),
    output_matches: checkedText(z, (text) => compilePatterns([text]))
      .meta({ title: `a pattern such as 'backup (done|complete)'` })
      .optional()
      .describe('A pattern that the output of a good run has.'),
    max_age: duration.optional().describe('The job is missed when its last good run is older than this.'),
  });
}

/** When somebody is told. */
export function notifyOnSchema(z: Zod) {
  const times = z
    .union([z.string().regex(afterPattern), z.int().min(1).max(9999)])
    .meta({ title: 'a number from 1 to 9999, such as 3 or after 3' });
  return z.strictObject({
    fail: times.optional().describe('From how many failures in a row on somebody is told; left out, it is the first.'),
    warn: z
      .enum(['always', 'change', 'never'])
      .optional()
      .describe('Warnings: always is as for failures, change tells each once, never; left out, it is change.'),
    recovery: z
      .enum(['if_announced', 'never'])
      .optional()
      .describe('Whether the end of a failure is told, where the failure was; left out, it is.'),
    still_failing: z
      .string()
      .refine((text) => text === 'never' || everyPattern.test(text))
      .meta({ title: 'a duration such as 24h or every 24h, or never', pattern: `${everyPattern.source}|^never$` })
      .optional()
      .describe('How often it is told again while it fails; left out, it is every 24h.'),
    stuck: times.optional().describe('From how many skips in a row on somebody is told; left out, it is 3.'),
  });
}

/** What is kept of the runs. */
export function keepSchema(z: Zod) {
  return z.strictObject({
    runs: z
      .int()
      .min(1)
      .max(100_000)
      .meta({ title: 'a whole number from 1 to 100000' })
      .optional()
      .describe('How many runs are kept in the history; left out, it is 100.'),
    days: z
      .int()
      .min(1)
      .max(36_500)
      .meta({ title: 'a whole number from 1 to 36500' })
      .optional()
      .describe('How many days a run is kept; left out, it is 90.'),
    log_bytes: z
      .union([
        checkedText(z, parseSize).meta({ pattern: String.raw`^\d+(\.\d+)?([kKmMgGtTpP]([iI]?[bB])?|[bB])?$` }),
        z.int().min(0).max(Number.MAX_SAFE_INTEGER),
      ])
      .meta({ title: 'a size such as 10MiB' })
      .optional()
      .describe('How much of the output of each run is kept, its beginning and its end; left out, it is 10MiB.'),
  });
}

function exitCode(z: Zod) {
  return z.int().min(0).max(255).meta({ title: 'an exit code from 0 to 255' });
}

function ambiguous(code: number, first: string): TextMistake {
  return { message: `the exit code ${code} stands in ${quoted(first)} already`, hint: 'remove one of the two' };
}
