import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expositionText } from '../../src/lib/results/exposition.ts';
import { collectReport } from '../../src/lib/system/collect-report.ts';
import { nodeExporterMetrics, textfileMetrics } from '../../src/lib/system/node-exporter-metrics.ts';
import { sectionNames, type SysinfoReport } from '../../src/lib/system/report.ts';
import { emptyReport, fullReport, hostileReport } from '../lib/system/exporter/full-report.ts';
import { type Family, labelNames, parseExposition, values } from '../lib/system/exporter/parse-exposition.ts';
import { requireProgram } from '../support/services.ts';

const program = requireProgram('prometheus-node-exporter', 'the metrics of sysinfo are not compared with its own');

interface Exporter {
  scrape(): Promise<Map<string, Family>>;
  /** Ends it, so that nothing is still on its way, and tells what it complained about. */
  complaints(): Promise<string[]>;
}

/** A node_exporter on a port of its own choice, which reads these files; it is gone when the test ends. */
async function startExporter(files: Readonly<Record<string, string>> = {}): Promise<Exporter> {
  const folder = mkdtempSync(join(tmpdir(), 'devops-textfile-'));
  const textfiles = join(folder, 'textfiles');
  mkdirSync(textfiles);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(textfiles, name), text);
  const child = spawn(
    program!,
    [
      '--web.listen-address=127.0.0.1:0',
      `--collector.textfile.directory=${textfiles}`,
      '--collector.processes',
      // It leaves out what is there in every container; but it must not wait for a mount that does not answer.
      '--collector.filesystem.mount-points-exclude=^$',
      '--collector.filesystem.fs-types-exclude=^(?:autofs|fuse.*|nfs.*|cifs)$',
      '--collector.netdev.device-exclude=^$',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: {} },
  );
  const closed = new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
    rmSync(folder, { recursive: true });
  });

  const log: string[] = [];
  const lines = createInterface({ input: child.stderr });
  const logEnded = new Promise<void>((resolve) => lines.once('close', resolve));
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      log.push(line);
      const listening = /address=(127\.0\.0\.1:[1-9][0-9]*)/.exec(line)?.[1];
      if (listening !== undefined) resolve(listening);
    });
    const fail = (reason: string) => reject(new Error(`node_exporter ${reason}:\n${log.join('\n')}`));
    void logEnded.then(() => fail('ended'));
    AbortSignal.timeout(10_000).addEventListener('abort', () => fail('did not listen within 10s'));
    closed.catch(reject);
  });
  const url = `http://${address}/metrics`;
  return {
    async scrape() {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      expect(response.status).toBe(200);
      return parseExposition(await response.text());
    },
    async complaints() {
      child.kill('SIGTERM');
      await logEnded;
      // About the files and about what it gathered; a machine without systemd or udev is no matter of ours.
      return log.filter((line) => /level=error/i.test(line) && /textfile|gathering metrics/.test(line));
    },
  };
}

async function lookAtThisMachine(): Promise<SysinfoReport> {
  const { report } = await collectReport({
    sections: sectionNames.filter((section) => section !== 'hardware'),
    required: new Set(),
    sampleSeconds: 0.05,
    deadlineSeconds: 5,
    topCount: 1,
    env: { PATH: process.env['PATH'] },
    userId: process.getuid!(),
    now: () => new Date(),
    signal: new AbortController().signal,
    monotonic: () => performance.now() / 1000,
  });
  return report;
}

