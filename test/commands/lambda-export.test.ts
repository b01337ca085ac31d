import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../src/main.ts';
import { testRuntime, type TestRuntimeOptions } from '../support/test-runtime.ts';

let folder: string;
/** Where a program with a build stands. */
let program: string;
const code = 'exports.handler = async () => ({ exitCode: 0 });\n';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-lambda-export-'));
  program = join(folder, 'devops/bin/devops');
  mkdirSync(join(folder, 'devops/dist/lambda'), { recursive: true });
  writeFileSync(join(folder, 'devops/dist/lambda/index.js'), code);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(words: readonly string[], options: TestRuntimeOptions = {}) {
  const { runtime, stdout, stderr } = testRuntime({ cwd: folder, env: { TZ: 'Europe/Berlin' }, ...options });
  const exitCode = await main(['lambda', 'export', ...words], { ...runtime, self: [process.execPath, program] });
  return { exitCode, stdout: stdout(), stderr: stderr() };
}
const usual = ['out', '--tag', 'env=dev', '--off', 'weekend'];
const read = (name: string) => readFileSync(join(folder, 'out', name));

describe('a first export', () => {
  test('makes the folders that are missing, and gives up where none can be made', async () => {
    expect(await run(['deep/down/out', ...usual.slice(1)])).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(folder, 'deep/down/out'))).toHaveLength(3);
    // The system makes no folder there and says ENOENT, at which Node's recursive mkdir never ends.
    const { exitCode, stderr } = await run(['/proc/devops-test/out', ...usual.slice(1)]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("cannot make the folder '/proc/devops-test': no such file or directory");
  });

  test('says on a terminal what comes next, for a stack of any name, and ends the line', async () => {
    const { stdout } = await run(usual, { terminalColumns: 80 });
    expect(stdout).toMatch(/ --stack-name STACK --capabilities CAPABILITY_IAM\n$/);
  });

  test('writes the code, the policy and a template of CloudFormation', async () => {
    const { exitCode, stdout, stderr } = await run(usual);
    expect([exitCode, stderr]).toEqual([0, '']);
    const names = ['devops-lambda.zip', 'policy.json', 'template.yaml'];
    expect(stdout).toBe(
      names
        .map((name) => `${join(folder, 'out', name)}\twritten\t${statSync(join(folder, 'out', name)).size}\n`)
        .join(''),
    );
    expect(readdirSync(join(folder, 'out'))).toEqual(names);
    const inside = unzipSync(read('devops-lambda.zip'));
    expect(Object.keys(inside)).toEqual(['index.js', 'package.json']);
    expect(Buffer.from(inside['index.js']!).toString()).toBe(code);
    expect(JSON.parse(Buffer.from(inside['package.json']!).toString())).toMatchObject({
      version: '0.0.0-test',
      type: 'commonjs',
    });
  });

  test('writes a module of Terraform when that is asked for', async () => {
    expect(await run([...usual, '--template', 'terraform'])).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(folder, 'out'))).toEqual(['devops-lambda.zip', 'main.tf', 'policy.json']);
  });

  test('says on a terminal what to type next', async () => {
    const { stdout } = await run(usual, { terminalColumns: 200 });
    expect(stdout).toContain('aws cloudformation package --template-file template.yaml');
    expect((await run(['tf', ...usual.slice(1), '--template=terraform'], { terminalColumns: 200 })).stdout).toContain(
      'terraform init && terraform apply',
    );
  });

  test('puts the selectors, the guards and the zone of this machine into both commands', async () => {
    await run([...usual, 'i-0123456789abcdef0', '--max', '3', '--account', '111122223333', '--hibernate', '--enforce']);
    const template = read('template.yaml').toString();
    const words = ['i-0123456789abcdef0', '--tag', 'env=dev', '--off', 'weekend', '--enforce'];
    const guards = ['--group-members', 'skip', '--max', '3', '--account', '111122223333'];
    const zone = ['--tz', 'Europe/Berlin'];
    const argv = (...all: string[]) => `"argv":${JSON.stringify(all)}`;
    expect(template).toContain(argv('start-instances', ...words, ...guards, ...zone));
    expect(template).toContain(argv('stop-instances', ...words, ...guards, '--hibernate', ...zone));
  });

  test('takes the holidays along', async () => {
    writeFileSync(join(folder, 'days'), '2026-12-25 Christmas\n');
    expect(await run([...usual, '--holidays', 'days'])).toMatchObject({ exitCode: 0 });
    const inside = unzipSync(read('devops-lambda.zip'));
    expect(Buffer.from(inside['holidays.txt']!).toString()).toBe('2026-12-25 Christmas\n');
    expect(read('template.yaml').toString()).toContain('"--holidays","/var/task/holidays.txt"');
  });
});

