import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import { parse as parseJunit } from 'junit2json';
import { expect, test } from 'vitest';
import type { LogRecord, LogRuleResult } from '../../src/lib/logs/log-records.ts';
import { logsGrep, temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';
import { parseExposition } from '../support/exposition-grammar.ts';
import { parsePluginOutput } from '../support/nagios-grammar.ts';
import { requireProgram } from '../support/services.ts';
import { startShell } from '../support/start-devops.ts';

const xmllint = requireProgram('xmllint', 'that reports of logs-grep are well-formed XML is not checked by libxml2');

const minute = 60_000;
const begin = Date.parse('2026-11-20T14:00:00Z');
const at = (milliseconds: number) => new Date(begin + milliseconds).toISOString();

/** Ten minutes of a shop: an error every two minutes, the one of 14:04 with a stack trace. */
const shop = Array.from({ length: 20 }, (_, index) => {
  const isError = index % 4 === 0;
  const line = `${at(index * 30_000)} ${isError ? 'ERROR payment refused' : 'INFO order taken'} ms=${index * 10}\n`;
  return index === 8 ? `${line}java.lang.Error: payment refused\n    at shop.Payment.take(Payment.java:7)\n` : line;
}).join('');

function scene(log = shop) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'shop.log'), log);
  return {
    folder,
    run: (...words: string[]) => logsGrep(folder, [...words, 'shop.log']),
    async rule(...words: string[]): Promise<LogRuleResult> {
      const { stdout, stderr } = await logsGrep(folder, ['--json', '--alert', ...words, 'shop.log']);
      const records = JSON.parse(stdout || '[]') as LogRecord[];
      const [record] = records;
      if (records.length !== 1 || record?.kind !== 'rule') throw new Error(`${stdout}${stderr}`);
      return record;
    },
    read: (name: string) => readFileSync(join(folder, name), 'utf8'),
  };
}

const errorLines = shop.split('\n').filter((line) => line.includes('ERROR'));

test('what a PATTERN finds is printed as ever and is an alert', async () => {
  const { run } = scene();
  const found = await run('--alert', 'ERROR');
  expect(found).toMatchObject({ code: 1, stdout: `${errorLines.join('\n')}\n`, stderr: '' });
  expect(await run('--alert', 'nothing like it')).toMatchObject({ code: 0, stdout: '', stderr: '' });
});

test.each([
  [['--level', 'error'], 'level error', 5],
  [['--where', 'ms>=100'], 'where ms>=100', 10],
  [['--level', 'error', '--where', 'ms<100', 'refused'], 'refused, level error, where ms<100', 4],
  [['-v', 'INFO'], 'not INFO', 7],
  [['-e', 'ms=0', '-e', 'ms=10$'], 'ms=0 or ms=10$', 2],
  [['-i', 'error'], 'error', 6],
  [['-F', '.Error:'], '.Error:', 1],
])('%j is a rule that is named %j and counts %i lines', async (words, name, count) => {
  const result = await scene().rule(...words);
  expect(result).toMatchObject({ subject: name, count, fired: true, severity: 'critical', because: 'too many' });
  expect(result.message).toContain(name);
});

test('a file that could not be read makes 2 of what fired, and of what did not', async () => {
  const { folder } = scene();
  for (const pattern of ['ERROR', 'nothing like it']) {
    const { code, stdout, stderr } = await logsGrep(folder, ['--alert', '-I', pattern, 'shop.log', 'gone.log']);
    expect(code).toBe(2);
    expect(stdout.split('\n').length - 1).toBe(pattern === 'ERROR' ? errorLines.length : 0);
    expect(stderr).toMatch(/^devops: error: .*gone\.log.*no such file or directory\n$/);
  }
});

test('a threshold is the number from which on it is too many', async () => {
  const { run, rule } = scene();
  for (const [threshold, code] of [
    ['4', 1],
    ['5', 1],
    ['6', 0],
  ] as const) {
    const found = await run('--threshold', threshold, 'ERROR');
    expect(found).toMatchObject({ code, stdout: `${errorLines.join('\n')}\n`, stderr: '' });
  }
  expect(await rule('--threshold', '6', 'ERROR')).toMatchObject({ fired: false, status: 'ok', count: 5, peak: 5 });
});

