import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMail } from '../support/mail/read-mail.ts';
import type { MailServer } from '../support/mail/start-mail-server.ts';
import { refusedPort } from '../support/tls/raw-server.ts';
import { notifyBench, ops } from './run-notify.ts';
import { ownLock, startRun } from './start-run.ts';

let bench: ReturnType<typeof notifyBench>;
let server: MailServer;
beforeEach(async () => {
  bench = notifyBench();
  server = await bench.mailServer();
});
afterEach(() => bench.close());

/** Of each mail so far the lines that tell of a subject, with what has changed about it. */
const told = (): string[][] =>
  server.received.map(({ raw }) =>
    readMail(raw)
      .text.split('\n')
      .filter((line) => /^(?:OK|WARNING|CRITICAL|UNKNOWN) .*\)$/.test(line)),
  );

describe('a job that looks at several servers', () => {
  test('tells of each one that goes bad, also while another is bad, and once only', async () => {
    const [one, other] = [`127.0.0.1:${await refusedPort()}`, `127.0.0.1:${await refusedPort()}`];
    const file = join(bench.folder, 'targets');
    const run = JSON.stringify(['devops', 'ssl-expiry', '--unreachable', 'critical', '--file', file]);
    bench.config(`jobs: { certificates: { run: ${run}, lock: false, notify: '${ops}' } }`);
    for (const targets of [[one], [one], [one, other], [one, other], [other]]) {
      writeFileSync(file, targets.map((target) => `${target}\n`).join(''));
      bench.later(60);
      expect((await bench.devops('run certificates')).stderr).toBe('');
    }
    const changes = told().map((lines) =>
      Object.fromEntries(
        lines.map((line) => [
          line.includes(` ${one}: `) ? 'one' : 'other',
          /^(\w+).*\((\S+).*\)$/.exec(line)?.slice(1),
        ]),
      ),
    );
    expect(changes).toEqual([
      { one: ['CRITICAL', 'new'] },
      { one: ['CRITICAL', 'not'], other: ['CRITICAL', 'new'] },
      { one: ['OK', 'recovered,'], other: ['CRITICAL', 'not'] },
    ]);
  });
});

describe('a job that looks for new lines of a log', () => {
  const search = (job: string) => {
    const log = join(bench.folder, 'app.log');
    writeFileSync(log, '');
    const run = JSON.stringify(['devops', 'logs-grep', '--state', 'app', '--alert', 'ERROR', log]);
    bench.config(`jobs: { search: { run: ${run}, lock: false, notify: '${ops}'${job} } }`);
    return async (line: string | undefined, seconds: number) => {
      if (line !== undefined) appendFileSync(log, `${line}\n`);
      bench.later(seconds);
      const { stderr } = await bench.devops('run search');
      expect(stderr).toBe('');
    };
  };

  test('tells of those of two runs in a row, at the latest when the reminder is due', async () => {
    const look = search(', notify_on: { still_failing: every 1h }');
    await look(undefined, 0);
    await look('ERROR first', 60);
    await look('ERROR second', 60);
    await look(undefined, 60);
    expect(told().join('\n')).toContain('ERROR first');
    expect(told().join('\n')).not.toContain('ERROR second');
    await look('ERROR third', 60);
    await look(undefined, 3600);
    const [, late, ...more] = told();
    expect(more).toEqual([]);
    expect(late!.join('\n')).toMatch(/ERROR second.*[^]*ERROR third|ERROR third.*[^]*ERROR second/);
    expect(late!.join('\n')).not.toContain('ERROR first');
  });

  test('tells of those that were found while the mail server was down', async () => {
    const look = search('');
    await look(undefined, 0);
    const { port } = server;
    await server.close();
    const found = bench.devops('run search');
    expect((await found).code).toBe(0);
    appendFileSync(join(bench.folder, 'app.log'), 'ERROR unheard\n');
    bench.later(60);
    expect((await bench.devops('run search')).stderr).toContain('was not told');
    server = await bench.mailServer({ port });
    await look(undefined, 3600);
    expect(told().flat()).toEqual([expect.stringContaining('ERROR unheard')]);
  });
});

/** A program named devops that tells the job what the lines of its script say. */
function standIn(lines: readonly string[]): string {
  mkdirSync(join(bench.folder, 'bin'));
  const path = join(bench.folder, 'bin', 'devops');
  const tell = `tell() { printf '%s\\n' "$1" >&"$DEVOPS_JOB_CHANNEL"; }`;
  writeFileSync(path, ['#!/bin/sh', `cd '${bench.folder}'`, tell, ...lines, ''].join('\n'), { mode: 0o755 });
  return path;
}

describe('a job that is tried again', () => {
  test('tells what only its first try has found', async () => {
    const event = { status: 'critical', subject: 'log', code: 'fired', message: 'found once', event: 'one' };
    const path = standIn([
      'mkdir tried 2>/dev/null || { tell \'{"end":{"exitCode":0}}\'; exit 0; }',
      `tell '${JSON.stringify({ verdict: event })}'`,
      'tell \'{"end":{"exitCode":2,"failure":"failed"}}\'',
      'exit 2',
    ]);
    const { code, stderr } = await bench.devops([
      'run',
      '--notify',
      ops,
      '--retry',
      '2',
      '--backoff',
      '0s..0s',
      '--',
      path,
    ]);
    expect([code, stderr]).toEqual([1, '']);
    expect(told()).toEqual([[expect.stringMatching(/^CRITICAL log: found once/)]]);
    expect(readMail(server.received[0]!.raw).text).toMatch(/^attempts: +2$/m);
  });
});

describe('a run that is replaced by the next one', () => {
  test('tells what it has found, and nothing of its own end', async () => {
    const event = { status: 'critical', subject: 'log', code: 'fired', message: 'found once', event: 'one' };
    const path = standIn([
      'mkdir ran 2>/dev/null || { tell \'{"end":{"exitCode":0}}\'; exit 0; }',
      `tell '${JSON.stringify({ verdict: event })}'`,
      'touch told',
      'sleep 20',
    ]);
    const env = bench.env();
    const place = { cwd: bench.folder, env };
    bench.config(
      `jobs: { again: { run: ['${path}'], notify: '${ops}', overlap: replace, lock: ${ownLock(env).name} } }`,
    );
    const first = startRun(['run', 'again'], place);
    await expect.poll(() => existsSync(join(bench.folder, 'told')), { timeout: 10_000 }).toBe(true);
    const second = await startRun(['run', 'again'], place).ended;
    expect([(await first.ended).code, second.code]).toEqual([143, 0]);
    expect(told()).toEqual([[expect.stringMatching(/^CRITICAL log: found once/)]]);
  });
});
