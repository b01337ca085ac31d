import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runRealDevops } from '../support/run-real-devops.ts';

// What the file itself says wrong is in test/lib/config; here it is what the machine lacks for it.

let folder: string;
let env: Record<string, string>;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-check-jobs-')));
  env = { PATH: join(folder, 'bin'), STATE_DIRECTORY: join(folder, 'state') };
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'there'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(folder, 'secret'), 'hunter2\n', { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true }));

function configure(text: string): void {
  writeFileSync(join(folder, 'devops.yaml'), text.replaceAll('HERE', folder), { mode: 0o600 });
}

/** The exit code, and what stands behind `devops.yaml:` in each line. */
async function check(): Promise<[number, string[]]> {
  const { code, stdout, stderr } = await runRealDevops('config check', { cwd: folder, env });
  expect(stderr).toBe('');
  const lines = stdout.trimEnd().split('\n');
  return [code, lines.map((line) => line.replaceAll(`${folder}/devops.yaml:`, '').replaceAll(folder, 'HERE'))];
}

test('a job for which all is there is fine', async () => {
  env['CREDENTIALS_DIRECTORY'] = folder;
  env['HOOK'] = 'https://example.org/hunter2';
  configure(`
    notify:
      ops: { type: mail, to: [root], smtp: { host: mail, user: u, password: { file: HERE/secret } } }
      chat: { type: slack, url: { env: HOOK } }
      hook: { type: webhook, url: { env: HOOK }, headers: { A: { credential: secret } } }
    jobs:
      a: { run: [there], cwd: HERE, notify: ops }
      b: { run: [devops, sysinfo] }
      c: { run: 'there && not-there' }
      d: { run: 'if true; then not-there; fi' }
      e: { run: 'X=1 not-there' }
      f: { run: ['HERE/bin/there'], path: [/nowhere] }
  `);
  expect(await check()).toEqual([0, ['ok:  no mistakes']]);
});

test('secrets that are not set, not there or open to others are found, and none is shown', async () => {
  chmodSync(join(folder, 'secret'), 0o644);
  configure(
    [
      'notify:',
      '  a: { type: slack, url: { env: NOT_SET } }',
      '  b: { type: healthchecks, url: { file: HERE/nothing } }',
      '  c: { type: mail, to: [root], smtp: { host: m, user: u, password: { file: HERE/secret } } }',
      '  d: { type: webhook, url: { credential: hook }, headers: { A: { env: NOT_SET } } }',
      'defaults: { env: { secrets: { B: { env: NOT_SET } } } }',
      'jobs:',
      '  a: { run: [there], env: { secrets: { A: { env: NOT_SET } } } }',
    ].join('\n'),
  );
  const [code, lines] = await check();
  expect(code).toBe(2);
  expect(lines.filter((line) => !line.startsWith('  '))).toEqual([
    expect.stringMatching(/^2:21: notify\.a\.url: .*'NOT_SET'.* not set$/),
    expect.stringMatching(/^3:28: notify\.b\.url: .*'HERE\/nothing': no such file or directory$/),
    expect.stringMatching(/^4:58: notify\.c\.smtp\.password: .*'HERE\/secret': others .*0644/),
    expect.stringMatching(/^5:23: notify\.d\.url: there is no credential 'hook'/),
    expect.stringMatching(/^5:61: notify\.d\.headers\.A: .*'NOT_SET'/),
    expect.stringMatching(/^6:31: defaults\.env\.secrets\.B: .*'NOT_SET'/),
    expect.stringMatching(/^8:40: jobs\.a\.env\.secrets\.A: .*'NOT_SET'/),
  ]);
  expect(lines.join('\n')).not.toContain('hunter2');
});

