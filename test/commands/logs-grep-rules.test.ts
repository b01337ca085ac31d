import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { LogRuleResult } from '../../src/lib/logs/log-records.ts';
import { findRipgrep } from '../../src/lib/logs/ripgrep/find-ripgrep.ts';
import { logsGrep, temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';
import { randomNumbers } from '../lib/logs/random-numbers.ts';

const ripgrep = await findRipgrep({ PATH: process.env['PATH'] }, AbortSignal.timeout(9000));

const begin = Date.parse('2026-11-20T14:00:00Z');
const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString();

const log = [
  `${at(0)} INFO start of shop, version 4`,
  `${at(10)} ERROR payment refused: card 1`,
  `${at(20)} WARN payment slow: 900 ms`,
  `${at(30)} ERROR payment refused: card 2`,
  `    at shop.Payment.take(Payment.java:7) payment refused`,
  `${at(40)} ERROR login refused: user 3`,
  `${at(50)} DEBUG devops payment refused, says the check itself`,
  `${at(1200)} INFO heartbeat`,
].join('\n');

type Rule = Record<string, unknown>;

function scene(content = log) {
  const folder = temporaryFolder();
  const now = () => new Date(begin + 1800_000);
  writeFileSync(join(folder, 'shop.log'), `${content}\n`);
  const write = (rules: unknown, name = 'rules.yaml') =>
    writeFileSync(join(folder, name), typeof rules === 'string' ? rules : dump(rules));
  const run = (words: readonly string[]) => logsGrep(folder, words, { now });
  return {
    folder,
    write,
    run,
    async judge(rules: readonly Rule[], ...words: string[]): Promise<LogRuleResult[]> {
      write(rules.map((rule, index) => ({ name: `rule ${index}`, ...rule })));
      const { stdout, stderr } = await run(['--rules', 'rules.yaml', '--json', ...words, 'shop.log']);
      if (stdout === '' || stderr !== '') throw new Error(stderr);
      return JSON.parse(stdout) as LogRuleResult[];
    },
  };
}

test.each([
  [{ match: 'payment refused' }, 4],
  [{ match: ['payment', 'login'] }, 6],
  [{ all: ['payment', 'refused', 'card'] }, 2],
  [{ match: ['payment', 'login'], all: ['refused'] }, 5],
  [{ match: 'refused', not: 'card' }, 3],
  [{ match: 'refused', exclude: ['devops', 'Payment\\.java'] }, 3],
  [{ not: ['refused', 'INFO'] }, 1],
  [{ level: 'warning' }, 4],
  [{ level: '=warning' }, 1],
  [{ level: 'error', match: 'payment' }, 3],
  [{ match: '(?i)PAYMENT REFUSED: card [0-9]$' }, 2],
  [{ match: 'nothing like it' }, 0],
])('%j is about %i lines', async (rule, count) => {
  const { judge } = scene();
  // The second rule keeps the first from being the only pattern that is searched for.
  const [alone, beside] = [await judge([rule]), await judge([rule, { not: 'no such word' }])];
  expect(alone[0]).toMatchObject({ count, fired: count > 0, status: count > 0 ? 'critical' : 'ok' });
  expect(beside[0]).toEqual(alone[0]);
  expect(beside[1]).toMatchObject({ count: 7 });
});

test('thresholds, severities and labels are each rule’s own', async () => {
  const [many, few, soon, late] = await scene().judge([
    { match: 'refused', threshold: 5, severity: 'warning', labels: { team: 'shop', pager: true, tier: 1 } },
    { match: 'refused', threshold: { count: 6 } },
    { match: 'card', threshold: '2/21s' },
    { match: 'card', threshold: { count: 2, per: '20s' } },
  ]);
  const labels = { team: 'shop', pager: 'true', tier: '1' };
  expect(many).toMatchObject({ status: 'warning', severity: 'warning', count: 5, threshold: { count: 5 }, labels });
  expect(few).toMatchObject({ status: 'ok', count: 5 });
  expect(soon).toMatchObject({ status: 'critical', peak: 2, threshold: { count: 2, per_seconds: 21 } });
  expect(late).toMatchObject({ status: 'ok', peak: 1 });
});

test('--fail-on critical lets warnings pass, and they are told all the same', async () => {
  const { write, run } = scene();
  write([{ name: 'slow', match: 'slow', severity: 'warning' }]);
  expect((await run(['--rules', 'rules.yaml', 'shop.log'])).code).toBe(1);
  const { code, stdout } = await run(['--rules', 'rules.yaml', '--fail-on', 'critical', 'shop.log']);
  expect({ code, stdout: stdout.split('\t').slice(0, 3) }).toEqual({ code: 0, stdout: ['slow', 'warning', '1'] });
});

describe('at_least', () => {
  test('counts zero as a number: where nothing is logged at all, it fires', async () => {
    for (const content of ['', 'another line']) {
      const [result] = await scene(content).judge([{ match: 'heartbeat', at_least: 1 }]);
      expect(result).toMatchObject({ fired: true, because: 'too few', count: 0, at_least: { count: 1 } });
      expect(result!.message).toBe('0 times rule 0 in shop.log, expected at least 1, last never');
    }
  });

  test('fires for an empty window, too, and is content with as many as it asks for', async () => {
    const { judge } = scene();
    const rules = [
      { match: 'heartbeat', at_least: 1 },
      { match: 'heartbeat', at_least: 2 },
    ];
    expect((await judge(rules, '--since', at(1200))).map(({ fired }) => fired)).toEqual([false, true]);
    expect((await judge(rules, '--since', at(1201))).map(({ fired }) => fired)).toEqual([true, true]);
  });

  test('with a period looks at the beginning, the middle and the end of what was searched', async () => {
    const { judge } = scene();
    // The log begins at 0 s, its one heartbeat is at 1,200 s, and now is 1,800 s.
    const periods = ['1199s', '1200s', '1201s'];
    const found = await judge(periods.map((per) => ({ match: 'heartbeat', at_least: `1/${per}` })));
    expect(found.map(({ fired }) => fired)).toEqual([true, true, false]);
    expect(found[0]!.message).toBe(
      'once rule 0 in shop.log, fewer than 1 in 19m 59s from 2026-11-20T14:00:00+00:00 to 2026-11-20T14:20:00+00:00',
    );
    const [end] = await judge([{ match: 'heartbeat', at_least: '1/9m' }], '--since', at(1100));
    expect(end).toMatchObject({ fired: true, because: 'too few', count: 1 });
  });

  test('with a period longer than the run is undecided, which is neither fine nor an alarm', async () => {
    const { judge, run } = scene();
    const [result] = await judge([{ match: 'start', at_least: '1/10m' }], '--since', at(1500));
    expect(result).toMatchObject({ fired: false, status: 'unknown' });
    expect(result!.undecided).toBe('the run covers 5m, the rule speaks of 10m');
    const { code, stdout } = await run(['--rules', 'rules.yaml', '-q', '--since', at(1500), 'shop.log']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^unknown: rule 0: .*the run covers 5m, the rule speaks of 10m \(look at a longer time/);
  });

  test('with a period is refused together with --state', async () => {
    const { write, run } = scene();
    write([{ name: 'beat', match: 'heartbeat', at_least: '1/10m' }]);
    const { code, stderr } = await run(['--rules', 'rules.yaml', '--state', 'beat', 'shop.log']);
    expect(code).toBe(2);
    expect(stderr).toContain("rule 'beat' does not go with --state");
  });
});

test('a message has every placeholder, and braces of its own', async () => {
  const names = ['rule', 'severity', 'source', 'count', 'peak', 'threshold', 'first', 'last', 'labels.team', 'sample'];
  const message = `{{${names.map((name) => `{${name}}`).join('|')}}}`;
  const [result] = await scene().judge([
    { match: 'card', threshold: '2/5m', severity: 'warning', labels: { team: 'shop' }, message },
  ]);
  expect(result!.message).toBe(
    '{rule 0|warning|shop.log|2|2|2 in 5m|2026-11-20T14:00:10+00:00|2026-11-20T14:00:30+00:00|shop|' +
      '2026-11-20T14:00:10.000Z ERROR payment refused: card 1}',
  );
});

test('a sample is text: its braces are no placeholders', async () => {
  const [result] = await scene('ERROR {count} {{x}} {nothing}').judge([{ match: 'ERROR', message: '{sample}' }]);
  expect(result!.message).toBe('ERROR {count} {{x}} {nothing}');
});

test('rules are a list, a mapping, or JSON', async () => {
  const { write, run } = scene();
  const rule = { name: 'refused', match: 'refused' };
  write([rule]);
  write({ rules: [rule] }, 'mapping.yaml');
  write(JSON.stringify({ rules: [rule] }), 'rules.json');
  const found = await Promise.all(
    ['rules.yaml', 'mapping.yaml', 'rules.json'].map((name) => run(['--rules', name, '--json', 'shop.log'])),
  );
  expect(new Set(found.map(({ stdout }) => stdout)).size).toBe(1);
  expect(found[0]).toMatchObject({ code: 1, stderr: '' });
});

test.each([
  ['- {name: a, macth: x, match: y}', "rules.yaml:1:13: .*macth: found an unknown key, [^]*did you mean 'match'"],
  ['- {name: a, match: "("}', String.raw`rules.yaml:1:20: \[0\].match: .*it has a \( without its \)`],
  ['- {name: a, match: x}\n- {name: a, match: y}', "rules.yaml:2:10: .*the name 'a' is there twice"],
  ['- {name: a, match: x, message: "{cuont}"}', String.raw`column 1: there is no \{cuont\}[^]*did you mean \{count\}`],
  ['- {name: a}', 'rules.yaml:1:3: .*says nothing that a line must be'],
  ['- {name: a, match: x, threshold: 0}', 'rules.yaml:1:34: .*threshold'],
  ['- {name: a, level: loud}', 'rules.yaml:1:20: .*loud'],
  ['', 'rules.yaml:1:1: found nothing'],
  ['[]', 'rules.yaml:1:1: found an empty list'],
  ['{rules: [', 'rules.yaml:1:10: this is no YAML'],
])('rules such as %j are refused with line and column', async (text, expected) => {
  const { write, run } = scene();
  write(text);
  const { code, stdout, stderr } = await run(['--rules', 'rules.yaml', 'shop.log']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(new RegExp(expected));
  expect(stderr).not.toContain('defect');
});

test('rules that are not there, or no file, are an error before any log is read', async () => {
  const { run } = scene();
  for (const name of ['gone.yaml', '.']) {
    const { code, stdout, stderr } = await run(['--rules', name, 'shop.log']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^devops: error: cannot read the rules '/);
  }
});

test.each(['-i', '-v', '-w', '-x', '-F', '-c', '-l', '-o', '-n', '-m1', '-A1', '-B1', '-C1', '--threshold=3'])(
  '%s is refused beside rules, for they would pass it over in silence',
  async (flag) => {
    const { write, run } = scene();
    write([{ name: 'refused', match: 'refused' }]);
    write({ 'logs-grep': { rules: [{ name: 'refused', match: 'refused' }] } }, 'devops.yaml');
    for (const words of [['--rules', 'rules.yaml'], flag === '-v' ? ['--rules', 'rules.yaml'] : ['--alert']]) {
      const { code, stdout, stderr } = await run([...words, flag, 'shop.log']);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/says nothing about rules, which have their own patterns and results/);
    }
  },
);

test('a window, a level and a condition choose the lines that the rules see', async () => {
  const { judge } = scene();
  const rules = [{ match: 'refused' }];
  const count = async (...words: string[]) => (await judge(rules, ...words))[0]!.count;
  expect(await count('--level', 'error')).toBe(4);
  expect(await count('--since', at(30))).toBe(4);
  expect(await count('--until', at(30))).toBe(1);
  expect(await count('--level', '=debug')).toBe(1);
  expect(await count('--multiline')).toBe(4);
});

describe('devops.yaml', () => {
  test('has the rules and the files of a bare --alert, of a report and of Nagios', async () => {
    const { folder, write, run } = scene();
    const rules = [{ name: 'refused', match: 'refused', severity: 'warning' }];
    write({ 'logs-grep': { files: ['*.log'], rules } }, 'devops.yaml');
    chmodSync(join(folder, 'devops.yaml'), 0o600);
    const bare = await run(['--alert']);
    expect(bare).toMatchObject({ code: 1, stderr: '' });
    expect(bare.stdout).toMatch(/^refused\twarning\t5\t/);
    expect((await run(['--alert', 'shop.log'])).stdout).toBe(bare.stdout.replaceAll('*.log', 'shop.log'));
    const nagios = await run(['--output', 'nagios']);
    expect(nagios.code).toBe(1);
    expect(nagios.stdout).toMatch(/^LOGS-GREP WARNING - refused: 5 times refused/);
    expect((await run(['--report', 'junit=x.xml'])).code).toBe(1);
  });

  test('does not count for a PATTERN, a level, or rules that are named', async () => {
    const { write, run } = scene();
    write({ 'logs-grep': { rules: [{ name: 'refused', match: 'refused' }] } }, 'devops.yaml');
    write([{ name: 'other', match: 'nothing like it' }]);
    expect((await run(['--alert', 'nothing like it', 'shop.log'])).code).toBe(0);
    expect((await run(['--alert', '--level', 'fatal', 'shop.log'])).code).toBe(0);
    expect((await run(['--rules', 'rules.yaml', 'shop.log'])).stdout).toMatch(/^other\tok\t0\t/);
  });

  test('that has no rules leaves a bare --alert with nothing to do, which is said', async () => {
    const { run } = scene();
    const { code, stderr } = await run(['--alert', 'shop.log']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^devops: error: there is nothing to raise an alert for\ndevops: hint: give a PATTERN/);
  });
});

describe('ripgrep as the first look at a large file', () => {
  const rules: Rule[] = [
    { name: 'refused', match: 'refused', threshold: '3/10s' },
    { name: 'errors', level: 'error', match: 'Exception|refused' },
    { name: 'traces', all: ['at com', 'Handler'], not: 'Filter' },
    { name: 'last', match: 'end of the log', at_least: '1/10m' },
    { name: 'first', match: 'start of the log', at_least: '1/5h' },
    { name: 'none', match: 'no such line', at_least: 1, severity: 'warning' },
  ];

  /** Of 17 MiB: below 16 MiB ripgrep is never asked. `stamp` writes a time. */
  function large(stamp: (seconds: number) => string, tail: readonly string[], head: readonly string[]): string {
    const random = randomNumbers(7);
    const lines = [`${stamp(0)} INFO banner`, ...head, `${stamp(60)} INFO start of the log`];
    let length = 0;
    for (let second = 61; length < 17 * 1024 * 1024; second++) {
      const kind = random(400);
      const text =
        kind === 0
          ? [`${stamp(second)} ERROR refused by ${random(9)}`, ...tail]
          : kind < 3
            ? [`${stamp(second)} WARN java.lang.Exception: refused`, ...tail.slice(random(2))]
            : [`${stamp(second)} INFO order ${random(1e6)} ${'x'.repeat(800 + random(900))}`];
      lines.push(...text);
      length += text.reduce((sum, { length: one }) => sum + one + 1, 0);
    }
    return `${lines.join('\n')}\nend of the log\n`;
  }

  const iso = at;
  const syslog = (seconds: number) => {
    const date = new Date(begin + seconds * 1000).toUTCString();
    return `${date.slice(8, 11)} ${date.slice(5, 7).replace(/^0/, ' ')} ${date.slice(17, 25)} host app[1]:`;
  };
  const frames = ['    at com.shop.Handler.run(Handler.java:3)', '    at com.shop.Filter.run(Handler.java:9) refused'];

  test.skipIf(ripgrep === undefined).each([
    ['lines with stack traces', iso, frames, frames],
    ['stack traces that come later than in the first 64 KiB', iso, frames, []],
    ['lines alone', iso, [], []],
    ['lines of syslog', syslog, frames, []],
  ])('says of %s what we say, byte for byte', async (_, stamp, tail, head) => {
    const { folder, write, run } = scene();
    writeFileSync(join(folder, 'large.log'), large(stamp, tail, head));
    write(rules);
    const words = ['--rules', 'rules.yaml', '--json', 'large.log'];
    const [theirs, ours] = [await run(['--engine', 'ripgrep', ...words]), await run(['--engine', 'devops', ...words])];
    expect(theirs.stdout).toBe(ours.stdout);
    expect(theirs).toMatchObject({ code: ours.code, stderr: ours.stderr });
    const results = JSON.parse(ours.stdout) as LogRuleResult[];
    expect(results.map(({ fired }) => fired)).toContain(true);
    expect(results.find(({ subject }) => subject === 'refused')!.count).toBeGreaterThan(20);
  });
});
