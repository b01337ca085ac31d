import type { FieldValue } from './field-value.ts';
import { readJsonField, unwrapDocker } from './json-field.ts';
import { findJsonObject } from './json-walk.ts';
import { fieldReaders } from './shape.ts';
import type { Shape } from './shape.ts';

/**
 * Reads the fields of one record, for a condition that asks for several: a JSON object is parsed once, at the first
 * question, which costs as much as one `readJsonField`. The answers are the same, also for what is no whole JSON.
 */
export function readRecord(
  bytes: Buffer,
  start: number,
  end: number,
  shape: Shape,
): (name: string) => FieldValue | undefined {
  if (shape !== 'json') return (name) => fieldReaders[shape](bytes, start, end, name);
  let parsed: unknown;
  let isParsed = false;
  let isWrapped = false;
  return (name) => {
    if (!isParsed) {
      const object = findJsonObject(bytes, start, end);
      parsed = object === -1 ? undefined : parseObject(bytes, object, end);
      isWrapped = object !== -1 && unwrapDocker(bytes, object, end) !== undefined;
      isParsed = true;
    }
    // What was cut off is read so far.
    if (!isObject(parsed)) return readJsonField(bytes, start, end, name);
    const value = lookUp(parsed, name, 0);
    if (value === undefined) return isWrapped ? readJsonField(bytes, start, end, name) : undefined;
    // What is nested is given as it was written.
    return isObject(value) ? readJsonField(bytes, start, end, name) : (value as FieldValue);
  };
}

/** Above this, the memory for all of it would be spent for a few fields. */
const longestParsed = 1024 * 1024;

function parseObject(bytes: Buffer, object: number, end: number): unknown {
  if (end - object > longestParsed) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8', object, end));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** As `readJsonField` does it: the longest key first, arrays by index. */
function lookUp(container: Record<string, unknown>, name: string, from: number): unknown {
  for (let to = name.length; to > from - 1 && to !== -1; to = to === 0 ? -1 : name.lastIndexOf('.', to - 1)) {
    const key = name.slice(from, to);
    const isThere = Array.isArray(container)
      ? isIndex(key) && Number(key) < container.length
      : Object.hasOwn(container, key);
    if (!isThere) continue;
    const value = container[key];
    if (to === name.length) return value;
    const inner = isObject(value) ? lookUp(value, name, to + 1) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d{0,8})$/.test(key);
}
