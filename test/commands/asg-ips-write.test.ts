import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useAsgShop } from './run-asg-ips.ts';

const shop = useAsgShop();
const path = (name = 'ips') => join(shop.folder, name);
const read = (name?: string) => readFileSync(path(name), 'utf8');
const quiet = { code: 0, stdout: '', stderr: '' };
const log = (name: string, code = 0) => `echo "$DEVOPS_FILE" >> ${path(name)}; exit ${code}`;
const calls = (name: string) => (existsSync(path(name)) ? read(name).split('\n').length - 1 : 0);
const pending = () =>
  existsSync(path('asg-ips')) ? readdirSync(path('asg-ips')).filter((name) => name.endsWith('.pending')) : [];

test('--write puts the lines into a file and prints nothing', async () => {
  shop.group('web', [{ privateIp: '10.0.0.2' }, { privateIp: '10.0.0.1' }]);
  expect(await shop.run('web --write ips')).toEqual(quiet);
  expect(read()).toBe('10.0.0.1\n10.0.0.2\n');
  expect(statSync(path()).mode & 0o777).toBe(0o644);
  expect(readdirSync(shop.folder)).toEqual(['ips']);
});

test.each(['-o json', '-o yaml', '-o csv', '-l', '-o ansible', '-o file_sd'])(
  'the same addresses with %s are the same file a minute later',
  async (words) => {
    shop.group('web', [{ privateIp: '10.0.0.1' }]);
    const run = () => shop.run(['web', ...words.split(' '), '--write', 'ips', '--on-change', log('called')]);
    expect(await run()).toEqual(quiet);
    shop.twin.clock.advance(60);
    expect(await run()).toEqual(quiet);
    expect(calls('called')).toBe(1);
    expect(read()).not.toContain('age_seconds');
  },
);

test.each<[string, RegExp]>([
  ['-0', /^10\.0\.0\.1\0$/],
  ['--template {ip};', /^10\.0\.0\.1;\n$/],
  ['-l', /^10\.0\.0\.1\ti-/],
  ['-o json', /^\[\n\{"schema":/],
  ['-o csv', /^ip,id/],
  ['-o ansible', /"ansible_host": "10\.0\.0\.1"/],
  ['-o file_sd --port 80', /"10\.0\.0\.1:80"/],
  ['-q', /^10\.0\.0\.1\n$/],
  ['-q -o json', /^\[\n\{"schema":/],
])('--write works with %s', async (words, content) => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  // On a terminal as well the file is one for programs.
  expect(await shop.run(`web ${words} --write ips`, { terminalColumns: 80 })).toEqual(quiet);
  expect(read()).toMatch(content);
});

test('a file that says the same is not touched', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  writeFileSync(path(), '10.0.0.1\n');
  utimesSync(path(), 1000, 1000);
  const before = statSync(path());
  expect(await shop.run('web --write ips')).toEqual(quiet);
  expect(statSync(path())).toMatchObject({ mtimeMs: 1_000_000, ino: before.ino });
});

test('the mode of the file stays, and a link to it stays a link', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  mkdirSync(path('elsewhere'));
  writeFileSync(path('elsewhere/real'), 'old');
  chmodSync(path('elsewhere/real'), 0o640);
  symlinkSync('elsewhere/real', path());
  expect(await shop.run('web --write ips')).toEqual(quiet);
  expect(lstatSync(path()).isSymbolicLink()).toBe(true);
  expect(statSync(path()).mode & 0o777).toBe(0o640);
  expect(read('elsewhere/real')).toBe('10.0.0.1\n');
});

test.each<[string, () => void, number]>([
  ['no address', () => undefined, 1],
  ['a group that does not exist', () => shop.group('web', [{}]), 2],
  [
    'a region that fails',
    () => {
      shop.group('web', [{}]);
      shop.group('nothing', [{}]);
      shop.twin.region().deny('DescribeInstances');
    },
    2,
  ],
])('%s keeps the file, and nothing is called', async (_, prepare, code) => {
  writeFileSync(path(), 'old');
  if (code === 1) {
    shop.group('web', []);
    shop.group('nothing', []);
  } else prepare();
  const end = await shop.run(['web', 'nothing', '--write', 'ips', '--on-change', log('called')]);
  expect(end).toMatchObject({ code, stdout: '' });
  expect(read()).toBe('old');
  expect(calls('called')).toBe(0);
});

test('fewer than --min keeps the file', async () => {
  writeFileSync(path(), 'old');
  shop.group('web', [{}]);
  expect((await shop.run('web --min 2 --write ips')).code).toBe(1);
  expect(read()).toBe('old');
});

test('an empty answer keeps the file also where none is accepted, and says so', async () => {
  writeFileSync(path(), 'old');
  shop.group('web', []);
  expect(await shop.run('web --min 0 --write ips -o json')).toEqual({
    code: 0,
    stdout: '',
    stderr: `devops: there is no address: '${path()}' is left as it is\n`,
  });
  expect(read()).toBe('old');
});

test('a place that cannot be written is exit code 2', async () => {
  shop.group('web', [{}]);
  const { code, stderr } = await shop.run('web --write no/such/ips');
  expect(code).toBe(2);
  expect(stderr).toContain(`devops: error: cannot write '${path('no/such/ips')}': no such file or directory\n`);
  expect((await shop.run('web --write .')).stderr).toContain('it is a folder');
  expect((await shop.run(['web', '--write', ''])).stderr).toContain("option '--write': the value is empty");
});

test('the command is called when the file changed, and not when it did not', async () => {
  const [id] = shop.group('web', [{ privateIp: '10.0.0.1' }]);
  const words = ['web', '--write', 'ips', '--on-change', log('called')];
  expect(await shop.run(words)).toEqual(quiet);
  expect(await shop.run(words)).toEqual(quiet);
  expect(read('called')).toBe(`${path()}\n`);
  shop.twin.region().terminateInstance(id!);
  shop.group('api', [{ privateIp: '10.0.0.9' }]);
  await shop.run(['api', ...words.slice(1)]);
  expect(calls('called')).toBe(2);
  expect(pending()).toEqual([]);
});

test('what the command prints is on stderr', async () => {
  shop.group('web', [{}]);
  const end = await shop.run(['web', '--write', 'ips', '--on-change', 'echo out; echo err >&2; exit 0']);
  expect(end).toEqual({ code: 0, stdout: '', stderr: 'out\nerr\n' });
});

test('a command that fails is exit code 2, and is called again until it succeeds', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  const failing = ['web', '--write', 'ips', '--on-change', log('called', 3)];
  const end = await shop.run(failing);
  expect(end).toEqual({
    code: 2,
    stdout: '',
    stderr:
      `devops: error: '${path()}' was replaced, but the command of --on-change ended with exit code 3\n` +
      'devops: hint: the next run calls it again, until it succeeds\n',
  });
  expect(read()).toBe('10.0.0.1\n');
  expect((await shop.run(failing)).code).toBe(2);
  expect(pending()).toHaveLength(1);
  expect(await shop.run(['web', '--write', 'ips', '--on-change', log('called')])).toEqual(quiet);
  expect(await shop.run(['web', '--write', 'ips', '--on-change', log('called')])).toEqual(quiet);
  expect(calls('called')).toBe(3);
  expect(pending()).toEqual([]);
});

