import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { expositionText } from '../../../src/lib/results/exposition.ts';
import { nodeExporterMetrics, textfileMetrics } from '../../../src/lib/system/node-exporter-metrics.ts';
import type { SysinfoReport } from '../../../src/lib/system/report.ts';
import { requireProgram } from '../../support/services.ts';
import { emptyReport, fullReport, hostileMounts, hostileReport, ruleResult } from './exporter/full-report.ts';
import { type Family, labelValues, parseExposition, values } from './exporter/parse-exposition.ts';

const promtool = requireProgram('promtool', 'the metrics of sysinfo are not checked by Prometheus itself');

function familiesOf(report: SysinfoReport): Map<string, Family> {
  return parseExposition(expositionText(nodeExporterMetrics(report)));
}

function textfileOf(report: SysinfoReport): Map<string, Family> {
  return parseExposition(expositionText(textfileMetrics(report)));
}

function valuesOf(report: SysinfoReport, name: string): number[] {
  return values(familiesOf(report).get(name));
}

/** What promtool has against it, line by line. */
function complaints(text: string): string[] {
  const { status, stdout, stderr } = spawnSync(promtool!, ['check', 'metrics'], { input: text, encoding: 'utf8' });
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
  if (status !== (lines.length === 0 ? 0 : 3)) throw new Error(`promtool ended with ${status}: ${stderr}`);
  return lines;
}

const reports = Object.entries({ full: fullReport, empty: emptyReport, hostile: hostileReport });

describe.skipIf(promtool === undefined)('promtool', () => {
  test.each(reports)('finds nothing wrong with the textfile of a %s report', (_, report) => {
    expect(complaints(expositionText(textfileMetrics(report)))).toEqual([]);
  });

  test.each(reports)('minds only how the kernel writes its fields in the metrics of a %s report', (_, report) => {
    const left = complaints(expositionText(nodeExporterMetrics(report))).filter(
      (line) => !/^node_memory_\w+ metric names should be written in 'snake_case'/.test(line),
    );
    expect(left).toEqual([]);
  });
});

test('every section of a full report has metrics, and values keep their units', () => {
  expect(valuesOf(fullReport, 'node_boot_time_seconds')).toEqual([Date.parse('2026-01-02T02:04:05Z') / 1000]);
  expect(valuesOf(fullReport, 'node_cpu_seconds_total')).toHaveLength(16);
  expect(valuesOf(fullReport, 'node_network_speed_bytes')).toEqual([125e6]);
  expect(valuesOf(fullReport, 'node_reboot_required')).toEqual([1]);
  expect(valuesOf(fullReport, 'apt_upgrades_pending')).toEqual([7]);
  expect(valuesOf(fullReport, 'devops_cpu_effective_cores')).toEqual([1.5]);
  expect(valuesOf(fullReport, 'devops_memory_effective_used_ratio')).toEqual([0.8]);
  expect(valuesOf(fullReport, 'devops_filesystem_used_ratio')).toEqual([0.778]);
  expect(valuesOf(fullReport, 'devops_cgroup_cpu_throttled_seconds_total')).toEqual([4.5]);
  expect(valuesOf(fullReport, 'devops_service_failed')).toEqual([1]);
  expect(valuesOf(fullReport, 'devops_container_running')).toEqual([1, 0]);
  expect(valuesOf(fullReport, 'devops_container_healthy')).toEqual([1]);
  expect(labelValues(familiesOf(fullReport).get('devops_container_state'), 'state')).toEqual(['running', 'exited']);
  expect(valuesOf(fullReport, 'devops_sensor_celsius')).toEqual([-3.5]);
  expect(valuesOf(fullReport, 'devops_user_sessions')).toEqual([1]);
  expect(valuesOf(fullReport, 'devops_updates_cache_age_seconds')).toEqual([3600]);
});

test('every field of memory has the value of its own', () => {
  const families = [...familiesOf(fullReport)].filter(([name]) => name.startsWith('node_memory_'));
  expect(Object.fromEntries(families.map(([name, family]) => [name, values(family)[0]]))).toEqual({
    node_memory_MemTotal_bytes: 8e9,
    node_memory_MemAvailable_bytes: 6e9,
    node_memory_MemFree_bytes: 4e9,
    node_memory_Buffers_bytes: 1e8,
    node_memory_Cached_bytes: 2.5e9,
    node_memory_SwapTotal_bytes: 2e9,
    node_memory_SwapFree_bytes: 1e9,
    node_memory_Dirty_bytes: 4096,
    node_memory_Shmem_bytes: 8192,
    node_memory_HugePages_Total: 10,
    node_memory_HugePages_Free: 9,
  });
});

test('an empty report tells only of itself', () => {
  const names = [...familiesOf(emptyReport).keys()];
  expect(names).toEqual(['devops_sysinfo_status', 'devops_sysinfo_duration_seconds']);
});

test('the textfile has only names of our own, and the full output has all of them', () => {
  for (const [, report] of reports) {
    const names = [...textfileOf(report).keys()];
    expect(names.filter((name) => !name.startsWith('devops_'))).toEqual([]);
    expect([...familiesOf(report).keys()]).toEqual(expect.arrayContaining(names));
  }
});

test('no help is empty, speaks of percent or leans on another metric', () => {
  const helps = [...textfileOf(fullReport).values()].map(({ help }) => help);
  expect(helps.filter((help) => !/^[A-Z0-9].*[^ ]$/.test(help) || /percent|^The same|^Those/.test(help))).toEqual([]);
});

