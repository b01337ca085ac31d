import type { sharedJobKeys } from './schema-jobs.ts';

/** What holds for every job that does not say otherwise. */
export function defaultsSchema(z: typeof import('zod'), shared: ReturnType<typeof sharedJobKeys>) {
  return z.strictObject(shared);
}
