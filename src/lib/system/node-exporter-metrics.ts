import type { Metric } from '../results/metric.ts';
import { communityMetrics } from './exporter/community-metrics.ts';
import { containerStates } from './exporter/container-states.ts';
import { cpuMetrics } from './exporter/node-cpu.ts';
import { diskMetrics } from './exporter/node-disk.ts';
import { filesystemMetrics } from './exporter/node-filesystem.ts';
import { memoryMetrics } from './exporter/node-memory.ts';
import { networkMetrics } from './exporter/node-network.ts';
import { processMetrics } from './exporter/node-process.ts';
import { timeMetrics } from './exporter/node-time.ts';
import { ownSystemMetrics } from './exporter/own-metrics.ts';
import { createPerformance, type Performance } from './exporter/performance.ts';
import { reportMetrics } from './exporter/report-metrics.ts';
import { ruleMetrics } from './exporter/rule-metrics.ts';
import type { SysinfoReport } from './report.ts';

/**
 * Everything in the report as metrics: under the names of node_exporter and its community's scripts what means exactly
 * the same there, and the rest as `devops_*`. The most telling ones carry performance data for Nagios.
 */
export function* nodeExporterMetrics(report: SysinfoReport): Generator<Metric> {
  const performance = createPerformance(report.rules);
  yield* ownMetrics(report, performance);
  yield* sharedMetrics(report, performance);
}

/**
 * What can stand in a file for node_exporter's textfile collector: only `devops_*`. A name of node_exporter, or of the
 * apt script that Debian runs beside it, would be a second sample of a series, and every scrape would log an error.
 */
export function* textfileMetrics(report: SysinfoReport): Generator<Metric> {
  yield* ownMetrics(report, createPerformance(report.rules));
}

/** The rules come first: where performance data has to be cut, theirs is the last to go. */
function* ownMetrics(report: SysinfoReport, performance: Performance): Generator<Metric> {
  yield* ruleMetrics(report.rules, performance);
  yield* reportMetrics(report);
  yield* ownSystemMetrics(report, performance);
  yield* containerStates(report);
}

function* sharedMetrics(report: SysinfoReport, performance: Performance): Generator<Metric> {
  const { os, cpu, memory, disks, io, network, processes, updates } = report;
  if (os !== undefined) yield* timeMetrics(os, report.time);
  if (cpu !== undefined) yield* cpuMetrics(cpu, performance);
  if (memory !== undefined) yield* memoryMetrics(memory);
  if (disks !== undefined) yield* filesystemMetrics(disks);
  if (io !== undefined) yield* diskMetrics(io);
  if (network !== undefined) yield* networkMetrics(network, report.errors);
  if (processes !== undefined) yield* processMetrics(processes, report);
  if (updates !== undefined) yield* communityMetrics(updates);
}
