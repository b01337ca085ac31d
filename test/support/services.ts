import {
  accessSync,
  appendFileSync,
  constants,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** File to which the suites, each in a thread of its own, add a line for every program they miss. */
    missingPrograms: string;
  }
}

/**
 * Path of a program that a suite drives. When it is not installed: undefined, and the closing summary says that `why`
 * was not tested; with CI=true an error, for a green run that left something out is no green run.
 *
 *     const promtool = requireProgram('promtool', 'the Prometheus output is not checked by Prometheus itself');
 *     test.skipIf(promtool === undefined)('...', () => { ... promtool! ... });
 */
export function requireProgram(name: string, why: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  // A user's PATH often lacks the folders of daemons.
  const folders = `${env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`.split(':').filter((folder) => folder !== '');
  const path = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (path !== undefined) return path;
  const reason = `${name} is not installed: ${why}`;
  if (env['CI'] === 'true') throw new Error(`${reason} (scripts/test-services installs it)`);
  appendFileSync(inject('missingPrograms'), `${reason}\n`);
  return undefined;
}

/** Has the closing summary say what this machine does not allow, also with CI=true: nothing that is installed changes it. */
export function tellLeftOut(reason: string): undefined {
  appendFileSync(inject('missingPrograms'), `${reason}\n`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** vitest's globalSetup: what it returns runs after the summary of all tests. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'devops-missing-programs-'));
  const file = join(folder, 'reasons');
  writeFileSync(file, '');
  project.provide('missingPrograms', file);
  return () => {
    const reasons = new Set(
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    );
    rmSync(folder, { recursive: true });
    if (reasons.size === 0) return;
    const lines = [...reasons].toSorted().map((reason) => `  ${reason}\n`);
    process.stderr.write(
      `\nSkipped for want of a program (scripts/test-services installs what it can):\n${lines.join('')}`,
    );
  };
}
