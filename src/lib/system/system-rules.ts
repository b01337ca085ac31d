import { evaluateRule, type RuleOptions } from '../rules/evaluate-rule.ts';
import { applyFor } from '../rules/for-state-file.ts';
import type { Rule } from '../rules/rule.ts';
import { matchesGlob } from '../text/glob.ts';
import { checkSystemRule } from './check-system-rule.ts';
import { forecastDisks } from './disk-history.ts';
import { metricCatalogue, metricsOfRules } from './metric-catalogue.ts';
import type { ReportRequest, SysinfoConfig } from './plan-report.ts';
import type { RuleResult, SectionName, SysinfoReport } from './report.ts';

/** A rule with how it was given: on the command line or in devops.yaml. */
export interface SystemRule extends RuleOptions {
  rule: Rule;
}

export interface RuleState {
  /** Folder of what rules with `for` remember. */
  folder: string;
  uid: number;
  now: Date;
}

/** The rules of a run: those of the command line, then those of devops.yaml. Throws a UserError for one that cannot be read. */
export function readRules(request: ReportRequest, config: SysinfoConfig): SystemRule[] {
  return [...typedRules(request), ...keptRules(request, config)];
}

function typedRules({ warnIf, failIf, allowMissing }: ReportRequest): SystemRule[] {
  const parse = (severity: SystemRule['severity']) => (text: string) => ({
    rule: checkSystemRule(text),
    severity,
    allowMissing,
  });
  return [...failIf.map(parse('critical')), ...warnIf.map(parse('warning'))];
}

/** Rules of devops.yaml for this host; of those, a run with named sections judges only what it shows. */
function keptRules(request: ReportRequest, config: SysinfoConfig): SystemRule[] {
  const rules = (config.rules ?? [])
    .filter(({ hosts }) => hosts === undefined || hosts.some((glob) => isHost(glob, request.host)))
    .map((rule): SystemRule => ({
      rule: checkSystemRule(rule.if),
      severity: rule.severity,
      allowMissing: rule.allow_missing || request.allowMissing,
      ...(rule.name === undefined ? {} : { name: rule.name }),
    }));
  if (request.named.length === 0) return rules;
  return rules.filter((rule) => [...sectionsOfRules([rule])].every((section) => request.named.includes(section)));
}

/**
 * The report with what the rules found in it. `state` is asked for only when a rule has to remember something, because
 * then somebody without a home directory has to be told.
 */
export async function applyRules(
  report: SysinfoReport,
  rules: readonly SystemRule[],
  state: () => RuleState,
): Promise<SysinfoReport> {
  if (report.disks !== undefined && rulesName(rules, 'disk.full_in')) {
    const error = forecastDisks(report.disks, state());
    if (error !== undefined) report.errors.push(error);
  }
  const results: RuleResult[] = [];
  for (const { rule, ...options } of rules) {
    const found = evaluateRule(rule, ({ name }) => metricCatalogue.get(name)!.read(report), options);
    results.push(...(rule.forSeconds === undefined ? found : await applyFor(rule, found, state())));
  }
  return { ...report, rules: results, status: statusOf(report, results) };
}

/** The sections that these rules read, which have to be read whatever the command line chose. */
export function sectionsOfRules(rules: readonly SystemRule[]): Set<SectionName> {
  return new Set(metricsOfRules(rules.map(({ rule }) => rule)).map(({ section }) => section));
}

/** Whether one of the rules compares this metric. */
function rulesName(rules: readonly SystemRule[], metric: string): boolean {
  return metricsOfRules(rules.map(({ rule }) => rule)).some(({ name }) => name === metric);
}

/** The worst of it all, an unknown before a crossed limit: what could not be told may hide something worse. */
function statusOf(report: SysinfoReport, results: readonly RuleResult[]): SysinfoReport['status'] {
  const fired = results.filter(({ state }) => state === 'fired');
  if (report.errors.some(({ required }) => required) || results.some(({ state }) => state === 'unknown'))
    return 'unknown';
  if (fired.some(({ severity }) => severity === 'critical')) return 'critical';
  if (fired.length > 0) return 'warning';
  return 'ok';
}

/** By the full name or by its first part: people write `web-1` for `web-1.example.org`. */
function isHost(glob: string, name: string): boolean {
  return matchesGlob(glob, name) || matchesGlob(glob, name.split('.', 1)[0]!);
}
