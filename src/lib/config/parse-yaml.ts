import type { Event } from 'js-yaml';
import { printable } from '../text/printable.ts';
import { composeYaml, maxDepth, type YamlNode } from './compose-yaml.ts';
import { formatPath } from './config-path.ts';
import type { ConfigProblem } from './problem.ts';
import { type Position, textPositions } from './text-position.ts';

type Yaml = typeof import('js-yaml');

export interface YamlDocument {
  /** Plain data: objects, lists, text, numbers, booleans, null. */
  value: unknown;
  /** Where every value stands, by its path such as `sysinfo.rules[0].if`; the path of the whole is ''. */
  positions: Map<string, NodePosition>;
}

export interface NodePosition {
  /** Absent for an item of a list. */
  key?: Position;
  value: Position;
}

/** What a text says; no document when that cannot be told. */
export interface ParsedYaml {
  document?: YamlDocument;
  problems: ConfigProblem[];
}

/**
 * Reads one document of YAML 1.2 with the core schema: `yes` and `on` are text; `<<`, tags, a key that is there twice
 * and a second document are mistakes. Never throws for what the text says; nesting and aliases are bounded.
 */
export async function parseYaml(text: string): Promise<ParsedYaml> {
  const yaml = await import('js-yaml');
  const positionOf = textPositions(text);
  let events: Event[];
  try {
    events = yaml.parseEvents(text, { maxDepth });
  } catch (error) {
    return { problems: [syntaxProblem(yaml, error)] };
  }
  if (events.length === 0) return { document: { value: null, positions: new Map() }, problems: [] };
  const second = events.findIndex((event, index) => index > 0 && event.type === yaml.EVENT_ID.DOCUMENT);
  if (second !== -1) {
    const message = 'a second document begins here, expected one';
    return { problems: [{ ...positionOf(endOf(events.slice(0, second), text)), path: '', message }] };
  }
  const { root, mistakes } = composeYaml(yaml, text, events.slice(1, -1));
  const problems = mistakes.map(({ offset, ...mistake }) => ({ ...positionOf(offset), ...mistake }));
  return root === undefined ? { problems } : { document: toDocument(root, positionOf), problems };
}

function toDocument(root: YamlNode, positionOf: (offset: number) => Position): YamlDocument {
  const positions = new Map<string, NodePosition>();
  function toValue(node: YamlNode, path: readonly PropertyKey[], keyOffset?: number): unknown {
    const key = keyOffset === undefined ? {} : { key: positionOf(keyOffset) };
    positions.set(formatPath(path), { ...key, value: positionOf(node.offset) });
    if (node.kind === 'scalar') return node.value;
    if (node.kind === 'sequence') return node.items.map((item, index) => toValue(item, [...path, index]));
    const value: Record<string, unknown> = {};
    for (const [name, entry] of node.entries) value[name] = toValue(entry.value, [...path, name], entry.keyOffset);
    return value;
  }
  return { value: toValue(root, []), positions };
}

/** The first document separator behind everything that these events cover. */
function endOf(events: readonly Event[], text: string): number {
  let end = 0;
  for (const event of events) end = Math.max(end, 'valueEnd' in event ? event.valueEnd : 0);
  const separator = /^(?:---|\.\.\.)/gm;
  separator.lastIndex = end;
  return separator.exec(text)?.index ?? end;
}

/** js-yaml asks to catch everything, not only its own exception. */
function syntaxProblem(yaml: Yaml, error: unknown): ConfigProblem {
  const mark = error instanceof yaml.YAMLException ? error.mark : undefined;
  const reason = error instanceof yaml.YAMLException ? error.reason : String(error);
  const hint = syntaxHint(reason);
  return {
    line: (mark?.line ?? 0) + 1,
    column: (mark?.column ?? 0) + 1,
    path: '',
    message: reason.startsWith('nesting exceeded')
      ? 'nested too deep'
      : `this is no YAML: ${printable(reason.slice(0, 200))}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function syntaxHint(reason: string): string | undefined {
  if (reason.includes('tab character')) return 'indent with spaces';
  if (/deficient indentation|flow collection|quoted scalar/.test(reason)) {
    return `close what was opened with [ { " or '`;
  }
  if (reason.includes('alias node')) return 'text that begins with * stands in quotes';
  if (reason.includes('mapping entry') || reason.includes('separator is expected')) {
    return 'check the indentation; text that holds ": " or " #" or begins with a sign such as { [ & * ! | > % @ stands in quotes';
  }
  return undefined;
}
