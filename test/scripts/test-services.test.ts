import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';

const script = readFileSync(join(import.meta.dirname, '../../scripts/test-services'));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-test-services-test-'));
  chmodSync(folder, 0o755);
});

afterEach(() => rmSync(folder, { recursive: true }));

test('without root it says what is missing and what for, installs nothing and ends with 0', async () => {
  const called = join(folder, 'called');
  program('apt-get', `#!/bin/sh\necho "$@" >>${called}\n`);
  const { code, stdout, stderr } = await run();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('missing: zsh, which tries the zsh completion\n');
  expect(stdout).toMatch(
    /^nothing installed \((not root|not a Debian system)\); as root on Debian: apt-get install .* zsh /m,
  );
  expect(existsSync(called)).toBe(false);
});

test('what is there is present, within 2 seconds', async () => {
  for (const name of ['promtool', 'zsh', 'gcc']) program(name, '#!/bin/sh\nexit 1\n');
  const started = performance.now();
  const { code, stdout } = await run();
  expect(performance.now() - started).toBeLessThan(2000);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^present: prometheus\n(.*\n)*present: zsh\n(.*\n)*present: gcc\n/m);
  expect(stdout).not.toContain('missing: gcc');
});

function program(name: string, content: string): void {
  writeFileSync(join(folder, name), content, { mode: 0o755 });
}

/** Never as root: then it would install. From stdin, for nobody may not be allowed to read the checkout. */
async function run(): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const child = spawn('/bin/bash', ['-s'], { cwd: '/', env: { PATH: folder }, timeout: 20_000, ...nobody });
  const code = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  child.stdin.end(script);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}
