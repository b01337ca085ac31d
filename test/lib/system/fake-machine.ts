import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createProbe } from '../../../src/lib/system/probe.ts';
import type { Probe } from '../../../src/lib/system/probe.ts';

/** A machine with these files alone; it is gone when the test ends. */
export function fakeMachine(files: Readonly<Record<string, string>>): Probe {
  // In memory where there is such a folder: thousands of small files take a slow disk many seconds.
  const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const root = mkdtempSync(join(folder, 'devops-machine-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text);
  }
  return createProbe(root);
}
