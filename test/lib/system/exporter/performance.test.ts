import { expect, test } from 'vitest';
import sysinfo from '../../../../src/commands/sysinfo.ts';
import { createRenderer } from '../../../../src/output/nagios.ts';
import type { PerformanceData } from '../../../../src/lib/results/metric.ts';
import { createPerformance } from '../../../../src/lib/system/exporter/performance.ts';
import { nodeExporterMetrics } from '../../../../src/lib/system/node-exporter-metrics.ts';
import type { RuleResult, SysinfoReport } from '../../../../src/lib/system/report.ts';
import { emptyReport, fullReport, hostileMounts, hostileReport, ruleResult } from './full-report.ts';

function performanceOf(report: SysinfoReport): PerformanceData[] {
  return [...nodeExporterMetrics(report)].flatMap(({ performance }) => performance ?? []);
}

function rangesFor(...rules: RuleResult[]): PerformanceData | undefined {
  return createPerformance(rules)('disk.used_pct', { mount: '/' }, 77.8);
}

function onRoot(rule: string, found: Partial<RuleResult> = {}): RuleResult {
  const labels = { mount: '/', device: '/dev/vda1', fstype: 'ext4' };
  return ruleResult(rule, { metric: 'disk.used_pct', labels, value: 77.8, ...found });
}

test('the figures that everybody plots are there without any rule, in the units of the rules', () => {
  expect(performanceOf(fullReport)).toEqual([
    { label: 'cpu.usage_pct', value: 25, unit: '%' },
    { label: 'memory.used_pct', value: 25, unit: '%' },
    { label: 'memory.effective_used_pct', value: 80, unit: '%' },
    { label: 'memory.swap_used_pct', value: 50, unit: '%' },
    { label: 'disk.used_pct /', value: 77.8, unit: '%' },
    { label: 'disk.inodes_used_pct /', value: 10, unit: '%' },
    { label: 'process.zombie', value: 2, minimum: 0 },
    { label: 'process.pids_used_pct', value: (300 / 32_768) * 100, unit: '%' },
    { label: 'service.failed', value: 1, minimum: 0 },
    { label: 'sensor.celsius coretemp Package id 0', value: -3.5 },
    { label: 'updates.pending', value: 7, minimum: 0 },
    { label: 'cpu.load1', value: 0.5, minimum: 0 },
    { label: 'cpu.load5', value: 1.25, minimum: 0 },
    { label: 'cpu.load15', value: 2, minimum: 0 },
  ]);
  expect(performanceOf(emptyReport)).toEqual([]);
});

// The guideline: a range alerts outside of its ends, `@` turns it around, and without a start it starts at 0.
test.each([
  ['disk.used_pct > 90', '90'],
  ['disk.used_pct > 90%', '90'],
  ['disk.used_pct >= 90', '@90:'],
  ['disk.used_pct < 10', '10:'],
  ['disk.used_pct <= 10', '@~:10'],
  ['disk.used_pct == 100', '@100:100'],
  ['disk.used_pct != 0', '0:0'],
  ['disk.used_pct > 0.5 for 15m', '0.5'],
  ['disk.used_pct{mount="/"} > 90', '90'],
])('%s has the range %s', (rule, range) => {
  expect(rangesFor(onRoot(rule))).toEqual({ label: 'disk.used_pct /', value: 77.8, unit: '%', warning: range });
});

test.each([
  ['cpu.load1', 'load1 > 8', { warning: '8', minimum: 0 }],
  ['sensor.celsius', 'sensor.celsius > 80', { warning: '~:80' }],
  ['sensor.celsius', 'sensor.celsius > -5', { warning: '~:-5' }],
  ['memory.available', 'memory.available < 1GiB', { warning: '1073741824:', unit: 'B', minimum: 0 }],
  ['updates.cache_age', 'updates.cache_age > 7d', { warning: '604800', unit: 's', minimum: 0 }],
  ['disk.size', `disk.size > ${'9'.repeat(22)}`, { warning: '10000000000000000000000', unit: 'B', minimum: 0 }],
  ['cpu.load1', 'load1 > 0.0000001', { warning: '0', minimum: 0 }],
])('a limit is in the unit of the value and in plain digits: %s, %s', (metric, rule, expected) => {
  const performance = createPerformance([ruleResult(rule, { metric, value: 1 })]);
  expect(performance(metric, {}, 1)).toEqual({ label: metric, value: 1, ...expected });
});