test('a name is told apart from every other, whatever stands in it', () => {
  const families = familiesOf(hostileReport);
  const expected = hostileMounts.map((mount) => mount.toWellFormed());
  for (const name of ['node_filesystem_size_bytes', 'devops_filesystem_used_ratio']) {
    expect(labelValues(families.get(name), 'mountpoint')).toEqual(expected);
  }
  expect(labelValues(families.get('devops_sysinfo_rule_value'), 'mount')).toEqual(expected);
});

describe('what could not be read has no series', () => {
  test('of a filesystem that did not answer there is only the error', () => {
    const { mount, source, fstype, read_only } = fullReport.disks![0]!;
    const error = { code: 'timeout', message: 'did not answer within 2s' } as const;
    const report = { ...emptyReport, disks: [{ mount, source, fstype, read_only, error }] };
    const names = [...familiesOf(report).keys()].filter((name) => name.includes('filesystem'));
    expect(names).toEqual(['node_filesystem_device_error']);
    expect(valuesOf(report, 'node_filesystem_device_error')).toEqual([1]);
  });

  test('hidden processes are not counted', () => {
    const report = { ...emptyReport, processes: { ...fullReport.processes!, partial: true } };
    const names = [...familiesOf(report).keys()].filter((name) => /process|filefd/.test(name));
    expect(names).toEqual(['node_filefd_allocated', 'node_filefd_maximum', 'node_processes_max_processes']);
  });

  test('a state that the driver does not tell is down for node_exporter, one that nobody read is not', () => {
    const { mtu, ...link } = { ...fullReport.network!.interfaces[0]!, state: 'unknown' };
    const lo = { ...emptyReport, network: { interfaces: [{ ...link, mtu: mtu! }] } };
    expect(valuesOf(lo, 'node_network_up')).toEqual([0]);
    expect(valuesOf({ ...emptyReport, network: { interfaces: [link] } }, 'node_network_up')).toEqual([]);
    const subject = '/sys/class/net/eth0/operstate';
    const error = { section: 'network', code: 'io', subject, message: 'input/output error', required: true } as const;
    expect(valuesOf({ ...lo, errors: [error] }, 'node_network_up')).toEqual([]);
  });

  test('without a sample there are no shares of it', () => {
    const { usage_pct: _usage, modes: _modes, ...cpu } = fullReport.cpu!;
    expect(valuesOf({ ...emptyReport, cpu }, 'devops_cpu_usage_ratio')).toEqual([]);
    expect(valuesOf({ ...emptyReport, cpu }, 'node_load1')).toEqual([0.5]);
  });

  test('updates that nobody counted are not 0, and another package manager has no series of apt', () => {
    const report = { ...emptyReport, updates: { manager: 'apt', reboot_required: false } as const };
    expect(valuesOf(report, 'apt_upgrades_pending')).toEqual([]);
    expect(valuesOf(report, 'devops_updates_pending')).toEqual([]);
    const dnf = { ...emptyReport, updates: { manager: 'dnf', pending: 5, reboot_required: false } as const };
    expect(valuesOf(dnf, 'apt_upgrades_pending')).toEqual([]);
    expect(valuesOf(dnf, 'devops_updates_pending')).toEqual([5]);
  });

  test('errors are counted by section, and a section without errors has 0', () => {
    const error = { section: 'users', code: 'io', message: 'input/output error', required: true } as const;
    const family = familiesOf({ ...emptyReport, cpu: fullReport.cpu!, errors: [error] }).get('devops_sysinfo_errors');
    expect([...family!.series.values()]).toEqual([
      { labels: { section: 'cpu' }, value: 0 },
      { labels: { section: 'users' }, value: 1 },
    ]);
  });
});

describe('rules', () => {
  test('every state is a series, and 1 is the one that the rule is in', () => {
    const rule = ruleResult('load1 > 8', { metric: 'cpu.load1', state: 'not yet known', severity: 'critical' });
    const family = familiesOf({ ...emptyReport, rules: [rule] }).get('devops_sysinfo_rule_state')!;
    expect(labelValues(family, 'state')).toEqual(['ok', 'pending', 'fired', 'unknown', 'missing', 'not yet known']);
    expect(values(family)).toEqual([0, 0, 0, 0, 0, 1]);
    expect(familiesOf({ ...emptyReport, rules: [rule] }).has('devops_sysinfo_rule_value')).toBe(false);
  });

  test('a label of the subject does not take the place of one of the rule', () => {
    const labels = { state: 'close_wait' };
    const metric = 'network.tcp_connections';
    const rule = ruleResult('network.tcp_connections > 9', { name: 'leak', metric, labels, value: 12, state: 'fired' });
    const families = familiesOf({ ...emptyReport, rules: [rule] });
    const state = families.get('devops_sysinfo_rule_state')!;
    expect(labelValues(state, 'state')).toContain('fired');
    expect(new Set(labelValues(state, 'exported_state'))).toEqual(new Set(['close_wait']));
    expect([...families.get('devops_sysinfo_rule_value')!.series.values()]).toEqual([
      {
        labels: {
          rule: 'network.tcp_connections > 9',
          rule_name: 'leak',
          severity: 'warning',
          metric,
          exported_state: 'close_wait',
        },
        value: 12,
      },
    ]);
  });
});