test('a program that the PATH of the job does not have is found, with where it is else', async () => {
  configure(
    [
      'defaults: { path: [/nowhere] }',
      'jobs:',
      '  a: { run: [there, x] }',
      '  b: { run: [not-there], path: [HERE/bin] }',
      "  c: { run: 'not-there --all | cat', path: [HERE/bin] }",
      '  d: { run: [HERE/bin/nothing] }',
      '  e: { run: [bin/there] }',
      '  f: { run: [HERE/secret] }',
    ].join('\n'),
  );
  expect(await check()).toEqual([
    2,
    [
      "3:8: jobs.a.run: there is no program 'there' in the PATH of the job, /nowhere",
      '  write HERE/bin/there, or add its folder to path',
      "4:8: jobs.b.run: there is no program 'not-there' in the PATH of the job, HERE/bin",
      '  install it, or add its folder to path',
      "5:8: jobs.c.run: there is no program 'not-there' in the PATH of the job, HERE/bin",
      '  install it, or add its folder to path',
      "6:8: jobs.d.run: there is no program 'HERE/bin/nothing' that may be run",
      "  see what is there: ls -l 'HERE/bin/nothing'",
      "7:8: jobs.e.run: there is no program 'bin/there' that may be run",
      '  write the absolute path',
      "8:8: jobs.f.run: there is no program 'HERE/secret' that may be run",
      "  see what is there: ls -l 'HERE/secret'",
    ],
  ]);
});

test('folders that are not there or cannot be written are found', async () => {
  env['STATE_DIRECTORY'] = join(folder, 'secret', 'state');
  configure('defaults: { cwd: HERE/nothing }\njobs:\n  a: { run: [there], cwd: HERE/secret }\n');
  const [code, lines] = await check();
  expect(code).toBe(2);
  expect(lines.slice(0, 4)).toEqual([
    "1:13: defaults.cwd: there is no folder 'HERE/nothing'",
    "  make it: mkdir -p 'HERE/nothing'",
    expect.stringMatching(/^2:1: jobs: the state folder 'HERE\/secret\/state', which jobs need: .*cannot be made/),
    expect.stringContaining('STATE_DIRECTORY'),
  ]);
  expect(lines.join('\n')).toContain("3:22: jobs.a.cwd: there is no folder 'HERE/secret'");
});

test('a file without jobs needs no state folder', async () => {
  env['STATE_DIRECTORY'] = join(folder, 'secret', 'state');
  configure('sysinfo: { sample: 1s }\n');
  expect((await check())[0]).toBe(0);
});

test('other commands read the same file without a word about the machine', async () => {
  configure('notify: { a: { type: slack, url: { env: NOT_SET } } }\njobs: { a: { run: [not-there], notify: a } }\n');
  expect((await check())[0]).toBe(2);
  const { code, stdout, stderr } = await runRealDevops('config show', { cwd: folder, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`jobs.a.run[0]\tnot-there\t${folder}/devops.yaml:2:20\n`);
});

test('a job that greps logs is an error of every command, in one line with the hint', async () => {
  configure('jobs: { a: { run: [devops, logs-grep, ERROR, /var/log/app.log] } }\n');
  const [code, lines] = await check();
  expect([code, lines.length]).toEqual([2, 2]);
  expect(lines[0]).toMatch(/^1:19: jobs\.a\.run: logs-grep answers here as grep does/);
  expect(lines[1]).toContain('--alert');
  expect((await runRealDevops('config show', { cwd: folder, env })).code).toBe(2);
});

test('what looks like a secret in a command line is masked by config show', async () => {
  configure(
    [
      'jobs:',
      "  a: { run: 'there postgres://u:hunter2@db/x' }",
      '  b: { run: [there, --password=hunter2], env: { set: { URL: "https://u:hunter2@x/" } } }',
    ].join('\n'),
  );
  const { code, stdout } = await runRealDevops('config show', { cwd: folder, env });
  expect(code).toBe(0);
  expect(stdout).not.toContain('hunter2');
  expect(stdout).toContain('jobs.a.run\tthere postgres://u:[redacted]@db/x\t');
});
