import { expect, test } from 'vitest';
import type { Screen } from '../../src/command.ts';
import type { SectionName, SysinfoReport } from '../../src/lib/system/report.ts';
import { width } from '../../src/terminal/width.ts';
import { viewSysinfo } from '../../src/views/sysinfo.ts';
import { emptyReport, fullReport, hostileReport, ruleResult } from '../lib/system/exporter/full-report.ts';
import { crowdedReport } from './sysinfo/crowded-report.ts';

const file: Screen = { columns: Infinity, rows: Infinity, terminal: false, color: false, unicode: true };
const screen = (columns: number): Screen => ({ columns, rows: 50, terminal: true, color: false, unicode: true });
const reports = { emptyReport, fullReport, hostileReport, crowdedReport, healthy: healthyReport() };

/** Nothing is wrong with it. */
function healthyReport(): SysinfoReport {
  const { memory, updates, services, cgroup: _, ...rest } = structuredClone(fullReport);
  return {
    ...rest,
    memory: {
      ...memory!,
      oom_kills: 0,
      swap_used_pct: 1,
      effective: { total_bytes: 8e9, available_bytes: 6e9, used_pct: 25, limit_source: 'host' },
    },
    services: { ...services!, failed: [] },
    updates: { ...updates!, security: 0, reboot_required: false },
  };
}

function only(report: SysinfoReport, ...sections: SectionName[]): SysinfoReport {
  return { ...emptyReport, ...Object.fromEntries(sections.map((name) => [name, report[name]])) };
}

function lines(report: SysinfoReport, on: Screen, options = {}): string[] {
  return viewSysinfo(report, on, options).split('\n');
}

/** The lines above the first section. */
function head(report: SysinfoReport, on: Screen = screen(120)): string[] {
  const all = lines(report, on);
  return all.slice(0, all.indexOf(''));
}

test.each(Object.keys(reports) as (keyof typeof reports)[])('no line of %s is longer than the screen', (name) => {
  for (const columns of [40, 80, 81, 100, 159, 160, 200, 300]) {
    for (const look of [
      {},
      { color: true },
      { unicode: false },
      { previous: [] },
      { previous: Array(50).fill(reports[name]) },
    ]) {
      const shown = lines(reports[name], { ...screen(columns), ...look });
      expect(shown.filter((line) => width(line) > columns)).toEqual([]);
    }
  }
});

test.each(Object.keys(reports) as (keyof typeof reports)[])('no name of %s reaches the screen raw', (name) => {
  const judged = { ...reports[name], rules: hostileReport.rules.map((rule) => ({ ...rule, message: rule.name! })) };
  for (const on of [screen(80), screen(200), file]) {
    for (const options of [{}, { explain: true as const }]) {
      expect(viewSysinfo(judged, on, options)).not.toMatch(/[^\P{C}\n]/u);
    }
  }
});

test.each(Object.keys(reports) as (keyof typeof reports)[])('where the locale is not UTF-8, %s is ASCII', (name) => {
  for (const on of [screen(80), screen(200), file]) {
    expect(viewSysinfo(reports[name], { ...on, unicode: false })).toMatch(/^[\n -~]+$/);
  }
});