test('a warning and a critical rule stand side by side; of two of one severity the first counts', () => {
  const critical = onRoot('disk.used_pct > 95', { severity: 'critical' });
  const both = rangesFor(critical, onRoot('disk.used_pct > 80'), onRoot('disk.used_pct > 85'));
  expect(both).toMatchObject({ warning: '80', critical: '95' });
});

test('a rule gives its limit to the subjects that it judged and to no others', () => {
  expect(rangesFor(onRoot('disk.used_pct > 80', { labels: { mount: '/var' } }))).not.toHaveProperty('warning');
});

test('a rule with and or or has no limit that decides alone', () => {
  expect(rangesFor(onRoot('disk.used_pct > 80 and disk.available < 5GiB'))).not.toHaveProperty('warning');
});

test('what a rule names is plotted first and once, also where nobody plots it by default', () => {
  const swap = ruleResult('memory.swap_free < 1GiB', { metric: 'memory.swap_free', value: 1e9, state: 'fired' });
  const data = performanceOf({ ...fullReport, rules: [swap, onRoot('disk.used_pct > 90')] });
  expect(data[0]).toEqual({ label: 'memory.swap_free', value: 1e9, unit: 'B', minimum: 0, warning: '1073741824:' });
  expect(data[1]).toEqual({ label: 'disk.used_pct /', value: 77.8, unit: '%', warning: '90' });
  expect(data.filter(({ label }) => label === 'disk.used_pct /')).toHaveLength(1);
});

test('a value that is never reached or not known has no performance data', () => {
  const rules = [
    ruleResult('disk.full_in < 24h', { metric: 'disk.full_in', labels: { mount: '/' }, value: Infinity }),
    ruleResult('disk.used_pct > 90', { metric: 'disk.used_pct', labels: { mount: '/nfs' }, state: 'unknown' }),
  ];
  expect(performanceOf({ ...emptyReport, rules })).toEqual([]);
});

test('labels stay different from each other and within the grammar of the guideline, whatever a mount is called', () => {
  const labels = performanceOf(hostileReport).map(({ label }) => label);
  expect(new Set(labels).size).toBe(labels.length);
  expect(labels.filter((label) => label.startsWith('disk.used_pct '))).toHaveLength(hostileMounts.length);
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  for (const label of labels) expect(label).not.toMatch(/[='|\u0000-\u001f\u007f]/);
});

// 'label'=value[UOM];[warn];[crit];[min];[max]
const number = '-?\\d+(?:\\.\\d+)?';
const range = `(?:@?(?:(?:~|${number})?:)?(?:${number})?)?`;
const item = `'[^'=|\n]+'=${number}(?:s|%|B|c)?(?:;${range}){0,2}(?:;(?:${number})?){0,2}`;

test.each(Object.entries({ full: fullReport, hostile: hostileReport }))(
  'the line about a %s report is performance data by the grammar of the guideline',
  (_, report) => {
    const renderer = createRenderer({
      command: sysinfo,
      options: {},
      metricsOf: (result) => nodeExporterMetrics(result as SysinfoReport),
      name: 'sysinfo',
      screen: { columns: Infinity, rows: 24, terminal: false, color: false, unicode: true },
      quiet: false,
      judging: false,
      failOn: 'warning',
      live: false,
      startedAt: new Date(report.time),
      now: () => new Date(report.time),
    });
    const rules = [onRoot('disk.used_pct >= 80'), onRoot('disk.used_pct > 95', { severity: 'critical' })];
    renderer.record({ ...report, rules }, [{ status: 'ok', subject: 'disk', code: 'disk.used_pct', message: 'fine' }]);
    const line = renderer.end({ verdicts: [] });
    expect(line).toMatch(new RegExp(`^SYSINFO OK - disk: fine \\|(?: ${item}){14,}\n$`));
    expect(line).toContain(" | 'disk.used_pct /'=77.8%;@80:;95 '");
  },
);
