import { UserError } from '../../errors/user-error.ts';

/** A Secret or a ConfigMap, with all that is in it as bytes. */
export interface KubernetesObject {
  namespace: string;
  name: string;
  /** Of a Secret, such as `kubernetes.io/tls`; a ConfigMap has none. */
  type: string | undefined;
  /** By key, as they stand there; undefined for a value that is not Base64 where it must be. */
  entries: [key: string, value: Buffer | undefined][];
}

type Json = Record<string, unknown>;

/** Lists do not hold lists, unless somebody means harm. */
const deepest = 4;

/**
 * The Secrets and ConfigMaps of what `kubectl get ... -o json` prints: one of them, a List, or a plain array. Objects of
 * other kinds are passed over. Throws UserError when it is no JSON, or nothing of Kubernetes; no message shows anything
 * of the text, which may be a key.
 */
export function kubernetesObjects(text: string): Generator<KubernetesObject> {
  const document = parseJson(text);
  if (!Array.isArray(document) && typeof asObject(document)?.['kind'] !== 'string') {
    throw notKubernetes('this JSON has no "kind", so it is not what kubectl prints');
  }
  return objectsIn(document, 0);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words, and so the cause, quote the text.
    throw notKubernetes('this begins like JSON and is not, or it was cut off');
  }
}

function notKubernetes(message: string): UserError {
  return new UserError(message, { code: 'usage', hints: ['give it what this prints: kubectl get secret -A -o json'] });
}

function* objectsIn(value: unknown, depth: number): Generator<KubernetesObject> {
  if (depth > deepest) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* objectsIn(item, depth + 1);
    return;
  }
  const object = asObject(value);
  const kind = object?.['kind'];
  if (object === undefined) return;
  if (Array.isArray(object['items'])) yield* itemsOf(String(kind), object['items'], depth);
  else if (kind === 'Secret' || kind === 'ConfigMap') yield readObject(object, kind);
}

/** The items of a SecretList, as the API gives it, do not say again what they are. */
function* itemsOf(listKind: string, items: unknown[], depth: number): Generator<KubernetesObject> {
  const kind = /^(Secret|ConfigMap)List$/.exec(listKind)?.[1];
  for (const item of items) {
    const object = asObject(item);
    yield* objectsIn(kind === undefined || object === undefined ? item : { ...object, kind }, depth + 1);
  }
}

function readObject(object: Json, kind: 'Secret' | 'ConfigMap'): KubernetesObject {
  const metadata = asObject(object['metadata']);
  const base64 = asObject(object[kind === 'Secret' ? 'data' : 'binaryData']);
  const plain = asObject(object[kind === 'Secret' ? 'stringData' : 'data']);
  return {
    namespace: textOf(metadata?.['namespace']) ?? 'default',
    name: textOf(metadata?.['name']) ?? '(without a name)',
    type: kind === 'Secret' ? (textOf(object['type']) ?? 'Opaque') : undefined,
    entries: [...entriesOf(base64, decodeBase64), ...entriesOf(plain, (value) => Buffer.from(value))],
  };
}

function entriesOf(
  values: Json | undefined,
  decode: (value: string) => Buffer | undefined,
): [string, Buffer | undefined][] {
  return Object.entries(values ?? {}).map(([key, value]) => [key, decode(textOf(value) ?? '')]);
}

function decodeBase64(value: string): Buffer | undefined {
  // Written by hand it may be wrapped.
  const digits = value.replaceAll(/\s/g, '');
  const isValid = digits.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(digits);
  return isValid ? Buffer.from(digits, 'base64') : undefined;
}

function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
