import type { Config } from '../config/schema.ts';
import { metricsOf } from '../rules/rule.ts';
import { readRules, sectionsOfRules } from '../system/system-rules.ts';

/** What the rules of devops.yaml cannot do without on one host. */
export interface RuleNeeds {
  systemctl: boolean;
  stateFolder: boolean;
}

/** Rules for other hosts need nothing here; one with `allow_missing` does not need what it would compare. */
export function needsOfRules({ sysinfo = {} }: Config, host: string): RuleNeeds {
  const rules = readRules({ ...noOptions, host }, sysinfo);
  return {
    systemctl: sectionsOfRules(rules.filter(({ allowMissing }) => !allowMissing)).has('services'),
    stateFolder: rules.some(
      ({ rule }) =>
        rule.forSeconds !== undefined || metricsOf(rule.condition).some(({ name }) => name === 'disk.full_in'),
    ),
  };
}

/** A bare `devops sysinfo`. */
const noOptions = {
  named: [],
  skipped: [],
  warnIf: [],
  failIf: [],
  allowMissing: false,
  sampleSeconds: undefined,
  deadlineSeconds: undefined,
};
