import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { load } from 'js-yaml';
import { parse as parseJunit } from 'junit2json';
import { beforeAll, expect, test } from 'vitest';
import type { CertificateCheck } from '../../src/lib/tls/certificate-check.ts';
import { parseExposition } from '../support/exposition-grammar.ts';
import { parsePluginOutput } from '../support/nagios-grammar.ts';
import { startTlsServer } from '../support/tls/node-server.ts';
import { refusedPort } from '../support/tls/raw-server.ts';
import { chain, day } from '../support/tls/workshop.ts';
import { openssl, useCertificateShop } from './run-ssl-expiry.ts';

const shop = useCertificateShop('ssl-formats');
/** Four targets, one of each status, in the order of their urgency. */
let targets: Record<'expired' | 'refused' | 'ending' | 'good', string>;
let words: string[];

beforeAll(async () => {
  if (openssl === undefined) return;
  const { workshop, servers, intermediate } = shop;
  const serve = async (validity: { from?: number; until?: number }) => {
    const leaf = await workshop.leaf({ names: ['127.0.0.1'], issuer: intermediate, ...validity });
    const cert = chain(leaf, intermediate);
    const { port } = await servers.keep(startTlsServer({ key: readFileSync(leaf.keyFile), cert }));
    return `127.0.0.1:${port}`;
  };
  targets = {
    expired: await serve({ from: -90 * day, until: -3 * day }),
    refused: `127.0.0.1:${await refusedPort()}`,
    ending: await serve({ from: -70 * day, until: 20 * day + 60 }),
    good: await serve({ until: 89 * day + 60 }),
  };
  words = [...Object.values(targets).toReversed(), '--retries', '0'];
});

const date = (seconds: number) => new Date(seconds).toISOString().slice(0, 10);

test.skipIf(openssl === undefined)(
  'text off a terminal is a line of tab-separated values a target, the most urgent first',
  async () => {
    const { code, stdout, stderr } = await shop.run(words);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(rows.map(([target, status]) => [target, status])).toEqual([
      [targets.expired, 'critical'],
      [targets.refused, 'unknown'],
      [targets.ending, 'warning'],
      [targets.good, 'ok'],
    ]);
    const [expired, refused] = rows;
    expect(expired!.slice(2, 4)).toEqual(['-3', '0']);
    expect(expired!.slice(5, 9)).toEqual([
      'Test Intermediate',
      '127.0.0.1',
      'expired',
      expect.stringMatching(/^the certificate expired 3d/),
    ]);
    expect(refused!.slice(2)).toEqual(['', '', '', '', '', 'unreachable', 'connection refused', '']);
  },
);

test.skipIf(openssl === undefined)(
  '-q is a line a finding with what to do, the most urgent first, and nothing when all is well',
  async () => {
    const { code, stdout } = await shop.run([...words, '-q']);
    expect(code).toBe(2);
    expect(stdout.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'DATE')).toMatch(
      new RegExp(
        [
          `^critical: ${targets.expired}: the certificate expired 3d ago, on DATE \\(renew it now\\)`,
          `unknown: ${targets.refused}: connection refused \\(does the service run, on this port\\?\\)`,
          `warning: ${targets.ending}: the certificate expires in 20d, on DATE \\(renew it, or see why .*\\)\n$`,
        ].join('\n'),
      ),
    );
    expect(await shop.run([targets.good, '-q'])).toEqual({ code: 0, stdout: '', stderr: '' });
  },
);

test.skipIf(openssl === undefined)('json, jsonl and yaml have the same records', async () => {
  const timeless = (checks: unknown) =>
    (checks as CertificateCheck[])
      .map(({ time: _time, took_ms: _took, left_seconds: _left, ...rest }) => rest)
      .toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
  const [json, jsonl, yaml] = await Promise.all(
    ['json', 'jsonl', 'yaml'].map((format) => shop.run([...words, '-o', format])),
  );
  const records = JSON.parse(json!.stdout) as CertificateCheck[];
  expect(records).toHaveLength(4);
  expect(records.find(({ subject }) => subject === targets.good)).toMatchObject({
    schema: 'devops.ssl-expiry/1',
    status: 'ok',
    endpoint: { host: '127.0.0.1', trusted: true, name_matches: true, probe: 'default', attempts: 1 },
    certificates: [
      { source: 'presented' },
      { source: 'presented' },
      { source: 'trust-store', common_name: 'Test Root' },
    ],
    findings: [],
  });
  expect(
    timeless(
      jsonl!.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ),
  ).toEqual(timeless(records));
  expect(timeless(load(yaml!.stdout))).toEqual(timeless(records));
});