describe('a second export', () => {
  test('changes nothing and says so', async () => {
    await run(usual);
    const before = ['devops-lambda.zip', 'policy.json', 'template.yaml'].map(read);
    const { exitCode, stdout } = await run(usual);
    expect(exitCode).toBe(0);
    expect(stdout.match(/unchanged/g)).toHaveLength(3);
    expect(['devops-lambda.zip', 'policy.json', 'template.yaml'].map(read)).toEqual(before);
  });

  test('replaces what has changed only when that is confirmed', async () => {
    await run(usual);
    const old = read('template.yaml').toString();
    writeFileSync(join(folder, 'out/policy.json'), 'mine\n');
    const refused = await run([...usual, '--memory', '512']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toMatch(/policy\.json\twould replace.*template\.yaml\twould replace/s);
    expect(refused.stderr).toContain('nothing was written: it was not confirmed');
    expect(read('policy.json').toString()).toBe('mine\n');
    expect(read('template.yaml').toString()).toBe(old);
    const { exitCode, stdout } = await run([...usual, '--memory', '512', '--yes']);
    expect([exitCode, stdout.match(/replaced|unchanged/g)]).toEqual([0, ['unchanged', 'replaced', 'replaced']]);
    expect(read('template.yaml').toString()).toContain('MemorySize: 512');
  });

  test('asks on a terminal', async () => {
    await run(usual);
    writeFileSync(join(folder, 'out/policy.json'), 'mine\n');
    expect(await run(usual, { terminalColumns: 200, stdin: 'n\n' })).toMatchObject({ exitCode: 2 });
    expect(read('policy.json').toString()).toBe('mine\n');
    expect(await run(usual, { terminalColumns: 200, stdin: 'y\n' })).toMatchObject({ exitCode: 0 });
    expect(read('policy.json').toString()).toContain('StopAndStart');
  });
});

test('a dry run writes nothing', async () => {
  const { exitCode, stdout } = await run([...usual, '--dry-run']);
  expect(exitCode).toBe(0);
  expect(stdout.match(/\twould write\t/g)).toHaveLength(3);
  expect(readdirSync(folder)).toEqual(['devops']);
});

test('a link is followed, and no folder is replaced', async () => {
  mkdirSync(join(folder, 'out/template.yaml'), { recursive: true });
  expect(await run([...usual, '--yes'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('template.yaml'),
  });
  mkdirSync(join(folder, 'elsewhere'));
  rmSync(join(folder, 'out'), { recursive: true });
  symlinkSync('elsewhere', join(folder, 'out'));
  expect(await run(usual)).toMatchObject({ exitCode: 0 });
  expect(readdirSync(join(folder, 'elsewhere'))).toContain('template.yaml');
});

describe('one line, and nothing written:', () => {
  test.each([
    ['without a build', [...usual], "there is no '", () => rmSync(join(folder, 'devops/dist'), { recursive: true })],
    ['no folder', [], "missing required argument 'folder'"],
    ['no schedule', ['out', '--tag', 'env=dev'], 'a schedule tells either when it is off or when it is on'],
    ['no selector', ['out', '--off', 'weekend'], 'which instances is the function to stop and start?'],
    ['a moment', [...usual, '--scheduled-at', '2026-11-20T19:00:00Z'], "unknown option '--scheduled-at'"],
    ['another template', [...usual, '--template', 'sam'], "option '--template': 'sam' is not one of"],
    ['another architecture', [...usual, '--arch', 'mips'], "option '--arch': 'mips' is not one of"],
    ['too little memory', [...usual, '--memory', '64'], "option '--memory'"],
    ['a missing file of holidays', [...usual, '--holidays', 'nowhere'], "nowhere': no such file"],
    [
      'a mistake in the holidays',
      [...usual, '--holidays', 'days'],
      'days',
      () => writeFileSync(join(folder, 'days'), 'x'),
    ],
    ['no id', [...usual, 'web-1'], "'web-1' is not the id of an instance"],
    [
      'a file in the place of the folder',
      ['devops/bin', ...usual.slice(1)],
      'not a directory',
      () => writeFileSync(join(folder, 'devops/bin'), ''),
    ],
  ])('%s', async (_, words, message, prepare: () => void = () => undefined) => {
    prepare();
    const { exitCode, stdout, stderr } = await run(words);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.split('\n')[0]).toMatch(/^devops: error: /);
    expect(readdirSync(folder)).not.toContain('out');
  });
});
