import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runDevops, type RunOptions } from '../support/run-devops.ts';
import { systemError } from '../support/test-runtime.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-bytes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (line: string, options: RunOptions = {}) => runDevops(line, { cwd: folder, ...options });
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('what was printed as bytes is in every report as records, and the verdicts decide', async () => {
  const reports =
    '--report junit=r.xml --report jsonl=r.jsonl --report csv=r.csv --report text=r.txt --report nagios=r.nagios';
  expect(await inFolder(`search ok warning ${reports}`)).toMatchObject({
    code: 1,
    stdout: 'ok\nwarning\n',
    stderr: '',
  });
  expect(read('r.xml')).toMatch(/tests="2" failures="1" errors="0"[^]*name="b: size"[^]*<\/testsuites>\n$/);
  expect(read('r.jsonl')).toBe(
    '{"subject":"a","status":"ok","size":10}\n{"subject":"b","status":"warning","size":20}\n',
  );
  expect(read('r.csv')).toBe('subject,status,size,judged\na,ok,10,true\nb,warning,20,true\n');
  expect(read('r.txt')).toBe('a\tok\t10\ttrue\nb\twarning\t20\ttrue\n');
  expect(read('r.nagios')).toBe('SEARCH WARNING - b: b is warning\n');
});

test.each([
  ['search ok', 0],
  ['search warning', 1],
  ['search warning --fail-on critical', 0],
  ['search ok --closing critical', 1],
  ['search critical broken', 2],
  ['search critical --exit 0', 0],
  ['search ok --exit 1', 1],
])('"%s" exits with %i, with a report and without', async (line, code) => {
  expect((await inFolder(line)).code).toBe(code);
  expect((await inFolder(`${line} --report jsonl=r.jsonl`)).code).toBe(code);
});

test('what failed beside the bytes is told on stderr and in the report, without its secret', async () => {
  const told = 'devops: error: b: no route to postgres://me:[redacted]@db/x\ndevops: hint: try it again\n';
  for (const report of ['', '--report junit=r.xml --report jsonl=r.jsonl']) {
    expect(await inFolder(`search ok broken ${report}`)).toMatchObject({
      code: 2,
      stdout: 'ok\nbroken\n',
      stderr: told,
    });
  }
  expect(read('r.xml')).toContain('tests="2" failures="0" errors="1"');
  expect(read('r.jsonl')).toContain('"subject":"b","error":{"code":"network"');
  for (const name of readdirSync(folder)) expect(read(name), name).not.toContain('hunter22');
});

test('what a run says beyond its bytes is told, and closes the reports', async () => {
  expect(await inFolder('search ok --closing warning --report junit=r.xml')).toMatchObject({
    code: 1,
    stdout: 'ok\n',
    stderr: 'devops: warning: the whole: it is warning\n',
  });
  expect(read('r.xml')).toContain('tests="2" failures="1"');
});

test('bytes that end midway leave a report that says so', async () => {
  const result = await inFolder('search ok ok --breaks --report junit=r.xml --report jsonl=r.jsonl');
  expect(result).toMatchObject({
    code: 2,
    stdout: 'ok\n',
    stderr: 'devops: error: lost postgres://me:[redacted]@db/x\n',
  });
  expect(read('r.xml')).toMatch(/tests="1" failures="0" errors="1"[^]*lost postgres:[^]*<\/testsuites>\n$/);
  expect(read('r.jsonl')).toBe('');
  expect(readdirSync(folder).toSorted()).toEqual(['r.jsonl', 'r.xml']);
});

test.each([
  ['a signal', 143, { interruptAfter: { milliseconds: 30, reason: 'SIGTERM' } }, 'interrupted'],
  ['a closed pipe', 0, { onStdout: () => Promise.reject(systemError('EPIPE')) }, 'interrupted'],
  ['a full disk', 2, { onStdout: () => Promise.reject(systemError('ENOSPC')) }, 'no space left on device'],
] as [string, number, RunOptions, string][])(
  'a report of bytes is written whole after %s',
  async (_, code, options, why) => {
    expect((await inFolder('bytes --endless --report json=r.json', options)).code).toBe(code);
    expect(read('r.json')).toBe('[]\n');
    expect((await inFolder('search ok --report junit=r.xml', options)).code).toBe(code === 143 ? 0 : code);
    if (code !== 143) expect(read('r.xml')).toContain(why);
  },
);

test('a report that cannot be written keeps the bytes from being printed', async () => {
  const result = await inFolder('search ok --report json=no/such/folder/r.json');
  expect(result).toMatchObject({ code: 2, stdout: '' });
});

test('bytes without anything to judge are no green report', async () => {
  expect((await inFolder('search --report junit=r.xml')).code).toBe(2);
  expect(read('r.xml')).toContain('nothing was judged');
});

test('a command that hands over has its records in the reports, and -q asks for records at once', async () => {
  expect(await inFolder('search ok ok -c --report csv=r.csv')).toMatchObject({ code: 0, stdout: '2\tok\ttrue\n' });
  expect(read('r.csv')).toBe('count,status,judged\n2,ok,true\n');
  expect(await inFolder('search ok warning -q --report csv=q.csv')).toMatchObject({
    code: 1,
    stdout: 'warning: b: b is warning (look at b)\n',
  });
  expect(read('q.csv')).toBe('subject,status,size,judged\na,ok,10,true\nb,warning,20,true\n');
});

test('columns follow the options, and whether the run is judged, in every form that has some', async () => {
  expect((await inFolder('search ok -o -o csv --output csv')).stdout).toBe('subject,status,size\na,ok,10\nb,csv,20\n');
  expect((await inFolder('search ok -c --output csv')).stdout).toBe('count,status\n1,ok\n');
  expect((await inFolder('search ok -c', { terminalColumns: 80, env: { NO_COLOR: '1' } })).stdout).toBe(
    'COUNT  STATUS\n1      ok\n',
  );
});