test.skipIf(openssl === undefined)('csv has a header and the columns of the table with plain values', async () => {
  const rows = parseCsv((await shop.run([...words, '-o', 'csv'])).stdout, {
    columns: true,
    record_delimiter: '\n',
  }) as Record<string, string>[];
  const good = rows.find(({ target }) => target === targets.good)!;
  expect(good).toMatchObject({
    status: 'ok',
    issuer: 'Test Intermediate',
    names: '127.0.0.1',
    findings: '',
    owner: '',
  });
  expect(Number(good['days_left'])).toBeCloseTo(89, 1);
  expect(good['expires']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(rows.find(({ target }) => target === targets.refused)).toMatchObject({
    status: 'unknown',
    days_left: '',
    findings: 'unreachable',
    message: 'connection refused',
  });
});

test.skipIf(openssl === undefined)(
  'junit has a case a finding: a failure, an error, a failure, and a passed one',
  async () => {
    const { code, stdout } = await shop.run([...words, '-o', 'junit']);
    expect(code).toBe(2);
    const suites = await parseJunit(stdout);
    const suite = suites !== null && suites !== undefined && 'testsuite' in suites ? suites.testsuite?.[0] : undefined;
    expect(suite).toMatchObject({ tests: 4, failures: 2, errors: 1 });
    expect(suite!.testcase!.map(({ name }) => name!).toSorted()).toEqual(
      [
        `${targets.expired}: expired`,
        `${targets.refused}: unreachable`,
        `${targets.ending}: expires-warning`,
        `${targets.good}: valid`,
      ].toSorted(),
    );
  },
);

test.skipIf(openssl === undefined)('github annotates what is not fine on stderr, with what to do', async () => {
  const { stdout, stderr } = await shop.run([...words, '-o', 'github']);
  expect(stdout.split('\n')).toHaveLength(5);
  const annotations = stderr.trimEnd().split('\n').toSorted();
  expect(annotations).toHaveLength(3);
  expect(annotations[0]).toMatch(/^::error title=devops ssl-expiry%3A 127\.0\.0\.1%3A\d+::/);
  expect(stderr).toContain('(renew it now)');
  expect(annotations[2]).toMatch(/^::warning title=/);
});

test.skipIf(openssl === undefined)('nagios is CRITICAL with the worst first, and OK tells until when', async () => {
  const bad = await shop.run([...words, '-o', 'nagios']);
  expect(bad).toMatchObject({ code: 2, stderr: '' });
  const { service, status, message, performance } = parsePluginOutput(bad.stdout);
  expect({ service, status }).toEqual({ service: 'SSL-EXPIRY', status: 'CRITICAL' });
  expect(message).toMatch(
    new RegExp(`^${targets.expired}: the certificate expired 3d .*; ${targets.refused}: connection`),
  );
  expect(performance.map(({ label }) => label).toSorted()).toEqual(
    [targets.expired, targets.ending, targets.good].toSorted(),
  );

  const good = await shop.run([targets.good, '-o', 'nagios']);
  expect(good.code).toBe(0);
  expect(parsePluginOutput(good.stdout).message).toBe(
    `${targets.good}: expires in 89d, on ${date(shop.workshop.now * 1000 + 89 * day * 1000 + 60_000)}`,
  );
  expect(await shop.run([targets.ending, '-o', 'nagios'])).toMatchObject({ code: 1 });
  expect(await shop.run([targets.refused, '--retries', '0', '-o', 'nagios'])).toMatchObject({ code: 3 });
});

test.skipIf(openssl === undefined)(
  'prometheus has the names that exporters of certificates have made known',
  async () => {
    const samples = parseExposition((await shop.run([...words, '-o', 'prometheus'])).stdout);
    const valueOf = (metric: string, target: string) =>
      samples.find(({ name, labels }) => name === metric && labels['target'] === target)?.value;
    expect(valueOf('ssl_probe_success', targets.good)).toBe(1);
    expect(valueOf('ssl_probe_success', targets.refused)).toBe(0);
    expect(valueOf('probe_ssl_earliest_cert_expiry', targets.good)).toBe(shop.workshop.now + 89 * day + 60);
    expect(valueOf('probe_ssl_earliest_cert_expiry', targets.refused)).toBeUndefined();
    expect(samples.find(({ labels }) => labels['code'] === 'unreachable')?.labels).toMatchObject({
      target: targets.refused,
      severity: 'unknown',
    });
  },
);

test.skipIf(openssl === undefined)('every report is written beside the text, however the run ends', async () => {
  const reports = ['junit=r.xml', 'json=r.json', 'csv=r.csv', 'prometheus=r.prom'].flatMap((report) => [
    '--report',
    report,
  ]);
  const { code, stdout } = await shop.run([...words, '-q', ...reports]);
  expect(code).toBe(2);
  expect(stdout.split('\n')).toHaveLength(4);
  const read = (name: string) => readFileSync(join(shop.workshop.folder, name), 'utf8');
  expect(read('r.xml')).toContain('tests="4" failures="2" errors="1"');
  expect(JSON.parse(read('r.json'))).toHaveLength(4);
  expect(read('r.csv').split('\n')).toHaveLength(6);
  expect(parseExposition(read('r.prom')).length).toBeGreaterThan(8);
});

test.skipIf(openssl === undefined).each([
  [['good'], [], 0],
  [['ending'], [], 1],
  [['ending'], ['--fail-on', 'critical'], 0],
  [['expired'], ['--fail-on', 'critical'], 1],
  [['refused', 'expired'], [], 2],
  [['refused'], ['--unreachable', 'ok'], 0],
  [['refused'], ['--unreachable', 'warning'], 1],
  [['refused'], ['--unreachable', 'warning', '--fail-on', 'critical'], 0],
  [['refused'], ['--unreachable', 'critical', '--fail-on', 'critical'], 1],
  [['expired'], ['--ignore', 'expired'], 0],
  [['ending'], ['-w', '7d'], 0],
  [['ending'], ['-w', '0', '-c', '30'], 1],
  [['expired'], ['-w', '0', '-c', '0'], 1],
] as const)('%j with %j exits with %i', async (names, options, code) => {
  const asked = names.map((name) => targets[name]);
  expect(await shop.run([...asked, '--retries', '0', ...options])).toMatchObject({ code, stderr: '' });
});
