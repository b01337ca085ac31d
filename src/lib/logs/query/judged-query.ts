import { resolve } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import type { LogRule, Threshold } from '../alert/log-rule.ts';
import { parseThreshold } from '../alert/parse-threshold.ts';
import { ruleOfPattern } from '../alert/rule-of-options.ts';
import { createLineRedactor } from '../redact/create-line-redactor.ts';
import { checkRuleOptions } from '../request/check-options.ts';
import type { LogsGrepOptions } from '../request/grep-options.ts';
import { patternsOfRules } from '../search/rule-judge.ts';
import type { Query } from './query.ts';
import type { QueryHost } from './query-host.ts';

/** What alert mode has to go by. */
export interface Judged {
  patterns: readonly string[] | undefined;
  /** Neither a pattern nor a level nor a condition was given. */
  isBare: boolean;
  /** Those of devops.yaml. */
  rules: readonly LogRule[] | undefined;
}

/** The query with its rules: those of a file, of devops.yaml, or the one that the options make. */
export async function judgedQuery(query: Query, given: Judged, host: QueryHost): Promise<Query> {
  const { options } = query;
  if (given.isBare || options.rules !== undefined) {
    const rules = options.rules === undefined ? given.rules : await rulesOf(options.rules, host);
    if (rules === undefined || rules.length === 0) throw noRules();
    checkRuleOptions(options);
    await checkForState(rules, options);
    const any = patternsOfRules(rules);
    return { ...query, rules, selection: any === undefined ? query.selection : { ...query.selection, patterns: any } };
  }
  const rule = ruleOfPattern({
    patterns: given.patterns ?? [],
    invert: options.invertMatch,
    level: options.level,
    where: options.where.length === 0 ? undefined : options.where.join(' && '),
    threshold: options.threshold === undefined ? undefined : thresholdOf(options.threshold),
  });
  await checkForState([rule], options);
  // What was typed may be the secret that is looked for.
  const name = options.redact === true ? createLineRedactor()(rule.name) : rule.name;
  return { ...query, rules: [{ ...rule, name }], countsAll: true };
}

function thresholdOf(text: string): Threshold {
  try {
    return parseThreshold(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`option '--threshold': ${error.message}`, { code: 'usage', hints: error.hints, cause: error });
  }
}

async function rulesOf(path: string, host: QueryHost): Promise<LogRule[]> {
  const { readRules } = await import('../alert/read-rules.ts');
  return readRules(resolve(host.cwd(), path));
}

async function checkForState(rules: readonly LogRule[], { state }: LogsGrepOptions): Promise<void> {
  if (state === undefined) return;
  const { checkRulesForState } = await import('../alert/check-rules-for-state.ts');
  checkRulesForState(rules);
}

function noRules(): UserError {
  return new UserError('there is nothing to raise an alert for', {
    code: 'usage',
    hints: ['give a PATTERN, --level or --where, name a file with --rules, or write logs-grep.rules into devops.yaml'],
  });
}