test('of a threshold with a period the most within any such period counts, its end left out', async () => {
  const { rule } = scene();
  // At 0, 2, 4, 6 and 8 minutes.
  const peaks = await Promise.all(
    ['119s', '2m', '121s', '4m', '241s', '8m', '10m'].map(async (per) => {
      const { peak, fired, threshold } = await rule('--threshold', `3/${per}`, 'ERROR');
      expect(threshold).toMatchObject({ count: 3 });
      expect(fired).toBe(peak >= 3);
      return peak;
    }),
  );
  expect(peaks).toEqual([1, 1, 2, 2, 3, 4, 5]);
});

test('a threshold with a period agrees with counting by hand, also in lines out of order and without a time', async () => {
  const folder = temporaryFolder();
  const times = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 25 });
  const property = fc.asyncProperty(
    times,
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 0, max: 2 }),
    async (seconds, count, per, untimed) => {
      const lines = seconds.map((second) => `${at(second * 1000)} ERROR\n`);
      // Before all that have a time, so that it is known of none.
      writeFileSync(join(folder, 'any.log'), 'ERROR\n'.repeat(untimed) + lines.join(''));
      const words = ['--json', '--threshold', `${count}/${per}s`, 'ERROR', 'any.log'];
      const { code, stdout } = await logsGrep(folder, words);
      const within = (from: number) => seconds.filter((second) => second >= from && second < from + per).length;
      const peak = Math.max(0, ...seconds.map(within)) + untimed;
      const [result] = JSON.parse(stdout) as LogRuleResult[];
      expect(result).toMatchObject({ count: seconds.length + untimed, peak, fired: peak >= count });
      expect(result!.untimed_count ?? 0).toBe(untimed);
      expect(code).toBe(peak >= count ? 1 : 0);
    },
  );
  await fc.assert(property, { numRuns: 40 });
});

test('with --multiline an event counts once, and its sample is its first line', async () => {
  const { rule } = scene();
  const lines = await rule('refused');
  const events = await rule('--multiline', 'refused');
  expect([lines.count, events.count]).toEqual([6, 5]);
  const trace = await rule('--multiline', 'java');
  expect(trace).toMatchObject({ count: 1, first: '2026-11-20T14:04:00+00:00' });
  expect(trace.sample).toBe('2026-11-20T14:04:00.000Z ERROR payment refused ms=80');
});

