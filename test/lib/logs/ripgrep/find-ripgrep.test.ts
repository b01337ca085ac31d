import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRipgrep, requireRipgrep } from '../../../../src/lib/logs/ripgrep/find-ripgrep.ts';

const source = join(import.meta.dirname, '../../../../src/lib/logs/ripgrep/find-ripgrep.ts');
const binary = `@vscode/ripgrep-${platform()}-${arch()}/bin/rg`;
const installed = join(import.meta.dirname, '../../../../node_modules', binary);

let folder: string;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-ripgrep-')));
  // As `npm run build` makes it, far from our own node_modules.
  const bundle = await rolldown({ input: { main: source }, platform: 'node' });
  await bundle.write({ dir: join(folder, 'dist'), format: 'cjs', entryFileNames: '[name].cjs' });
  await bundle.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeProgram(path: string, script: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** What the built code finds, installed in a folder of this name. */
function findFrom(place: string, path: string, call = 'findRipgrep'): unknown {
  const main = join(folder, place, 'dist');
  if (!existsSync(main)) cpSync(join(folder, 'dist'), main, { recursive: true });
  const script = `require(${JSON.stringify(join(main, 'main.cjs'))}).${call}({ PATH: ${JSON.stringify(path)} }, AbortSignal.timeout(9000))
    .then((found) => console.log(JSON.stringify(found ?? null)), (error) => console.log(JSON.stringify([error.name, error.code, error.hints.length])))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script]);
  expect(String(stderr)).toBe('');
  return JSON.parse(String(stdout));
}

describe('ripgrep is found', () => {
  test.skipIf(!existsSync(installed))('in the optional package, by our sources as they are', async () => {
    const found = await findRipgrep({ PATH: '' }, AbortSignal.timeout(9000));
    expect(found).toEqual({ path: realpathSync(installed) });
    expect(await requireRipgrep({ PATH: '' }, AbortSignal.timeout(9000))).toEqual(found);
  });

  test('in the package next to the built code, without being started', () => {
    const path = writeProgram(join(folder, 'flat/node_modules', binary), 'exit 1');
    writeFileSync(join(path, '../../package.json'), '{}');
    expect(findFrom('flat', '')).toEqual({ path });
  });

  test('where only its parent package sees it', () => {
    const parent = join(folder, 'nested/node_modules/@vscode/ripgrep');
    const path = writeProgram(join(parent, 'node_modules', binary), 'exit 1');
    writeFileSync(
      join(parent, 'package.json'),
      '{ "type": "module", "exports": { ".": { "default": "./index.js" } } }',
    );
    writeFileSync(join(parent, 'index.js'), 'throw new Error("must not be loaded");');
    expect(findFrom('nested', '')).toEqual({ path });
  });

  test('in PATH when the package is damaged, from version 13 on', () => {
    mkdirSync(join(folder, 'damaged/node_modules', binary, '../..'), { recursive: true });
    writeFileSync(join(folder, 'damaged/node_modules', binary, '../../package.json'), '{ not json');
    const path = writeProgram(join(folder, 'bin13/rg'), 'echo "ripgrep 13.0.0 (rev x)"; echo more');
    expect(findFrom('damaged', join(folder, 'bin13'))).toEqual({ path, version: '13.0.0' });
  });

  test.each([
    ['an old one', 'echo "ripgrep 12.1.1"'],
    ['something else of that name', 'echo "rg, the register of goats 99.0"'],
    ['one that fails', 'echo "ripgrep 14.1.0"; exit 3'],
  ])('nowhere when PATH has %s', (name, script) => {
    const path = writeProgram(join(folder, name, 'rg'), script);
    expect(findFrom('without', join(path, '..'))).toBeNull();
  });
});

test('who asks for ripgrep and has none is told what to install', () => {
  expect(findFrom('without', join(folder, 'empty'), 'requireRipgrep')).toEqual(['UserError', 'unsupported', 2]);
});
