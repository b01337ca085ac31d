import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runDevops, type RunOptions } from '../support/run-devops.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-reports-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (line: string, options: RunOptions = {}) => runDevops(line, { cwd: folder, ...options });
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('a report is a copy in its own format, in the folder we stand in, and never left short by -q', async () => {
  const result = await inFolder('many ok warning -q --report jsonl=a.jsonl --report junit=a.xml --report text=a.txt');
  expect(result).toMatchObject({ code: 1, stdout: 'warning: b: b is warning (look at b)\n', stderr: '' });
  expect(read('a.jsonl').split('\n')).toHaveLength(3);
  expect(read('a.xml')).toContain('tests="2" failures="1"');
  expect(read('a.txt')).toBe('b\twarning\t20\na\tok\t10\n');
  expect(readdirSync(folder).toSorted()).toEqual(['a.jsonl', 'a.txt', 'a.xml']);
});

test.each([
  ['breaks expected', {}, 'code: network'],
  ['breaks oddly', {}, 'code: internal'],
  ['waits --timeout 50ms', {}, 'code: timeout'],
  ['ticks', { interruptAfter: { milliseconds: 30, reason: 'SIGTERM' } }, 'code: interrupted'],
] as [string, RunOptions, string][])('a report is written whole when the run ends with %s', async (line, options) => {
  const formats = line === 'ticks' ? ['json', 'yaml'] : ['json', 'csv', 'junit', 'text', 'nagios'];
  const reports = formats.map((format) => `--report ${format}=r.${format}`).join(' ');
  const result = await inFolder(`${line} ${reports}`, options);
  expect([2, 143]).toContain(result.code);
  expect(Array.isArray(JSON.parse(read('r.json')))).toBe(true);
  if (line !== 'ticks') {
    expect(read('r.csv')).toBe('subject,status,size\na,ok,1\nb,critical,2\n');
    expect(read('r.junit')).toMatch(/tests="3" failures="1" errors="1"[^]*<\/testsuites>\n$/);
    expect(read('r.nagios')).toMatch(/^[A-Z]+ CRITICAL - b: b is critical; [a-z]+: /);
  }
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a report holds no secret either', async () => {
  await inFolder('failing --report json=f.json --report junit=f.xml --report text=f.txt --report csv=f.csv');
  await inFolder('breaks expected --report junit=b.xml --report nagios=b.txt');
  for (const name of readdirSync(folder)) expect(read(name), name).not.toContain('hunter22');
  expect(read('f.csv')).toBe('subject,status,size\na,ok,1\nc,ok,3\nd,ok,4\n');
  expect(read('f.txt')).toContain('unknown: b: no route to postgres://me:[redacted]@db/x (try it again)\n');
  expect(read('f.json')).toContain('"subject":"b","error":{"code":"network"');
});

test('until the end a report of judgements says that the run did not finish, whatever stood there before', async () => {
  writeFileSync(join(folder, 'r.xml'), 'green');
  writeFileSync(join(folder, 'r.txt'), 'OK');
  let seen = '';
  const result = await inFolder('waits --timeout 50ms --report junit=r.xml --report nagios=r.txt', {
    onStdout: () => undefined,
    now: () => {
      seen ||= existsSync(join(folder, 'r.txt')) && read('r.txt') !== 'OK' ? read('r.xml') + read('r.txt') : '';
      return new Date();
    },
  });
  expect(result.code).toBe(2);
  expect(seen).toContain('the run did not finish');
  expect(seen).toContain('WAITS UNKNOWN - waits: the run did not finish');
});

test.each(['no/such/folder/r.xml', '.', 'a-folder'])(
  'a report to %s fails before anything is done, and leaves no half report of others',
  async (path) => {
    mkdirSync(join(folder, 'a-folder'));
    const done = join(folder, 'done');
    const result = await inFolder(`change --yes --done ${done} --report json=first.json --report json=${path}`);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^devops: error: cannot write the report .*\ndevops: hint: name a file in a folder/);
    expect(existsSync(done)).toBe(false);
    expect(readdirSync(folder).toSorted()).toEqual(['a-folder', 'first.json']);
  },
);

test('a report that cannot be put in its place at the end is 2, and the run was not disturbed', async () => {
  const gone = join(folder, 'gone');
  mkdirSync(gone);
  const done = join(folder, 'done');
  const result = await inFolder(`change --yes --done ${done} --report json=${gone}/r.json --report csv=r.csv`, {
    onStdout() {
      rmSync(gone, { recursive: true, force: true });
      return undefined;
    },
  });
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(/^devops: error: cannot write the report [^\n]*: no such file or directory\n/);
  expect(read('done')).toBe('all removed');
  expect(read('r.csv').split('\n')).toHaveLength(12);
});

test.skipIf(!existsSync('/dev/full'))('a full disk under a report does not stop a change, and is told', async () => {
  const done = join(folder, 'done');
  const result = await inFolder(`change --yes --done ${done} --report json=/dev/full --report csv=r.csv`);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(/^devops: error: cannot write the report \/dev\/full: no space left on device\n/);
  expect(read('done')).toBe('all removed');
});

test('a report goes through a named pipe, and a pipe without a reader is an error, not a wait for ever', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const unread = await inFolder(`many ok --report json=${pipe}`);
  expect(unread).toMatchObject({ code: 2, stdout: '' });
  expect(unread.milliseconds).toBeLessThan(10_000);

  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(65_536);
  let text = '';
  const drain = setInterval(() => {
    text += buffer.toString(
      'utf8',
      0,
      attempt(() => readSync(reader, buffer)),
    );
  }, 1);
  const result = await inFolder(`records --count 20000 --report jsonl=${pipe}`, { onStdout: () => undefined });
  clearInterval(drain);
  for (let more = -1; more !== 0;) {
    more = attempt(() => readSync(reader, buffer));
    text += buffer.toString('utf8', 0, more);
  }
  closeSync(reader);
  expect(result.code).toBe(0);
  expect(text).toBe(Array.from({ length: 20_000 }, (_, at) => `{"line":"record ${at}"}\n`).join(''));
});

test('a reader that stops reading a report keeps nobody from stopping the run, and wakes nothing afterwards', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  let written = 0;
  const result = await inFolder(`records --report jsonl=${pipe}`, {
    onStdout: (chunk) => void (written += chunk.length),
    interruptAfter: { milliseconds: 200, reason: 'SIGINT' },
  });
  expect(result.code).toBe(130);
  expect(result.milliseconds).toBeLessThan(6000);
  const atTheEnd = written;
  for (let turn = 0; turn < 20; turn++) {
    attempt(() => readSync(reader, Buffer.alloc(1_000_000)));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  closeSync(reader);
  expect(written).toBe(atTheEnd);
});

test('a link to a report is kept, and a new report takes the rights that the umask leaves', async () => {
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real/r.json'), 'old');
  symlinkSync('real/r.json', join(folder, 'link.json'));
  chmodSync(folder, 0o755);
  await inFolder('many ok --report json=link.json --report json=new.json');
  expect(read('real/r.json')).toContain('"subject":"a"');
  expect(statSync(join(folder, 'new.json')).mode & 0o777).toBe(0o644 & ~process.umask());
});

function attempt(readSome: () => number): number {
  try {
    return readSome();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}
