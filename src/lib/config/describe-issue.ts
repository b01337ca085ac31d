import type { core } from 'zod';
import { nearest } from '../errors/nearest.ts';
import { printable } from '../text/printable.ts';
import { quoted } from '../text/quoted.ts';
import { secretHint } from './schema-secret.ts';
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
  const { expected, isSecret } = expectedAt(schema, issue.path, data);
  if (issue.code === 'unrecognized_keys') {
    const form = formOf(expected, valueAt(data, issue.path));
    const known = Object.keys(expected?.properties ?? form?.properties ?? {});
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      atKey: true,
      message: `found an unknown key, expected ${oneOf(known)}`,
      ...meant(key, known),
    }));
  }
  if (issue.code === 'invalid_key') {
    // The name in a mapping of names to values, at which the path ends.
    const mistake = issue.issues.map(mistakeOf).find((one) => one !== undefined);
    return [{ path: issue.path, atKey: true, ...(mistake ?? { message: 'found a name that is not allowed here' }) }];
  }
  const mistake = mistakeOf(issue);
  if (mistake !== undefined) return [{ path: issue.path, atKey: false, ...mistake }];
  const found = valueAt(data, issue.path);
  if (issue.code === 'invalid_union' && 'discriminator' in issue && issue.discriminator === issue.path.at(-1)) {
    // The `type` by which one of several mappings is chosen, at which the path ends.
    const types = typesOf(expectedAt(schema, issue.path.slice(0, -1), data).expected);
    const message = `${found === undefined ? 'is missing' : `found ${describe(found)}`}, expected ${oneOf(types)}`;
    return [{ path: issue.path, atKey: false, message, ...(typeof found === 'string' ? meant(found, types) : {}) }];
  }
  if (issue.code === 'invalid_union') {
    // Of several possible forms, the one that was meant is the one of which the value has the type.
    const form = formOf(expected, found);
    const inner = form === undefined ? [] : (issue.errors[formsOf(expected).indexOf(form)] ?? []);
    if (inner.length > 0) {
      return inner.flatMap((one) => describeIssue({ ...one, path: [...issue.path, ...one.path] }, data, schema));
    }
  }
  if (issue.code === 'too_big' && Array.isArray(found)) {
    const message = `found a list of ${found.length}, expected at most ${issue.maximum}`;
    return [{ path: issue.path, atKey: false, message }];
  }
  const what = isSecret && isScalar(found) ? kindOf(found) : describe(found);
  const message = `${found === undefined ? 'is missing' : `found ${what}`}, expected ${describeExpected(expected)}`;
  // Where a text is wanted, a number is one without its quotes.
  const isMisplaced = isSecret && isScalar(found) && (typeof found === 'string' || expected?.type !== 'string');
  if (isMisplaced) return [{ path: issue.path, atKey: false, message, hint: secretHint }];
  return [{ path: issue.path, atKey: false, message, ...hintFor(issue.path, found, expected) }];
}

function mistakeOf(issue: core.$ZodIssue): TextMistake | undefined {
  return issue.code === 'custom' ? issue.params?.['mistake'] : undefined;
}

/**
 * The schema of a place. `isSecret`: it or what it is in is `writeOnly`, so that nothing of the value may be shown.
 */
function expectedAt(
  schema: Expected,
  path: readonly PropertyKey[],
  data: unknown,
): { expected: Expected | undefined; isSecret: boolean } {
  let here: Expected | undefined = schema;
  let isSecret = schema.writeOnly === true;
  for (const [index, step] of path.entries()) {
    const form = formOf(here, valueAt(data, path.slice(0, index)));
    const forms: (Expected | boolean)[] = [here ?? {}, ...(form === undefined ? [] : [form]), ...formsOf(here)];
    here = forms.map((one) => innerSchema(one, step)).find((inner) => inner !== undefined);
    isSecret ||= here?.writeOnly === true;
  }
  return { expected: here, isSecret };
}

function innerSchema(schema: Expected | boolean, step: PropertyKey): Expected | undefined {
  if (typeof schema === 'boolean') return undefined;
  const inner =
    typeof step === 'number'
      ? schema.items
      : (schema.properties?.[String(step)] ?? Object.values(schema.patternProperties ?? {})[0]);
  return typeof inner === 'object' && !Array.isArray(inner) ? inner : undefined;
}

/** What a value may be, where it may be one of several. */
function formsOf(expected: Expected | undefined): readonly (Expected | boolean)[] {
  return expected?.anyOf ?? expected?.oneOf ?? [];
}

/** Of several possible forms of a value, the one that is of its type; of mappings the one whose `type` it names. */
function formOf(expected: Expected | undefined, value: unknown): Expected | undefined {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const forms = formsOf(expected).filter((form) => typeof form === 'object' && form.type === type) as Expected[];
  return forms.find((form) => isNamedBy(form, value)) ?? forms[0];
}

/** The values of `type` by which mappings are told apart. */
function typesOf(expected: Expected | undefined): string[] {
  return formsOf(expected).flatMap((form) => {
    const named = typeof form === 'object' ? form.properties?.['type'] : undefined;
    return typeof named === 'object' && typeof named.const === 'string' ? [named.const] : [];
  });
}

function isNamedBy(form: Expected, value: unknown): boolean {
  const named = form.properties?.['type'];
  return typeof named === 'object' && named.const !== undefined && named.const === valueAt(value, ['type']);
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

/** What a secret is, without showing anything of it. */
function kindOf(found: unknown): string {
  if (typeof found === 'number') return 'a number';
  return typeof found === 'boolean' ? 'true or false' : 'a text';
}

function isScalar(found: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof found);
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
