import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';
import type { LogRule, Threshold } from './log-rule.ts';
import { largestLullCount } from './lull.ts';
import { largestCount, parsePeriod, parseThreshold } from './parse-threshold.ts';
import { parseRuleMessage } from './rule-message.ts';

const patternKeys = ['match', 'all', 'not', 'exclude'] as const;
const keys = ['name', ...patternKeys, 'level', 'threshold', 'at_least', 'severity', 'labels', 'message'];
const mostPatterns = 1000;
const longestText = 4096;
type Raw = Readonly<Record<string, unknown>>;

/**
 * A rule as it stands in a file, checked: keys as in LogRule but `at_least`, patterns as a list or a single text,
 * thresholds as `10`, `10/5m` or `{ count: 10, per: 5m }`. Its severity is critical unless it says warning. Patterns and
 * levels are only checked to be texts. Throws a UserError `config` that names the rule and the key.
 */
export function checkLogRule(raw: unknown): LogRule {
  if (!isRecord(raw)) throw refusal('a rule', `it is ${kindOf(raw)}`, 'write its keys, such as name and match');
  const name = nameOf(raw);
  const where = `rule '${printable(name)}'`;
  refuseUnknown(raw, keys, where);
  const rule: LogRule = { name, severity: severityOf(raw, where), labels: labelsOf(raw, where) };
  for (const key of patternKeys) {
    if (raw[key] !== undefined) rule[key] = patternsOf(raw[key], `${where}: ${key}`);
  }
  if (raw['level'] !== undefined) rule.level = textOf(raw['level'], `${where}: level`, 'write a level such as error');
  if (raw['threshold'] !== undefined) rule.threshold = thresholdOf(raw['threshold'], `${where}: threshold`);
  if (raw['at_least'] !== undefined) rule.atLeast = leastOf(raw['at_least'], `${where}: at_least`);
  if (raw['message'] !== undefined) rule.message = messageOf(raw['message'], rule.labels, `${where}: message`);
  if (rule.match === undefined && rule.all === undefined && rule.not === undefined && rule.level === undefined) {
    throw refusal(where, 'it says nothing that a line must be', 'give it match, all, not or level');
  }
  return rule;
}

function nameOf(raw: Raw): string {
  const name = textOf(raw['name'], 'a rule: name', "write a name, such as 'name: out-of-memory'");
  if (name.length > 200) throw refusal('a rule: name', 'it has more than 200 characters', 'write a shorter one');
  return name;
}

function severityOf(raw: Raw, where: string): LogRule['severity'] {
  const severity = raw['severity'] ?? 'critical';
  if (severity === 'warning' || severity === 'critical') return severity;
  throw refusal(`${where}: severity`, `it is ${kindOf(severity)}`, 'write warning or critical');
}

function labelsOf(raw: Raw, where: string): Record<string, string> {
  const hint = "write names and texts, such as 'team: payments'";
  const labels = raw['labels'] ?? {};
  if (!isRecord(labels)) throw refusal(`${where}: labels`, `it is ${kindOf(labels)}`, hint);
  const entries = Object.entries(labels).map(([name, value]): [string, string] => {
    const at = `${where}: labels.${printable(name)}`;
    if (!/^[A-Za-z_]\w{0,99}$/.test(name)) {
      throw refusal(at, 'that is no name of a label', 'write letters, digits and underscores');
    }
    if (typeof value === 'string' && value.length <= longestText) return [name, value];
    if (typeof value === 'number' || typeof value === 'boolean') return [name, String(value)];
    throw refusal(at, `it is ${kindOf(value)}`, hint);
  });
  return Object.fromEntries(entries);
}

function patternsOf(value: unknown, where: string): string[] {
  const hint = 'write a pattern or a list of patterns';
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  if (list.length === 0) throw refusal(where, 'the list is empty', hint);
  if (list.length > mostPatterns) throw refusal(where, `it has more than ${mostPatterns} patterns`, 'write two rules');
  return list.map((each, index) => textOf(each, Array.isArray(value) ? `${where}[${index}]` : where, hint));
}

function thresholdOf(value: unknown, where: string): Threshold {
  const hint = "write a count such as 10, a rate such as 10/5m, or 'count: 10' and 'per: 5m'";
  if (typeof value === 'string') return located(where, () => parseThreshold(value));
  if (typeof value === 'number') return { count: countOf(value, where, hint) };
  if (!isRecord(value)) throw refusal(where, `it is ${kindOf(value)}`, hint);
  refuseUnknown(value, ['count', 'per'], where);
  const count = countOf(value['count'], `${where}.count`, hint);
  const { per } = value;
  if (per === undefined) return { count };
  if (typeof per !== 'string') {
    throw refusal(`${where}.per`, `it is ${kindOf(per)}`, 'write a duration with its unit, such as 5m');
  }
  return { count, perSeconds: located(`${where}.per`, () => parsePeriod(per, per)) };
}

function leastOf(value: unknown, where: string): Threshold {
  const least = thresholdOf(value, where);
  if (least.perSeconds === undefined || least.count <= largestLullCount) return least;
  throw refusal(where, `with a period its count is at most ${largestLullCount}`, 'write a shorter period');
}

function countOf(value: unknown, where: string, hint: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= largestCount) return value;
  const found = typeof value === 'number' ? `${value} is no whole number from 1 to ${largestCount}` : undefined;
  throw refusal(where, found ?? `it is ${kindOf(value)}`, hint);
}

function messageOf(value: unknown, labels: Readonly<Record<string, string>>, where: string): string {
  const text = textOf(value, where, "write a text such as '{count} times {rule}: {sample}'");
  located(where, () => parseRuleMessage(text, labels));
  return text;
}

function textOf(value: unknown, where: string, hint: string): string {
  if (typeof value !== 'string') throw refusal(where, `it is ${kindOf(value)}`, hint);
  if (value === '') throw refusal(where, 'it is empty', hint);
  if (value.length > longestText) throw refusal(where, `it has more than ${longestText} characters`, hint);
  return value;
}

function refuseUnknown(raw: Raw, known: readonly string[], where: string): void {
  for (const key of Object.keys(raw)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
    throw refusal(where, `there is no key '${printable(key.slice(0, 100))}'`, hint);
  }
}

/** What `read` refuses, said of the key. */
function located<Value>(where: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${where}: ${error.message}`, { code: 'config', hints: error.hints, cause: error });
  }
}

function refusal(where: string, message: string, hint: string): UserError {
  return new UserError(`${where}: ${message}`, { code: 'config', hints: [hint] });
}

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `'${printable(value.slice(0, 60))}'`;
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  return 'a mapping';
}
