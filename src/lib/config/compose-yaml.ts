import type { AliasEvent, Event, ScalarEvent } from 'js-yaml';
import { formatPath } from './config-path.ts';
import { eventStart } from './event-start.ts';
import { quoted } from '../text/quoted.ts';

interface Extent {
  /** Where it starts in the text; where nothing was written, the start of what holds it. */
  offset: number;
  /** Values in it, every alias counted as what it stands for. */
  size: number;
  /** Levels below it. */
  height: number;
}

export type YamlNode = Extent &
  (
    | { kind: 'scalar'; text: string; value: string | number | boolean | null }
    | { kind: 'sequence'; items: YamlNode[] }
    | { kind: 'mapping'; entries: Map<string, { keyOffset: number; value: YamlNode }> }
  );

export interface YamlMistake {
  offset: number;
  path: string;
  message: string;
  hint?: string;
}

export interface Composed {
  /** Absent when it cannot be told what the text says. */
  root?: YamlNode;
  mistakes: YamlMistake[];
}

/** A configuration is small; an alias that stands for a list of aliases is how a small file becomes a huge one. */
const maxValues = 100_000;
export const maxDepth = 100;

/**
 * The tree of one document, from the parser's events. js-yaml's own composer is not used because it gives no places,
 * stops at the first mistake, and hands aliases on as shared references that grow without bound when they are walked.
 */
export function composeYaml(yaml: typeof import('js-yaml'), text: string, events: readonly Event[]): Composed {
  const { EVENT_ID, SCALAR_STYLE, getScalarValue } = yaml;
  const plainTags = [yaml.nullCoreTag, yaml.boolCoreTag, yaml.intCoreTag, yaml.floatCoreTag];
  /** `undefined` while the anchored node is still being read. */
  const anchors = new Map<string, YamlNode | undefined>();
  const mistakes: YamlMistake[] = [];
  let next = 0;
  let values = 0;
  let broken = false;

  function fail(mistake: YamlMistake): void {
    broken = true;
    mistakes.push(mistake);
  }

  function count(more: number, offset: number): void {
    const before = values;
    values += more;
    if (values > maxValues && before <= maxValues) {
      fail({ offset, path: '', message: `holds more than ${maxValues} values, aliases expanded` });
    }
  }

  function scalarOf(event: ScalarEvent): { text: string; value: string | number | boolean | null } {
    const source = getScalarValue(text, event);
    if (event.style !== SCALAR_STYLE.PLAIN) return { text: source, value: source };
    for (const tag of plainTags) {
      const value = tag.resolve(source, false, tag.tagName);
      if (value !== yaml.NOT_RESOLVED) return { text: source, value };
    }
    return { text: source, value: source };
  }

  function aliased(event: AliasEvent, path: readonly PropertyKey[]): YamlNode {
    const name = text.slice(event.anchorStart, event.anchorEnd);
    const offset = event.anchorStart - 1;
    const target = anchors.get(name);
    const empty: YamlNode = { kind: 'scalar', text: '', value: null, offset, size: 1, height: 0 };
    if (target === undefined) {
      const why = anchors.has(name) ? 'stands inside of what it refers to' : 'refers to nothing above it';
      const hint = 'text that begins with * stands in quotes';
      fail({ offset, path: formatPath(path), message: `the alias ${quoted(`*${name}`)} ${why}`, hint });
      return empty;
    }
    count(target.size, offset);
    if (path.length + target.height > maxDepth) {
      fail({ offset, path: '', message: 'nested too deep, aliases expanded' });
      return empty;
    }
    return { ...target, offset };
  }

  function sequence(offset: number, path: readonly PropertyKey[]): YamlNode {
    const before = values - 1;
    const items: YamlNode[] = [];
    while (events[next]!.type !== EVENT_ID.POP) items.push(compose([...path, items.length], offset));
    next++;
    return { kind: 'sequence', items, offset, size: values - before, height: heightOver(items) };
  }

  function mapping(offset: number, path: readonly PropertyKey[]): YamlNode {
    const before = values - 1;
    const entries = new Map<string, { keyOffset: number; value: YamlNode }>();
    while (events[next]!.type !== EVENT_ID.POP) {
      const event = events[next]!;
      const key = compose(path, offset);
      if (key.kind !== 'scalar') {
        mistakes.push({
          offset: key.offset,
          path: formatPath(path),
          message: 'found a list or a mapping as a key, expected text',
        });
        compose(path, key.offset);
        continue;
      }
      const here = [...path, key.text];
      const value = compose(here, key.offset);
      const first = entries.get(key.text);
      const mistake = { offset: key.offset, path: formatPath(here) };
      if (key.text === '<<' && event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN) {
        mistakes.push({
          ...mistake,
          message: 'merge keys are not part of YAML 1.2',
          hint: 'write the keys out, or refer to a whole value: key: *name',
        });
      } else if (key.text === '__proto__') {
        mistakes.push({ ...mistake, message: 'this key is not allowed' });
      } else if (first === undefined) {
        entries.set(key.text, { keyOffset: key.offset, value });
      } else {
        mistakes.push({ ...mistake, message: 'the key is there twice', hint: 'remove one of the two' });
      }
    }
    next++;
    const height = heightOver([...entries.values()].map((entry) => entry.value));
    return { kind: 'mapping', entries, offset, size: values - before, height };
  }

  function compose(path: readonly PropertyKey[], holder: number): YamlNode {
    const event = events[next++]!;
    if (event.type === EVENT_ID.ALIAS) return aliased(event, path);
    if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) throw new Error('unexpected YAML event');
    const offset = eventStart(yaml, text, event) ?? holder;
    count(1, offset);
    if (event.tagStart !== -1) {
      const tag = quoted(text.slice(event.tagStart, event.tagEnd));
      const hint = 'remove it; text that looks like a number or like true stands in quotes';
      fail({ offset: event.tagStart, path: formatPath(path), message: `the tag ${tag} has no meaning here`, hint });
    }
    const anchor = event.anchorStart === -1 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
    if (anchor !== undefined) anchors.set(anchor, undefined);
    let node: YamlNode;
    if (event.type === EVENT_ID.SEQUENCE) node = sequence(offset, path);
    else if (event.type === EVENT_ID.MAPPING) node = mapping(offset, path);
    else node = { kind: 'scalar', ...scalarOf(event), offset, size: 1, height: 0 };
    if (anchor !== undefined) anchors.set(anchor, node);
    return node;
  }

  const root = compose([], 0);
  return broken ? { mistakes } : { root, mistakes };
}

function heightOver(children: readonly YamlNode[]): number {
  return children.reduce((height, child) => Math.max(height, child.height + 1), 0);
}
