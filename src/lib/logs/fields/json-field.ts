import { textOf } from './field-value.ts';
import type { FieldValue } from './field-value.ts';
import { findJsonObject, readJsonString, readJsonValue, walkJsonArray, walkJsonObject } from './json-walk.ts';

/**
 * A field of a line that holds a JSON object, also behind a prefix (`... app[1]: {...}`).
 *
 * `http.status` is the key `http.status`, else `status` in the object `http`: of several ways the one with the longest
 * key wins. `errors.0.code` counts from 0. Of two equal keys the last wins, as JSON.parse and jq have it. An object or an
 * array is its text as it was written. What Docker's json-file driver wraps (`{"log":"{\"level\":...}\n",...}`) is
 * looked into when the wrapping object has no such field.
 */
export function readJsonField(bytes: Buffer, start: number, end: number, name: string): FieldValue | undefined {
  const object = findJsonObject(bytes, start, end);
  if (object === -1) return undefined;
  const value = lookUp(bytes, object, end, name, 0);
  if (value !== undefined) return value;
  const wrapped = unwrapDocker(bytes, object, end);
  if (wrapped === undefined) return undefined;
  const inner = findJsonObject(wrapped, 0, wrapped.length);
  return inner === -1 ? undefined : lookUp(wrapped, inner, wrapped.length, name, 0);
}

const dockerBegin = Buffer.from('{"log":"');

/** The line that a program wrote, out of the object in which Docker's json-file driver keeps it. */
export function unwrapDocker(bytes: Buffer, object: number, end: number): Buffer | undefined {
  for (let index = 0; index < dockerBegin.length; index++) {
    if (bytes[object + index] !== dockerBegin[index]) return undefined;
  }
  let line: Buffer | undefined;
  walkJsonObject(bytes, object, end, (_keyStart, _keyEnd, valueStart, valueEnd) => {
    line = Buffer.from(readJsonString(bytes, valueStart, valueEnd));
    return true;
  });
  return line;
}

interface Found {
  /** How much of the name the key stands for. */
  length: number;
  start: number;
  end: number;
}

function lookUp(bytes: Buffer, start: number, end: number, name: string, from: number): FieldValue | undefined {
  const found =
    bytes[start] === 0x7b ? membersOf(bytes, start, end, name, from) : elementOf(bytes, start, end, name, from);
  for (const { length, start: valueStart, end: valueEnd } of found) {
    if (from + length === name.length) {
      const value = readJsonValue(bytes, valueStart, valueEnd);
      if (value !== undefined) return value;
      continue;
    }
    const first = bytes[valueStart];
    if (first !== 0x7b && first !== 0x5b) continue;
    const value = lookUp(bytes, valueStart, valueEnd, name, from + length + 1);
    if (value !== undefined) return value;
  }
  return undefined;
}

const nothing: readonly Found[] = [];

/** The members that stand for the rest of the name or a dotted part of it, the longest key first. */
function membersOf(bytes: Buffer, start: number, end: number, name: string, from: number): readonly Found[] {
  let found: Found[] | undefined;
  walkJsonObject(bytes, start, end, (keyStart, keyEnd, valueStart, valueEnd) => {
    const length = matchedLength(bytes, keyStart, keyEnd, name, from);
    if (length === -1) return false;
    found = (found ?? []).filter((other) => other.length !== length);
    found.push({ length, start: valueStart, end: valueEnd });
    return false;
  });
  return found === undefined ? nothing : found.toSorted((a, b) => b.length - a.length);
}

/** How many characters of `name` from `from` on the key stands for; -1 when it is another key. */
function matchedLength(bytes: Buffer, keyStart: number, keyEnd: number, name: string, from: number): number {
  const length = keyEnd - keyStart;
  for (let index = 0; index < length; index++) {
    const byte = bytes[keyStart + index]!;
    if (byte >= 0x80 || byte === 0x5c) return matchedText(bytes, keyStart, keyEnd, name, from);
    if (byte !== name.charCodeAt(from + index)) return -1;
  }
  return isBoundary(name, from + length) ? length : -1;
}

function matchedText(bytes: Buffer, keyStart: number, keyEnd: number, name: string, from: number): number {
  const written = textOf(bytes, keyStart, keyEnd);
  const key = written.includes('\\') ? readJsonString(bytes, keyStart - 1, keyEnd + 1) : written;
  return name.startsWith(key, from) && isBoundary(name, from + key.length) ? key.length : -1;
}

function isBoundary(name: string, at: number): boolean {
  return at === name.length || name.charCodeAt(at) === 0x2e;
}

function elementOf(bytes: Buffer, start: number, end: number, name: string, from: number): readonly Found[] {
  const dot = name.indexOf('.', from);
  const part = name.slice(from, dot === -1 ? name.length : dot);
  if (!/^(?:0|[1-9]\d{0,8})$/.test(part)) return nothing;
  const wanted = Number(part);
  let found = nothing;
  walkJsonArray(bytes, start, end, (index, valueStart, valueEnd) => {
    if (index !== wanted) return false;
    found = [{ length: part.length, start: valueStart, end: valueEnd }];
    return true;
  });
  return found;
}
