import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bareEnvironment, bin, invented, node, start, startShell } from '../support/start-devops.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-surroundings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of bin/devops in a folder of its own. */
function strayCopy(): string {
  mkdirSync(join(folder, 'bin'));
  copyFileSync(bin, join(folder, 'bin/devops'));
  writeFileSync(join(folder, 'bin/package.json'), '{ "type": "commonjs" }');
  return join(folder, 'bin/devops');
}

/** This Node saying that it is an old one; what it starts does not inherit that. */
function oldNode(): string[] {
  const file = join(folder, 'old-node.cjs');
  writeFileSync(
    file,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });",
  );
  return ['--require', file];
}

test.each(['env -i', 'env -i HOME=', 'env -i HOME=/nonexistent', 'env -u HOME', 'env -i LANG=xx_YY TERM=dumb'])(
  'it runs with %s',
  async (env) => {
    const result = await startShell(`${env} $DEVOPS config schema --json; ${env} $INVENTED many ok`);
    expect(result.stderr).toBe('');
    expect(result.stdout).toContain('$schema');
    expect(result.stdout.endsWith('a\tok\t10\n')).toBe(true);
  },
);

test('with LANG=C all that it says is ASCII', async () => {
  const lines = [
    '$DEVOPS --help',
    '$DEVOPS config check --help',
    '$DEVOPS nonsense',
    '$INVENTED report',
    '$INVENTED breaks x',
  ];
  for (const line of lines) {
    const result = await startShell(line, { env: { LANG: 'C' } });
    expect(result.stdout + result.stderr, line).toMatch(/^[\u0000-\u007F]+$/);
  }
});

test('in a folder that was deleted it runs, and says so where the folder matters', async () => {
  const gone = `d=$(mktemp -d) && cd "$d" && rmdir "$d" && `;
  expect(await startShell(`${gone} $INVENTED many ok`)).toMatchObject({
    exitCode: 0,
    stdout: 'a\tok\t10\n',
    stderr: '',
  });
  expect(await startShell(`${gone} $DEVOPS --version`)).toMatchObject({ exitCode: 0, stderr: '' });
  const report = await startShell(`${gone} $INVENTED many ok --report json=r.json`);
  expect(report).toMatchObject({ exitCode: 2, stdout: '' });
  expect(report.stderr).toBe(
    'devops: error: the working directory does not exist any more\ndevops: hint: cd to a folder that exists\n',
  );
});

test('under a Node that is too old it starts the one that the checkout brings, and passes words and exit code on', async () => {
  const [help, wrong, version] = [['--help'], ['config', 'chekc', '-o', 'nagios'], ['--version']];
  for (const words of [help, wrong, version]) {
    const direct = await start(node, [bin, ...words]);
    const handed = await start(node, [...oldNode(), bin, ...words]);
    expect(handed).toMatchObject({ exitCode: direct.exitCode, stdout: direct.stdout, stderr: direct.stderr });
  }
});

test('the node of the PATH, whatever its age, does', async () => {
  const result = await start(bin, ['config', 'chekc'], { env: { PATH: `${bareEnvironment.PATH}:${dirname(node)}` } });
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.stderr).toContain("did you mean 'devops config check'?");
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)('%s to the old Node reaches the new one, whose exit code is %i', async (signal, code) => {
  const copy = strayCopy();
  symlinkSync(dirname(dirname(dirname(dirname(node)))) + '/node_modules', join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.3" }');
  mkdirSync(join(folder, 'dist'));
  const pretender = `import(${JSON.stringify(invented)})`;
  writeFileSync(join(folder, 'dist/package.json'), '{ "type": "commonjs" }');
  writeFileSync(join(folder, 'dist/main.js'), `exports.run = () => ${pretender};`);
  const child = start(node, [...oldNode(), copy, 'ticks']);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  child.kill(signal);
  expect(await child).toMatchObject({ exitCode: code, stderr: '' });
});

test('a stray copy says in one line what it lacks, and 2', async () => {
  const copy = strayCopy();
  const alone = await start(node, [copy, 'sysinfo']);
  expect(alone).toMatchObject({ exitCode: 2, stdout: '' });
  expect(alone.stderr).toMatch(/^devops: error: .* is no complete copy of devops: .*\n$/);
  writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.3" }');
  expect(await start(node, [...oldNode(), copy, 'sysinfo'])).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: 'devops: error: Node 20.20.2 is too old: devops needs 22.18 or newer\n',
  });
  expect(await start(node, [copy, 'sysinfo'])).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: `devops: error: this copy of devops is not installed: run npm ci in ${folder}\n`,
  });
});
