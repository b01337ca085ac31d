import type { SecretSource } from '../secrets/secret-source.ts';
import type { SecretSetting } from './schema-secret.ts';

/** Where a secret is. The schema has seen to it that one of the three is there, and that is what is handed on. */
export function secretSourceOf({ env, file, credential }: SecretSetting): SecretSource {
  if (env !== undefined) return { env };
  if (file !== undefined) return { file };
  if (credential !== undefined) return { credential };
  throw new Error('a secret source that says nothing');
}
