import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { ZodType } from 'zod';
import { formatPath } from '../../config/config-path.ts';
import { describeIssue } from '../../config/describe-issue.ts';
import { parseYaml, type YamlDocument } from '../../config/parse-yaml.ts';
import { type ConfigProblem, formatProblem } from '../../config/problem.ts';
import { readText } from '../../config/read-text.ts';
import { type LogRuleSetting, logRulesSchema } from '../../config/schema-logs-grep.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemFailure } from '../../files/system-failure.ts';
import { logRuleOf } from './log-rule-of.ts';
import type { LogRule } from './log-rule.ts';

/** Whoever has made more mistakes has named another file. */
const mostProblems = 20;

/**
 * The rules of a file, YAML or JSON: a list of them, or a mapping with the one key `rules`, each as in devops.yaml. The
 * file may belong to anybody, for rules run nothing. Throws UserError that tells every mistake with its line and column,
 * the first as the message and the others as hints.
 */
export async function readRules(path: string): Promise<LogRule[]> {
  const { document, problems } = await parseYaml(readFile(path));
  if (document === undefined || problems.length > 0) throw refusal(problems, path);
  const z = await import('zod');
  const schema = fileSchema(z, Array.isArray(document.value));
  const result = schema.safeParse(document.value);
  if (result.success) return result.data.map(logRuleOf);
  const expected = z.toJSONSchema(schema, { io: 'input' });
  const described = result.error.issues.flatMap((issue) => describeIssue(issue, document.value, expected));
  throw refusal(
    described.map(({ path: at, atKey, ...rest }) => ({ ...place(document, at, atKey), ...rest })),
    path,
  );
}

function fileSchema(z: typeof import('zod'), isList: boolean): ZodType<LogRuleSetting[]> {
  const rules = logRulesSchema(z);
  if (isList) return rules;
  const mapping = z.strictObject({ rules }).meta({ title: 'a list of rules, or a mapping with the key rules' });
  return mapping.transform((file) => file.rules);
}

function readFile(path: string): string {
  let descriptor: number;
  try {
    // Without waiting for whoever might write to a named pipe.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    throw systemFailure(`cannot read the rules '${path}'`, error, ['check the name']);
  }
  try {
    if (fstatSync(descriptor).isFile()) return readText(descriptor, path);
    throw new UserError(`cannot read the rules '${path}': it is not a regular file`, { hints: ['name a file'] });
  } finally {
    closeSync(descriptor);
  }
}

/** What is not there is missing in what should hold it. */
function place(document: YamlDocument, path: readonly PropertyKey[], atKey: boolean): Omit<ConfigProblem, 'message'> {
  for (let length = path.length; length >= 0; length--) {
    const found = document.positions.get(formatPath(path.slice(0, length)));
    if (found !== undefined) return { ...(atKey ? (found.key ?? found.value) : found.value), path: formatPath(path) };
  }
  return { line: 1, column: 1, path: formatPath(path) };
}

function refusal(problems: readonly ConfigProblem[], file: string): UserError {
  const [first, ...others] = problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
  if (first === undefined) throw new Error('rules that are refused must have a problem');
  const hints = [
    ...(first.hint === undefined ? [] : [first.hint]),
    ...others.slice(0, mostProblems).map((problem) => {
      return `also ${formatProblem(problem, file)}${problem.hint === undefined ? '' : ` (${problem.hint})`}`;
    }),
    ...(others.length > mostProblems ? [`and ${others.length - mostProblems} more mistakes`] : []),
  ];
  return new UserError(formatProblem(first, file), { code: 'config', hints });
}