test('-q says nothing while all is well, and the message when it is not', async () => {
  const { run } = scene();
  expect(await run('-q', '--threshold', '6', 'ERROR')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  const { code, stdout, stderr } = await run('-q', '--threshold', '3/5m', 'ERROR');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toBe(
    'critical: ERROR: 5 times ERROR in shop.log, up to 3 within 5m, first 2026-11-20T14:00:00+00:00, ' +
      'last 2026-11-20T14:08:00+00:00: 2026-11-20T14:00:00.000Z ERROR payment refused ms=0\n',
  );
});

test('-m, -c and -l change what is printed and not what is judged', async () => {
  const { run } = scene();
  expect(await run('--threshold', '5', '-m', '1', 'ERROR')).toMatchObject({ code: 1, stdout: `${errorLines[0]}\n` });
  expect(await run('--threshold', '5', '-c', 'ERROR')).toMatchObject({ code: 1, stdout: '5\n' });
  expect(await run('--threshold', '6', '-l', 'ERROR')).toMatchObject({ code: 0, stdout: 'shop.log\n' });
});

test.each(['nagios', 'junit', 'github', 'prometheus'])(
  '--output %s is alert mode, though nobody said so',
  async (format) => {
    const { run } = scene();
    const [fired, fine] = [await run('--output', format, 'ERROR'), await run('--output', format, 'nothing like it')];
    expect([fired.code, fine.code]).toEqual(format === 'nagios' ? [2, 0] : [1, 0]);
  },
);

test('Nagios reads the line of a check that is fine, fired, and incomplete', async () => {
  const { run, folder } = scene();
  const fine = parsePluginOutput((await run('--output', 'nagios', '--threshold', '6', 'ERROR')).stdout);
  expect(fine).toMatchObject({ service: 'LOGS-GREP', status: 'OK', message: 'ERROR: 5 lines, below 6' });
  expect(fine.performance).toMatchObject([{ label: 'ERROR', value: 5, critical: '5', minimum: '0' }]);
  const fired = parsePluginOutput((await run('--output', 'nagios', '--threshold', '3/5m', 'ERROR')).stdout);
  expect(fired).toMatchObject({ status: 'CRITICAL', performance: [{ label: 'ERROR', value: 3, critical: '2' }] });
  const both = await logsGrep(folder, ['--output', 'nagios', 'ERROR', 'shop.log', 'gone.log']);
  expect(both.code).toBe(2);
  expect(parsePluginOutput(both.stdout)).toMatchObject({ status: 'CRITICAL' });
  expect(both.stdout).toContain('gone.log');
  const unknown = await logsGrep(folder, ['--output', 'nagios', 'nothing like it', 'shop.log', 'gone.log']);
  expect(unknown.code).toBe(3);
  expect(parsePluginOutput(unknown.stdout)).toMatchObject({ status: 'UNKNOWN' });
});

test('Prometheus reads the lines, the most of them, and whether it fired', async () => {
  const { stdout } = await scene().run('--output', 'prometheus', '--threshold', '3/5m', 'ERROR');
  const rule = 'ERROR';
  expect(parseExposition(stdout)).toEqual([
    { name: 'devops_logs_rule_lines', labels: { rule }, value: 5 },
    { name: 'devops_logs_rule_peak', labels: { rule }, value: 3 },
    { name: 'devops_logs_rule_fired', labels: { rule, severity: 'critical' }, value: 1 },
  ]);
});

test('reports are written beside the lines on standard output', async () => {
  const { run, read } = scene();
  const formats = ['junit', 'csv', 'text', 'json', 'prometheus', 'nagios', 'github'];
  const reports = formats.flatMap((format) => ['--report', `${format}=report.${format}`]);
  const found = await run(...reports, '-n', 'ERROR');
  expect(found).toMatchObject({ code: 1, stderr: '' });
  expect(found.stdout).toMatch(/^1:2026-11-20T14:00:00\.000Z ERROR payment refused ms=0\n5:/);
  const junit = await parseJunit(read('report.junit'));
  expect(junit).toMatchObject({ tests: 1, failures: 1, errors: 0 });
  const [row] = parseCsv(read('report.csv'), { columns: true }) as Record<string, string>[];
  expect(row).toMatchObject({ rule: 'ERROR', status: 'critical', count: '5', first: '2026-11-20T14:00:00+00:00' });
  expect(read('report.text')).toMatch(/^ERROR\tcritical\t5\t5\t2026-11-20T14:00:00\+00:00\t/);
  expect(JSON.parse(read('report.json'))).toMatchObject([{ kind: 'rule', subject: 'ERROR', count: 5 }]);
  expect(parsePluginOutput(read('report.nagios')).status).toBe('CRITICAL');
  expect(read('report.github')).toMatch(/^::error title=devops logs-grep%3A ERROR::5 times ERROR in shop\.log/m);
  expect(parseExposition(read('report.prometheus'))).toHaveLength(3);
});

/** Whatever ends a line, a field or a message somewhere. */
const hostile = `${at(0)} ERROR \u001b[31m|x=1;2 ::error file=a::owned <a>&"']]>\u0007\u0000\u0085\u2028\u202e\r%0A\t end\n`;

test.each(['nagios', 'junit', 'github', 'prometheus', 'csv', 'text', 'json', 'yaml'])(
  'a hostile log line does not break out of %s',
  async (format) => {
    const { folder } = scene(hostile);
    const rules = [{ name: "a|b='c' <d>", match: 'ERROR', message: '::error::{sample}', labels: { team: '"\\\n|' } }];
    writeFileSync(join(folder, 'rules.json'), JSON.stringify(rules));
    const { stdout, stderr } = await logsGrep(folder, ['--rules', 'rules.json', '--output', format, 'shop.log']);
    // Only what begins a line is a command to GitHub.
    expect(`${stdout}\n${stderr}`.match(/^::/gm) ?? []).toHaveLength(format === 'github' ? 1 : 0);
    // JSON and YAML are for programs: a sample is what the log has.
    const isData = ['json', 'yaml'].includes(format);
    expect(stdout + stderr).not.toMatch(
      isData ? /[\u0000-\u0008\u000B-\u001F]/ : /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u202E]/u,
    );
    if (format === 'nagios') {
      const { status, performance } = parsePluginOutput(stdout);
      expect({ status, values: performance.map(({ value }) => value) }).toEqual({ status: 'CRITICAL', values: [1] });
    }
    if (format === 'junit' && xmllint !== undefined) {
      const { status, stderr: said } = spawnSync(xmllint, ['--noout', '--nonet', '-'], { input: stdout });
      expect({ status, said: String(said) }).toEqual({ status: 0, said: '' });
    }
    if (format === 'junit') expect(await parseJunit(stdout)).toMatchObject({ tests: 1, failures: 1 });
    if (format === 'prometheus') {
      expect(parseExposition(stdout)[0]!.labels).toEqual({ rule: "a|b='c' <d>", team: '"\\\n|' });
    }
    if (format === 'csv') expect(parseCsv(stdout, { columns: true })).toHaveLength(1);
    if (format === 'text') expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    if (format === 'github') expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  },
);

