import type { core } from 'zod';
import { nearest } from '../errors/nearest.ts';
import { printable } from '../text/printable.ts';
import { quoted } from '../text/quoted.ts';
import type { TextMistake } from './text-mistake.ts';

/** The JSON Schema of a value, which tells in plain data what was expected. */
type Expected = core.JSONSchema.JSONSchema;

export interface IssueDescription {
  path: PropertyKey[];
  /** Whether the key is at fault, not its value. */
  atKey: boolean;
  message: string;
  hint?: string;
}

/** One issue of zod in our words: what was found in `data`, what `schema` expected there, and the nearest known word. */
export function describeIssue(issue: core.$ZodIssue, data: unknown, schema: Expected): IssueDescription[] {
  const expected = expectedAt(schema, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(expected?.properties ?? formOf(expected, {})?.properties ?? {});
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      atKey: true,
      message: `found an unknown key, expected ${oneOf(known)}`,
      ...meant(key, known),
    }));
  }
  const mistake: TextMistake | undefined = issue.code === 'custom' ? issue.params?.['mistake'] : undefined;
  if (mistake !== undefined) return [{ path: issue.path, atKey: false, ...mistake }];
  const found = valueAt(data, issue.path);
  if (issue.code === 'invalid_union') {
    // Of several possible forms, the one that was meant is the one of which the value has the type.
    const form = formOf(expected, found);
    const inner = form === undefined ? [] : issue.errors[expected!.anyOf!.indexOf(form)]!;
    if (inner.length > 0) {
      return inner.flatMap((one) => describeIssue({ ...one, path: [...issue.path, ...one.path] }, data, schema));
    }
  }
  const message = `${found === undefined ? 'is missing' : `found ${describe(found)}`}, expected ${describeExpected(expected)}`;
  return [{ path: issue.path, atKey: false, message, ...hintFor(issue.path, found, expected) }];
}

function expectedAt(schema: Expected, path: readonly PropertyKey[]): Expected | undefined {
  let here: Expected | undefined = schema;
  for (const step of path) {
    const forms: readonly (Expected | boolean)[] = [here ?? {}, ...(here?.anyOf ?? [])];
    here = forms.map((form) => innerSchema(form, step)).find((inner) => inner !== undefined);
  }
  return here;
}

function innerSchema(schema: Expected | boolean, step: PropertyKey): Expected | undefined {
  if (typeof schema === 'boolean') return undefined;
  const inner = typeof step === 'number' ? schema.items : schema.properties?.[String(step)];
  return typeof inner === 'object' && !Array.isArray(inner) ? inner : undefined;
}

/** Of several possible forms of a value, the one that is of its type. */
function formOf(expected: Expected | undefined, value: unknown): Expected | undefined {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return expected?.anyOf?.filter((form) => typeof form === 'object').find((form) => form.type === type);
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let here = data;
  for (const step of path) here = typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined;
  return here;
}

function describe(found: unknown): string {
  if (found === null) return 'nothing';
  if (typeof found === 'string') return found === '' ? 'empty text' : quoted(found);
  if (typeof found === 'number') return `the number ${found}`;
  if (typeof found === 'boolean') return String(found);
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : 'a list';
  return 'a mapping';
}

function describeExpected(expected: Expected | undefined): string {
  if (expected?.title !== undefined) return expected.title;
  if (expected?.enum !== undefined) return oneOf(expected.enum.map(String));
  if (expected?.type === 'array') return expected.minItems === undefined ? 'a list' : 'a list that is not empty';
  if (expected?.type === 'boolean') return 'true or false';
  return 'a mapping of keys to values';
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : `one of ${words.join(', ')}`;
}

function hintFor(path: readonly PropertyKey[], found: unknown, expected: Expected | undefined): { hint?: string } {
  if (found === null) {
    return { hint: typeof path.at(-1) === 'number' ? 'remove the item' : 'leave the key out to keep its default' };
  }
  if (expected?.type === 'array' && typeof found === 'string' && found.length <= 60) {
    return { hint: `write a list: [${/^\w[\w-]*$/.test(found) ? found : printable(JSON.stringify(found))}]` };
  }
  if (expected?.type === 'boolean' && typeof found === 'string') {
    if (/^(?:yes|no|on|off|y|n)$/i.test(found)) {
      return { hint: 'YAML 1.2 reads yes, no, on and off as text: write true or false' };
    }
    if (/^(?:true|false)$/i.test(found)) return { hint: 'write it without quotes' };
  }
  if (typeof found === 'string' && expected?.enum !== undefined) return meant(found, expected.enum.map(String));
  const isPlainText = expected?.type === 'string' && expected.enum === undefined && expected.pattern === undefined;
  if (isPlainText && (typeof found === 'number' || typeof found === 'boolean')) {
    return { hint: 'text that looks like a number or like true stands in quotes' };
  }
  return {};
}

function meant(word: string, known: readonly string[]): { hint?: string } {
  const candidate = nearest(word, known);
  return candidate === undefined ? {} : { hint: `did you mean '${candidate}'?` };
}