test('a report does not say that all was well when the command failed', async () => {
  shop.group('web', [{}]);
  const end = await shop.run(['web', '--write', 'ips', '--on-change', 'exit 1', '--report', 'junit=r.xml']);
  expect(end.code).toBe(2);
  expect(read('r.xml')).toContain('the command of --on-change ended with exit code 1');
  const nagios = await shop.run(['web', '--write', 'ips', '--on-change', 'exit 1', '-o', 'nagios']);
  expect(nagios.code).toBe(3);
});

test('where no state can be kept nothing is replaced', async () => {
  shop.group('web', [{}]);
  writeFileSync(path(), 'old');
  const end = await shop.run(['web', '--write', 'ips', '--on-change', 'true'], {
    env: { STATE_DIRECTORY: '/proc/nothing' },
  });
  expect(end.code).toBe(2);
  expect(read()).toBe('old');
});

test('a command that was never to be called leaves no memory behind', async () => {
  shop.group('web', [{}]);
  const end = await shop.run(['web', '--write', 'no/such/ips', '--on-change', log('called')]);
  expect(end.code).toBe(2);
  expect(pending()).toEqual([]);
});

test('Ctrl-C ends the command, which the next run calls again', async () => {
  shop.group('web', [{}]);
  const { Interruption } = await import('../../src/interruption.ts');
  const controller = new AbortController();
  const started = setInterval(() => {
    if (existsSync(path('started'))) controller.abort(new Interruption('SIGINT'));
  }, 20);
  const end = await shop.run(['web', '--write', 'ips', '--on-change', `touch ${path('started')}; sleep 30`], {
    runtime: { interrupted: controller.signal },
  });
  clearInterval(started);
  expect(end.code).toBe(130);
  expect(end.stderr).toContain('was broken off: the next run calls it again');
  expect(pending()).toHaveLength(1);
  expect(await shop.run(['web', '--write', 'ips', '--on-change', log('called')])).toEqual(quiet);
  expect(calls('called')).toBe(1);
});

test('while another run calls the command, one with the same answer is quiet and one with another is told so', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  shop.group('api', [{ privateIp: '10.0.0.2' }]);
  const command = `touch ${path('started')}; while [ ! -e ${path('go')} ]; do sleep 0.02; done`;
  const first = shop.run(['web', '--write', 'ips', '--on-change', command]);
  while (!existsSync(path('started'))) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await shop.run(['web', '--write', 'ips', '--on-change', log('called')])).toEqual(quiet);
  const other = await shop.run(['api', '--write', 'ips', '--on-change', log('called')]);
  expect(other.code).toBe(75);
  expect(other.stderr).toContain(`cannot replace '${path()}': another run of asg-ips is at it`);
  writeFileSync(path('go'), '');
  expect(await first).toEqual(quiet);
  expect(read()).toBe('10.0.0.1\n');
  expect(calls('called')).toBe(0);
});
