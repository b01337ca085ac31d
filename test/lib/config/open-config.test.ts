import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openConfig } from '../../../src/lib/config/open-config.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-open-')));
  mkdirSync(join(folder, 'closed'));
  mkdirSync(join(folder, 'home/.config/devops'), { recursive: true });
});

afterEach(() => {
  chmodSync(join(folder, 'closed'), 0o700);
  rmSync(folder, { recursive: true });
});

const script = `
const { loadConfig } = await import(process.argv[1]);
const outcome = await loadConfig(JSON.parse(process.argv[2])).catch(({ message, code }) => ({ message, code }));
console.log(JSON.stringify(outcome));
`;

/** In a process whose rights the file modes decide, also when the tests run as root. */
function loadWithoutPower(options: Record<string, unknown>): unknown {
  const uid = process.getuid!();
  const module = new URL('../../../src/lib/config/load-config.ts', import.meta.url).href;
  const settings = JSON.stringify({ env: {}, cwd: folder, uid, productVersion: '1', ...options });
  const command = [process.execPath, '--input-type=module', '-e', script, module, settings];
  if (uid === 0) command.unshift('setpriv', '--bounding-set', '-dac_override,-dac_read_search');
  return JSON.parse(execFileSync(command[0]!, command.slice(1), { encoding: 'utf8', env: {} }));
}

test('a file that is there and cannot be read is an error, also in a usual place', () => {
  const path = join(folder, 'devops.yaml');
  writeFileSync(path, '', { mode: 0 });
  expect(loadWithoutPower({})).toEqual({ message: `cannot read '${path}': permission denied`, code: 'permission' });
});

test('a usual place in a folder that we may not enter is passed over', () => {
  const path = join(folder, 'home/.config/devops/devops.yaml');
  writeFileSync(path, '', { mode: 0o600 });
  chmodSync(join(folder, 'closed'), 0);
  const options = { cwd: join(folder, 'closed'), homeDirectory: join(folder, 'home') };
  expect(loadWithoutPower(options)).toMatchObject({ path });
});

test('a named file in a folder that we may not enter is an error', () => {
  chmodSync(join(folder, 'closed'), 0);
  const path = join(folder, 'closed/devops.yaml');
  expect(loadWithoutPower({ explicitPath: path })).toEqual({
    message: `cannot read '${path}': permission denied`,
    code: 'permission',
  });
});

test('when no usual place has a file, there is none', () => {
  const candidates = ['none.yaml', 'none/none.yaml'].map((name) => ({
    path: join(folder, name),
    origin: 'search' as const,
  }));
  expect(openConfig(candidates, process.getuid!())).toBeUndefined();
});
