import { hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { defineCommand, type Spec } from '../command.ts';
import type { Context } from '../context.ts';
import { nearest } from '../lib/errors/nearest.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { parseDuration } from '../lib/quantity/duration.ts';
import { stateDirectory } from '../lib/state/directories.ts';
import type { RuleState } from '../lib/system/system-rules.ts';
import { collectReport } from '../lib/system/collect-report.ts';
import type { Counters } from '../lib/system/counters.ts';
import { planReport, type ReportRequest, type SysinfoConfig } from '../lib/system/plan-report.ts';
import { reportVerdicts } from '../lib/system/report-verdicts.ts';
import { type SectionName, sectionNames, type SysinfoReport } from '../lib/system/report.ts';
import { viewSysinfo } from '../views/sysinfo.ts';

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

export default defineCommand({
  description: [
    'Report on this machine: what it is, how it is used, and what is wrong with it. Name sections to see only these.',
    "Rules turn figures into verdicts: --warn-if and --fail-if take a condition such as 'disk.used_pct{mount=\"/var\"} > 90', 'memory.available_pct < 10 for 15m' or 'disk.full_in < 24h'. Without rules the exit code says only whether everything could be read.",
  ].join('\n\n'),
  examples: [
    { command: 'devops sysinfo', what: 'the whole report' },
    { command: 'devops sysinfo disks memory', what: 'two sections' },
    { command: 'devops sysinfo --watch', what: 'a live view' },
    {
      command: "devops sysinfo -q --fail-if 'disk.used_pct > 90' --warn-if 'load5 > 8 for 15m'",
      what: 'from cron: silent until a rule fires',
    },
    {
      command: "devops sysinfo -o nagios --warn-if 'disk.used_pct > 80' --fail-if 'disk.used_pct > 90'",
      what: 'as a monitoring plugin',
    },
    {
      command: 'devops sysinfo -q --textfile /var/lib/prometheus/node-exporter/devops.prom',
      what: 'from cron, beside node_exporter',
    },
  ],
  define: (spec: Spec) =>
    spec
      .argument('[sections...]', `sections to report on: ${sectionNames.join(', ')} (default: all but hardware)`)
      .option('--skip <section>', 'leave this section out; may be repeated', collect, [])
      .option('--warn-if <rule>', 'a rule whose breach is a warning; may be repeated', collect, [])
      .option('--fail-if <rule>', 'a rule whose breach is critical; may be repeated', collect, [])
      .option('--allow-missing', 'a rule that finds nothing to compare is no error')
      .option('--explain', 'print every rule with its current value')
      .option('--watch', 'keep looking: a live view on a terminal, one JSON line an interval elsewhere')
      .option('--interval <duration>', 'time between two looks of --watch (default: 2s)', parseInterval)
      .option('--sample <duration>', 'how long rates and CPU percentages are measured (default: 250ms)', parseDuration)
      .option('--deadline <duration>', 'how long a slow section may take (default: 2s)', parseDeadline)
      .option('--top <count>', 'length of the lists of the greediest processes', parseCount, 5)
      .option('--textfile <file>', 'write what node_exporter lacks to this file for its textfile collector'),
  complete: { sections: () => sectionNames, '--skip': () => sectionNames },
  shape: 'one',
  endless: ({ watch }) => (watch === true ? 'live' : false),

  async *run(ctx, options, sections: string[]): AsyncGenerator<SysinfoReport> {
    const request: ReportRequest = {
      named: sections.map(sectionNamed),
      skipped: options.skip.map(sectionNamed),
      warnIf: options.warnIf,
      failIf: options.failIf,
      allowMissing: options.allowMissing === true,
      sampleSeconds: options.sample,
      deadlineSeconds: options.deadline,
      host: hostname(),
    };
    const config = (await ctx.config()).config.sysinfo ?? {};
    const judge = await loadJudge(request, config);
    const plan = planReport(request, config, judge?.needed ?? new Set());
    const { env, userId, signal } = ctx;
    const collecting = {
      ...plan,
      topCount: options.top,
      env,
      userId,
      signal,
      now: () => ctx.now(),
      monotonic: () => ctx.monotonic(),
    };
    ctx.log.debug('looks at this machine', { sections: plan.sections, sample_seconds: plan.sampleSeconds });
    let counters: Counters | undefined;
    do {
      const looked = await collectReport(collecting, counters);
      counters = looked.counters;
      const report = judge === undefined ? looked.report : await judge.apply(looked.report, () => ruleState(ctx));
      // A disk that is full must not hide the report that says so.
      const unwritten = options.textfile === undefined ? undefined : await writeTextfile(ctx, options.textfile, report);
      yield report;
      if (unwritten !== undefined) throw unwritten;
      if (options.watch === true) await ctx.pause(options.interval ?? 2, signal);
    } while (options.watch === true);
  },

  text: (report, screen, options) => viewSysinfo(report, screen, options),
  explains: ({ explain }) => explain === true,
  verdicts: reportVerdicts,
  loadMetrics: async () => (await import('../lib/system/node-exporter-metrics.ts')).nodeExporterMetrics,
});

/** The language of rules costs a start 3 ms, so it is loaded when there are rules. */
async function loadJudge(request: ReportRequest, config: SysinfoConfig) {
  if (request.failIf.length + request.warnIf.length + (config.rules?.length ?? 0) === 0) return undefined;
  const { applyRules, readRules, sectionsOfRules } = await import('../lib/system/system-rules.ts');
  const rules = readRules(request, config);
  return {
    needed: sectionsOfRules(rules),
    apply: (report: SysinfoReport, state: () => RuleState) => applyRules(report, rules, state),
  };
}

/** Why the file could not be written; undefined when it was. */
async function writeTextfile(ctx: Context, path: string, report: SysinfoReport): Promise<UserError | undefined> {
  const { textfileMetrics } = await import('../lib/system/node-exporter-metrics.ts');
  const { expositionText } = await import('../lib/results/exposition.ts');
  const { replaceFile } = await import('../lib/files/replace-file.ts');
  try {
    const target = isAbsolute(path) ? path : join(ctx.cwd(), path);
    replaceFile(target, expositionText(textfileMetrics(report)), { mode: 0o644 });
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function sectionNamed(name: string): SectionName {
  const known = sectionNames.find((section) => section === name);
  if (known !== undefined) return known;
  const near = nearest(name, sectionNames);
  throw new UserError(`there is no section '${name}'`, {
    code: 'usage',
    hints: [near === undefined ? `sections are: ${sectionNames.join(', ')}` : `did you mean '${near}'?`],
  });
}

function parseInterval(text: string): number {
  const seconds = parseDuration(text);
  if (seconds >= 0.1) return seconds;
  throw new UserError(`'${text}' is too short`, { code: 'usage', hints: ['use at least 100ms'] });
}

function parseDeadline(text: string): number {
  const seconds = parseDuration(text);
  if (seconds > 0) return seconds;
  throw new UserError('no section could answer in no time', { code: 'usage', hints: ['use more than 0, such as 2s'] });
}

function parseCount(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UserError(`'${text}' is not a number from 0 to 9999`, { code: 'usage' });
}

function ruleState({ env, userId: uid, homeDirectory, now }: Context): RuleState {
  const folder = join(stateDirectory({ env, uid, homeDirectory: homeDirectory() }), 'sysinfo');
  return { folder, uid, now: now() };
}