describe.skipIf(program === undefined)('beside a node_exporter', () => {
  test('what has its name has its type, its help and its labels', async () => {
    const [exporter, report] = await Promise.all([startExporter(), lookAtThisMachine()]);
    const theirs = await exporter.scrape();
    const ours = parseExposition(expositionText(nodeExporterMetrics(report)));
    const shared = [...ours].filter(([name]) => name.startsWith('node_') && name !== 'node_reboot_required');
    expect(shared.length).toBeGreaterThan(30);
    expect(shared.map(([name, family]) => formOf(name, family))).toEqual(
      shared.map(([name]) => formOf(name, theirs.get(name))),
    );
  });

  test('what has its name has its value', async () => {
    const exporter = await startExporter();
    const before = await exporter.scrape();
    const ours = parseExposition(expositionText(nodeExporterMetrics(await lookAtThisMachine())));
    const after = await exporter.scrape();
    const compared = new Set<string>();
    const differing: string[] = [];
    for (const [name, { series }] of ours) {
      const slack = slackOf(name);
      for (const [key, { value }] of series) {
        const first = before.get(name)?.series.get(key)?.value;
        const last = after.get(name)?.series.get(key)?.value;
        if (first === undefined || last === undefined) continue;
        compared.add(name);
        if (value < Math.min(first, last) - slack || value > Math.max(first, last) + slack) {
          differing.push(`${name}${key}: ours is ${value}, theirs was ${first} before and ${last} after`);
        }
      }
    }
    expect(differing).toEqual([]);
    expect(compared.size).toBeGreaterThan(30);
  });

  test('the file of this machine, and one of everything there can be, is read without a complaint', async () => {
    for (const report of [await lookAtThisMachine(), fullReport, emptyReport, hostileReport]) {
      const exporter = await startExporter({ 'devops.prom': expositionText(textfileMetrics(report)) });
      const families = await exporter.scrape();
      expect(values(families.get('node_textfile_scrape_error'))).toEqual([0]);
      expect(families.has('devops_sysinfo_status')).toBe(true);
      expect(await exporter.complaints()).toEqual([]);
    }
  });

  test('every series of the file arrives as it was written', async () => {
    const text = expositionText(textfileMetrics(hostileReport));
    const exporter = await startExporter({ 'devops.prom': text });
    const families = await exporter.scrape();
    const ours = parseExposition(text);
    const arrived = new Map([...ours.keys()].map((name) => [name, families.get(name)]));
    expect(arrived).toEqual(ours);
  });

  test('the file of the apt script of its community can stand beside ours', async () => {
    const apt = [
      '# HELP apt_upgrades_pending Apt packages pending updates by origin.',
      '# TYPE apt_upgrades_pending gauge',
      'apt_upgrades_pending{origin="",arch=""} 0',
      '# HELP node_reboot_required Node reboot is required for software updates.',
      '# TYPE node_reboot_required gauge',
      'node_reboot_required 0',
      '',
    ].join('\n');
    const ours = expositionText(textfileMetrics(fullReport));
    const exporter = await startExporter({ 'apt.prom': apt, 'devops.prom': ours });
    await exporter.scrape();
    expect(await exporter.complaints()).toEqual([]);
  });

  test('a duplicate would be seen here: the whole output is no file for it', async () => {
    const text = expositionText(nodeExporterMetrics(await lookAtThisMachine()));
    const exporter = await startExporter({ 'devops.prom': text });
    await exporter.scrape();
    expect((await exporter.complaints()).join('\n')).toMatch(/node_load1.*was collected before/);
  });
});

function formOf(name: string, family: Family | undefined) {
  return { name, help: family?.help, type: family?.type, labels: family && labelNames(family) };
}

/** How far a value may be outside of both looks of the other: what goes up and down by itself gets room. */
function slackOf(name: string): number {
  if (/^node_load|^node_procs_|^node_time_seconds$/.test(name)) return 20;
  // iowait goes back, and the kernel sums up the ticks of idle processors when it is asked.
  if (name === 'node_cpu_seconds_total') return 0.5;
  if (/^node_processes_(?:pids|threads)$/.test(name)) return 500;
  if (/^node_filefd_allocated$|^node_nf_conntrack_entries$|^node_filesystem_files_free$/.test(name)) return 10_000;
  if (/^node_memory_(?:Dirty|Shmem|Cached|Buffers|MemFree|MemAvailable|SwapFree)_bytes$/.test(name)) return 2 ** 28;
  // Sums of small numbers differ in their last digits.
  return /^node_filesystem_(?:free|avail)_bytes$/.test(name) ? 2 ** 28 : 1e-6;
}
