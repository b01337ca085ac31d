import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * `npm run package [-- --out DIR]`: one archive that runs where no Node is installed. Unpack it anywhere, link its
 * `devops` into a folder of PATH, done. The same checkout gives the same bytes: names sorted, owner, modes and times
 * fixed (times by SOURCE_DATE_EPOCH when it is set), and the bundle is built anew into the archive's own folder.
 */

const checkout = dirname(import.meta.dirname);

/**
 * Shell builtins only, but for a symbolic link. `command -p` finds readlink in the system's own folders, whatever PATH
 * says; a system that keeps it elsewhere has it on PATH. libexec, so that nobody's PATH gets a second `node`.
 */
const launcher = [
  '#!/bin/sh',
  '# Starts devops with the Node.js that came with it.',
  'self=$0',
  'case $self in */*) ;; *) self=./$self ;; esac',
  'if [ -L "$self" ]; then',
  '  self=$(command -p readlink -f -- "$self" 2>/dev/null || readlink -f -- "$self") || {',
  '    echo "devops: error: cannot follow the symbolic link $0: readlink is missing" >&2',
  '    exit 127',
  '  }',
  'fi',
  'exec "${self%/*}/libexec/node" "${self%/*}/bin/devops" "$@"',
  '',
].join('\n');

try {
  main();
} catch (error) {
  process.stderr.write(`package: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function main(): void {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(checkout, 'build') } } });
  if (process.platform !== 'linux')
    throw new Error(`the archive is for Linux and is built there, not on ${process.platform}`);
  const { name, version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const folder = `devops-${version}-linux-${process.arch}`;
  const out = resolve(values.out);
  const stage = mkdtempSync(join(tmpdir(), 'devops-package-'));
  try {
    fillFolder(join(stage, folder), { name, version });
    mkdirSync(out, { recursive: true });
    const archive = join(out, `${folder}.tar.gz`);
    pack(stage, folder, archive);
    const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
    writeFileSync(`${archive}.sha256`, `${sha256}  ${basename(archive)}\n`);
    const size = `${(statSync(archive).size / 1e6).toFixed(1)} MB`;
    process.stdout.write(`${archive}\n${size}\nsha256 ${sha256}\n`);
  } finally {
    rmSync(stage, { recursive: true });
  }
}

function fillFolder(folder: string, identity: { name: string; version: string }): void {
  mkdirSync(join(folder, 'libexec'), { recursive: true });
  const rolldown = join(checkout, 'node_modules/rolldown/bin/cli.mjs');
  run(process.execPath, [rolldown, '-c', 'rolldown.config.ts', '--dir', join(folder, 'dist')]);
  for (const path of ['bin', 'docs/man', 'LICENSE']) {
    if (existsSync(join(checkout, path))) cpSync(join(checkout, path), join(folder, path), { recursive: true });
  }
  addNode(join(folder, 'libexec/node'));
  const ripgrep = addRipgrep(folder);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(identity, undefined, 2)}\n`);
  writeFileSync(join(folder, 'devops'), launcher);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES'), thirdPartyLicenses());
  const executables = ['devops', 'bin/devops', 'libexec/node', ...ripgrep].map((path) => join(folder, path));
  setModes(folder, new Set(executables));
}

/** The pinned Node; without its debug symbols, a fifth of it, where binutils is installed. */
function addNode(target: string): void {
  const source = pinnedNode();
  const stripped = spawnSync('strip', ['-o', target, source], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (stripped.status === 0) return;
  warn('strip (binutils) is missing or failed: Node keeps its debug symbols, and the archive is larger');
  cpSync(source, target);
}

/** The ripgrep of this platform, where it was installed: large logs are searched five times as fast with it. */
function addRipgrep(folder: string): string[] {
  const path = `node_modules/@vscode/ripgrep-linux-${process.arch}`;
  if (!existsSync(join(checkout, path))) {
    warn(`${path} is not installed: the archive has no ripgrep, and devops searches large logs by itself`);
    return [];
  }
  for (const file of ['package.json', 'bin/rg']) cpSync(join(checkout, path, file), join(folder, path, file));
  return [`${path}/bin/rg`];
}

function pinnedNode(): string {
  return realpathSync(join(checkout, 'node_modules/.bin/node'));
}

/** What the umask of the checkout made is nobody's business: 755 for folders and programs, 644 for the rest. */
function setModes(path: string, executables: ReadonlySet<string>): void {
  if (!statSync(path).isDirectory()) return chmodSync(path, executables.has(path) ? 0o755 : 0o644);
  chmodSync(path, 0o755);
  for (const name of readdirSync(path)) setModes(join(path, name), executables);
}

function pack(stage: string, folder: string, archive: string): void {
  // 1980: GNU tar calls the first second of 1970 implausibly old.
  const time = process.env['SOURCE_DATE_EPOCH'] ?? '315532800';
  const unfinished = `${archive}.unfinished`;
  const fixed = ['--format=gnu', '--sort=name', `--mtime=@${time}`, '--owner=0', '--group=0', '--numeric-owner'];
  // gzip's -9 takes three times as long for half a percent.
  run('tar', ['-C', stage, ...fixed, '--use-compress-program=gzip -n', '-cf', unfinished, folder]);
  renameSync(unfinished, archive);
}

/** Runs a program without the variables that change what tar (TAR_OPTIONS) and gzip (GZIP) write. */
function run(program: string, args: readonly string[]): void {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C', NO_COLOR: '1' };
  execFileSync(program, args, { cwd: checkout, env, stdio: ['ignore', 'ignore', 'inherit'] });
}

interface LockedPackage {
  version: string;
  license?: string;
  dev?: boolean;
}

/** Names, versions and licence texts of Node and of every package that the bundle may hold, by package-lock.json. */
function thirdPartyLicenses(): string {
  const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
    readFileSync(join(checkout, 'package-lock.json'), 'utf8'),
  );
  const bundled = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  const parts = bundled
    .filter(([path]) => existsSync(join(checkout, path)))
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const text = licenseText(join(checkout, path)) ?? 'The package has no file with the text of its licence.';
      return section(`${name} ${version}`, license ?? 'see below', text);
    });
  return [nodeLicense(), ...parts].join('\n');
}

function nodeLicense(): string {
  const packaged = `node-linux-${process.arch}`;
  const places = [`node_modules/node/node_modules/${packaged}`, `node_modules/${packaged}`, 'node_modules/node'];
  const text = places.map((place) => licenseText(join(checkout, place))).find((found) => found !== undefined);
  const version = execFileSync(pinnedNode(), ['--version'], { encoding: 'utf8' }).trim();
  const link = `https://github.com/nodejs/node/blob/${version}/LICENSE`;
  // The node package fetches its binary behind npm's back: every later npm install takes its LICENSE away again.
  if (text === undefined) warn(`Node's LICENSE is not in node_modules, only ${link} goes in; npm ci brings it back`);
  return section(`Node.js ${version}`, 'MIT and others', text ?? link);
}

function licenseText(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const file = readdirSync(folder)
    .toSorted()
    .find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim();
}

function section(title: string, license: string, text: string): string {
  const rule = '='.repeat(80);
  return `${rule}\n${title}\nLicence: ${license}\n${rule}\n\n${text}\n`;
}

function warn(message: string): void {
  process.stderr.write(`package: ${message}\n`);
}
