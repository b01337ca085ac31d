import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SpoolEntry } from '../../../src/lib/spool/entry.ts';
import type { Alert } from '../../../src/lib/notify/alert.ts';
import type { FlushOptions } from '../../../src/lib/spool/flush.ts';

/** An empty spool below `parent`. */
export function makeSpool(parent: string): string {
  const folder = join(parent, randomUUID());
  for (const name of ['new', 'dead']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  return folder;
}

export function alertEntry(fields: Partial<SpoolEntry> = {}): SpoolEntry {
  const id = fields.id ?? randomUUID();
  const alert: Alert = {
    id,
    kind: 'test',
    severity: 'ok',
    job: 'backup',
    host: 'web1',
    title: 'a test',
    subjects: [],
    moreSubjects: 0,
  };
  return { version: 1, id, createdAt: 1000, to: 'ops', content: { alert }, attempts: 0, notBefore: 0, ...fields };
}

/** Of a flush at 2000 that has 10 seconds. */
export function flushOptions(fields: Pick<FlushOptions, 'deliver'> & Partial<FlushOptions>): FlushOptions {
  const signal = new AbortController().signal;
  return { signal, deadlineSeconds: 10, now: () => 2000, env: process.env, pid: process.pid, ...fields };
}
