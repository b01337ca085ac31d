import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node } from './start-devops.ts';

const checkout = join(import.meta.dirname, '../..');

/**
 * A copy of bin/devops in `folder` that looks for Node on a PATH of its own, whatever PATH it is started with: the
 * machine that runs the tests may have any Node in /usr/bin, or none. `node` is the script that is found as `node`, in
 * which $NODE is a real one; without it there is none. `complete`: with the sources beside it.
 */
export function copyDevops(folder: string, options: { node?: string; complete: boolean }): string {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'path'));
  const program = join(folder, 'bin/devops');
  const [, ...lines] = readFileSync(join(checkout, 'bin/devops'), 'utf8').split('\n');
  writeExecutable(program, [`#!/usr/bin/env -S PATH=${join(folder, 'path')} node`, ...lines].join('\n'));
  writeFileSync(join(folder, 'bin/package.json'), '{ "type": "commonjs" }');
  writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.3", "type": "module" }');
  if (options.node !== undefined) {
    writeExecutable(join(folder, 'path/node'), `#!/bin/sh\nNODE='${node}'\n${options.node}\n`);
  }
  if (options.complete)
    for (const name of ['src', 'node_modules']) symlinkSync(join(checkout, name), join(folder, name));
  return program;
}

/** Makes a Node say that it is an old one: `$NODE --require FILE`. */
export function pretendOldNode(folder: string): string {
  const file = join(folder, 'old-node.cjs');
  const versions = "{ ...process.versions, node: '20.20.2' }";
  writeFileSync(file, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
  return file;
}

function writeExecutable(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}
