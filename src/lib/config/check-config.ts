import { formatPath } from './config-path.ts';
import { describeIssue } from './describe-issue.ts';
import { parseYaml, type YamlDocument } from './parse-yaml.ts';
import type { ConfigProblem } from './problem.ts';
import { publishedSchema } from './published-schema.ts';
import { type CheckRule, type Config, configSchema } from './schema.ts';
import type { Position } from './text-position.ts';

export interface CheckedConfig {
  /** Absent when there is a problem. */
  config?: Config;
  /** Where each key of the file stands, and each item of a list, by its path; empty when there is a problem. */
  positions: Record<string, Position>;
  /** Every mistake, in the order of the file. */
  problems: ConfigProblem[];
}

/** Reads and checks the text of a devops.yaml; an empty one is all defaults. Throws for nothing that the text says. */
export async function checkConfig(text: string, checkRule?: CheckRule): Promise<CheckedConfig> {
  const { document, problems } = await parseYaml(text);
  if (document === undefined) return { positions: {}, problems: inOrder(problems) };
  const written = document.value ?? {};
  const schema = await configSchema(checkRule, (key) => Object.hasOwn(written, key));
  const result = schema.safeParse(written);
  if (!result.success) {
    const expected = publishedSchema(await import('zod'), schema);
    const described = result.error.issues.flatMap((issue) => describeIssue(issue, document.value, expected));
    problems.push(...described.map(({ path, atKey, ...rest }) => ({ ...place(document, path, atKey), ...rest })));
  }
  if (!result.success || problems.length > 0) return { positions: {}, problems: inOrder(problems) };
  const positions: Record<string, Position> = {};
  for (const [path, { key, value }] of document.positions) positions[path] = key ?? value;
  return { config: result.data, positions, problems };
}

/** Where to point at: what is not there is missing in what should hold it. */
function place(document: YamlDocument, path: readonly PropertyKey[], atKey: boolean): Position & { path: string } {
  for (let length = path.length; length >= 0; length--) {
    const found = document.positions.get(formatPath(path.slice(0, length)));
    if (found !== undefined) return { ...(atKey ? (found.key ?? found.value) : found.value), path: formatPath(path) };
  }
  return { line: 1, column: 1, path: formatPath(path) };
}

function inOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
}