test.each([
  [['--top', '3', '--alert', 'ERROR'], '--top counts lines and judges none'],
  [['--histogram', '--threshold', '3', 'ERROR'], '--histogram counts lines and judges none'],
  [['--top', '3', '--report', 'junit=x.xml', 'ERROR'], '--top counts lines and judges none'],
  [['--histogram', '--output', 'nagios', 'ERROR'], '--histogram counts lines and judges none'],
  [['--alert', '-v', '--level', 'error'], '-v is for lines that do not match'],
  [['--threshold', '0', 'ERROR'], "'0' is not a threshold"],
  [['--threshold', '5/', 'ERROR'], "'5/' is not a threshold"],
  [['--threshold', '3'], 'there is nothing to raise an alert for'],
  [['--follow', '--alert', 'ERROR'], '--follow never ends'],
])('%j is refused in words', async (words, message) => {
  const { code, stdout, stderr } = await scene().run(...words);
  expect(code).toBe(words.includes('nagios') ? 3 : 2);
  expect(stdout + stderr).toContain(message);
});

test('whoever asks for a format by -o is told what -o is', async () => {
  const { folder } = scene();
  const { stderr } = await logsGrep(folder, ['-o', 'nagios', 'shop.log']);
  expect(stderr).toBe('devops: -o prints what matches, as in grep; the format of the output is --output nagios\n');
});

test('as a process, cron has the message, the exit code and a report', async () => {
  const { folder } = scene();
  const line = '$DEVOPS logs-grep -q --threshold 3/5m --report junit=report.xml ERROR shop.log';
  const { exitCode, stdout, stderr } = await startShell(line, { cwd: folder, env: { TZ: 'UTC' } });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(stdout).toMatch(/^critical: ERROR: 5 times ERROR in shop\.log, up to 3 within 5m, .*\n$/);
  expect(await parseJunit(readFileSync(join(folder, 'report.xml'), 'utf8'))).toMatchObject({ failures: 1 });
});

test('the end of a window and the beginning of the next share no line', async () => {
  const { run } = scene();
  const [before, behind] = await Promise.all([
    run('--output', 'json', '--alert', '--until', at(4 * minute), 'ERROR'),
    run('--output', 'json', '--alert', '--since', at(4 * minute), 'ERROR'),
  ]);
  const counts = [before, behind].map(({ stdout }) => (JSON.parse(stdout) as LogRuleResult[])[0]!.count);
  expect(counts).toEqual([2, 3]);
});
