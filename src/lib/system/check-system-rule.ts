import { parseRule } from '../rules/parse-rule.ts';
import type { Rule } from '../rules/rule.ts';
import { metricCatalogue } from './metric-catalogue.ts';

/** A rule over the metrics of sysinfo. Throws a UserError that names the column of a mistake. */
export function checkSystemRule(text: string): Rule {
  return parseRule(text, metricCatalogue);
}