test('without colours there are none, and with them the text is the same', () => {
  for (const on of [screen(80), screen(200)]) {
    const plain = viewSysinfo(crowdedReport, on);
    expect(plain).not.toContain('\u001b');
    expect(viewSysinfo(crowdedReport, { ...on, color: true }).replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
  }
});

test('off a terminal nothing is cut and nothing is left out', () => {
  const text = viewSysinfo(crowdedReport, file);
  expect(text).not.toMatch(/[…~]/);
  expect(text).not.toMatch(/^ +and \d+ more(?! worth)/m);
  for (const { mount } of crowdedReport.disks!) expect(text).toContain(mount);
  for (const { name } of crowdedReport.network!.interfaces.slice(1)) expect(text).toContain(name);
  for (const { name, image } of crowdedReport.containers!.containers)
    expect(text).toMatch(new RegExp(`${name} .*${image}\n`));
  for (const { port } of crowdedReport.network!.listeners!)
    expect(text).toMatch(new RegExp(`listening on tcp .*\\b${port}\\b`));
  for (const { subject } of crowdedReport.errors) expect(text).toContain(subject);
  for (const { label } of crowdedReport.sensors!) expect(text).toContain(` ${label} `);
  for (const { user } of crowdedReport.users!) expect(text).toContain(` ${user} `);
});

test('a crowded machine still fits a few screens, the worst of every list first', () => {
  const shown = lines(crowdedReport, screen(80));
  expect(shown.length).toBeLessThan(150);
  const at = (text: string): number => shown.findIndex((line) => line.includes(text));
  expect(at('/mnt/backup   ')).toBe(at('Disks') + 1);
  expect(at('  /    ')).toBe(at('Disks') + 2);
  expect(shown).toContain('  and 30 more, none above 39 %');
  expect(at('nvme17n1p13')).toBe(at('Disk activity') + 1);
  expect(at(' unhealthy ')).toBe(at('Containers (docker)') + 2);
  expect(at(' restarting ')).toBe(at(' unhealthy ') + 1);
  expect(at('PCH  84 °C  limit 80 °C')).toBe(at('Sensors') + 1);
  expect(at('coretemp 0000:00:18.3  64 temperatures  40 to 59 °C')).toBeGreaterThan(0);
  expect(shown.filter((line) => line.startsWith('  failed: '))).toHaveLength(9);
  expect(shown).toContain('  zombies left by pid 1 (31)');
});

test('long names that begin alike can be told apart', () => {
  for (const columns of [80, 200]) {
    const names = lines(crowdedReport, screen(columns)).flatMap((line) => /^ {2}(\/var\/lib\S+)/.exec(line)?.[1] ?? []);
    expect(names.length).toBeGreaterThan(5);
    expect(new Set(names).size).toBe(names.length);
  }
});

test('on a wide screen the sections stand in two columns', () => {
  const shown = lines(fullReport, screen(200));
  expect(shown.some((line) => /^Resources {80,}Processes|^Resources {80,}Services/.test(line))).toBe(true);
  expect(shown.length).toBeLessThan(lines(fullReport, screen(100)).length);
});

test('the three worst things come first, the worst on top', () => {
  expect(head(crowdedReport, screen(80))).toEqual([
    'build-agent-17.eu-central.example.org',
    'Debian GNU/Linux 12 (bookworm) · up 1h · kernel 6.1.0-18-amd64 · x86_64 · kvm',
    '▲ disks /mnt/backup: statfs did not answer within 2s',
    '▲ / is 99.6 % full, 410 MiB left, full in 1h 30m at this pace',
    '▲ 12 processes are blocked (state D)',
    '  and 11 more worth a look',
  ]);
});

test('where nothing stands out it says so, but only of a whole machine', () => {
  expect(head(healthyReport())[1]).toBe('● nothing stands out');
  expect(head(only(healthyReport(), 'memory'))).toEqual(['web1']);
  const rules = [ruleResult('load1>9', {})];
  expect(head({ ...healthyReport(), rules })[1]).toBe('● no rule fired, nothing stands out');
  expect(head({ ...only(healthyReport(), 'memory'), rules })[1]).toBe('● no rule fired');
});

test('no rule that fired is hidden behind three others, and the same thing is not told twice', () => {
  const rules = [1, 2, 3, 4, 5].map((at) =>
    ruleResult('disk.used_pct>70', {
      severity: at === 5 ? 'critical' : 'warning',
      state: 'fired',
      metric: 'disk.used_pct',
      labels: { mount: at === 1 ? '/' : `/${at}` },
      message: `rule ${at}`,
    }),
  );
  const disks = [{ ...fullReport.disks![0]!, used_pct: 96 }];
  expect(head({ ...healthyReport(), disks, rules }).slice(1)).toEqual([
    '▲ rule 5',
    '▲ rule 1',
    '▲ rule 2',
    '▲ rule 3',
    '▲ rule 4',
  ]);
});

test('what could not be told is above a warning and below a critical rule', () => {
  const of = (state: 'fired' | 'unknown' | 'pending', severity: 'warning' | 'critical', message: string) =>
    ruleResult('r', { state, severity, message });
  const rules = [
    of('pending', 'critical', 'pending'),
    of('fired', 'warning', 'warning'),
    of('unknown', 'warning', 'unknown'),
    of('fired', 'critical', 'critical'),
  ];
  expect(head({ ...healthyReport(), rules }).slice(1)).toEqual(['▲ critical', '▲ unknown', '▲ warning', '▲ pending']);
});

test('what is not quite full is not called full', () => {
  const disks = [{ ...fullReport.disks![0]!, used_pct: 99.97 }];
  const text = viewSysinfo(only({ ...fullReport, disks }, 'disks'), screen(80));
  expect(text).toContain('99.9 %');
  expect(text).not.toContain('100 %');
});

test.each([80, 200])('at %i columns the limit of the control group stands beside what the host has', (columns) => {
  const shown = lines(fullReport, screen(columns));
  const at = shown.findIndex((line) => line.startsWith('  memory'));
  expect(shown[at]).toContain('1.86 GiB of 7.45 GiB');
  const limit = shown.find((line) => line.startsWith('  cgroup'));
  expect(limit).toContain('80 %  381 MiB of 477 MiB limit  host 7.45 GiB');
});

test('the limit is there as well when only one of the two sections was asked for', () => {
  expect(viewSysinfo(only(fullReport, 'memory'), screen(80))).toContain('477 MiB limit  host 7.45 GiB');
  expect(viewSysinfo(only(fullReport, 'cgroup'), screen(80))).toContain('381 MiB of 477 MiB limit');
  expect(viewSysinfo({ ...emptyReport, cgroup: { version: 2, path: '/' } }, screen(80))).toContain('no limits');
});

test.each(['os', 'cpu', 'memory', 'cgroup', 'disks', 'io', 'network', 'processes', 'services'] as const)(
  'the section %s alone has something to say',
  (section) => {
    expect(lines(only(fullReport, section), file).length).toBeGreaterThan(2);
  },
);

test('an empty list says so where somebody asked for it, and takes no place elsewhere', () => {
  expect(viewSysinfo({ ...emptyReport, users: [] }, screen(80))).toContain('nobody is logged in');
  expect(viewSysinfo({ ...emptyReport, disks: [] }, screen(80))).toContain('no filesystem');
  const whole = viewSysinfo({ ...fullReport, users: [], sensors: [], disks: [], io: [] }, screen(80));
  expect(whole).not.toMatch(/^(Users|Sensors|Disks|Disk activity)/m);
});

test('what this machine does not have is named in one line, and with its reason where it was asked for', () => {
  const unavailable = [
    { section: 'services', reason: 'this machine was not booted with systemd' },
    { section: 'sensors', reason: 'none' },
  ] as const;
  const whole = viewSysinfo({ ...healthyReport(), unavailable: [...unavailable] }, screen(80));
  expect(whole).toMatch(/\nnot on this machine: services, sensors$/);
  expect(viewSysinfo({ ...emptyReport, unavailable: [...unavailable] }, screen(80))).toContain(
    'services: this machine was not booted with systemd',
  );
});

test('what could not be read is told, on a screen the important first and the rest counted', () => {
  const shown = lines(crowdedReport, screen(80)).filter((line) => line.startsWith('could not read'));
  expect(shown[0]).toBe('could not read disks /mnt/backup: statfs did not answer within 2s');
  expect(shown.at(-1)).toBe('could not read 26 more');
});

test('a sensor without a value shows none', () => {
  const sensors = [{ chip: 'nct6775', label: 'AUXTIN', kind: 'temperature' as const }];
  expect(viewSysinfo({ ...emptyReport, sensors }, screen(80))).toContain('nct6775  AUXTIN  no value');
});

test('without a sample there is no bar for what was not measured', () => {
  const { usage_pct: _, modes: __, ...cpu } = fullReport.cpu!;
  const shown = lines({ ...emptyReport, cpu, io: fullReport.io! }, screen(80));
  expect(shown.find((line) => line.startsWith('  cpu'))).toMatch(/^ {2}cpu +1\.5 of 2 cores {2}load/);
  expect(shown.join('\n')).toContain('Disk activity since boot');
});

test('--explain tells every rule once and every value below it', () => {
  const rules = [
    ruleResult('disk.used_pct>70', { state: 'fired', severity: 'critical', message: '/ is 78 %' }),
    ruleResult('disk.used_pct>70', { state: 'ok', severity: 'critical', message: '/var is 12 %' }),
    ruleResult('load1>2 for 15m', {
      name: 'load',
      state: 'pending',
      message: 'it is 3',
      since: '2026-01-02T03:00:00Z',
    }),
    ruleResult('disk.full_in<1d', { state: 'not yet known', message: 'too little history' }),
  ];
  expect(lines({ ...fullReport, rules }, screen(80), { explain: true })).toEqual([
    'critical if disk.used_pct>70',
    '  critical       / is 78 %',
    '  ok             /var is 12 %',
    'load: warning if load1>2 for 15m',
    '  pending        it is 3 since 2026-01-02T03:00:00Z',
    'warning if disk.full_in<1d',
    '  not yet known  too little history',
  ]);
  expect(viewSysinfo(fullReport, screen(80), { explain: true })).toMatch(/^no rules: /);
});

test('a long explanation is broken, not cut', () => {
  const words = Array.from({ length: 60 }, (_, at) => `word${at}`);
  const rules = [ruleResult(`x > ${'9'.repeat(200)}`, { message: words.join(' ') })];
  const shown = lines({ ...emptyReport, rules }, screen(80), { explain: true });
  expect(shown.every((line) => width(line) <= 80)).toBe(true);
  expect(shown.join(' ').split(/ +/)).toEqual(expect.arrayContaining(words));
});

test('the live view has a trend and puts first what changes fastest', () => {
  const before = Array.from({ length: 30 }, (_, at) => ({
    ...fullReport,
    cpu: { ...fullReport.cpu!, usage_pct: at * 3 },
  }));
  const shown = lines(fullReport, { ...screen(80), previous: before });
  const at = (text: string): number => shown.findIndex((line) => line.startsWith(text));
  expect(shown[at('  cpu') + 2]).toMatch(/^ +▁+▂.*▇▃$/);
  expect(at('Processes')).toBeLessThan(at('Disks'));
  expect(viewSysinfo(fullReport, { ...screen(80), previous: [] })).not.toMatch(/[▁▂▃▄▅▆▇]/);
});

test('one is singular', () => {
  const processes = { ...fullReport.processes!, total: 1, threads: 1, zombie: 1 };
  const text = viewSysinfo({ ...emptyReport, processes }, screen(80));
  expect(text).toContain('1 process, 1 thread, 1 running, 1 blocked, 1 zombie');
});
