import { openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomName } from './random-name.ts';
import { systemFailure } from './system-failure.ts';

/**
 * Descriptor of a file without a name, which nobody can find and no kill leaves behind; all that is written goes to its
 * end. Throws UserError.
 */
export function openUnnamedFile(): number {
  const path = join(tmpdir(), `.devops-${randomName()}.tmp`);
  try {
    const descriptor = openSync(path, 'ax+', 0o600);
    unlinkSync(path);
    return descriptor;
  } catch (error) {
    throw systemFailure(`cannot make a file in '${tmpdir()}'`, error, ['set TMPDIR to a folder that can be written']);
  }
}
