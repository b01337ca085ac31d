import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ReportRequest, SysinfoConfig } from '../../../src/lib/system/plan-report.ts';
import type { SysinfoReport } from '../../../src/lib/system/report.ts';
import {
  applyRules,
  readRules,
  type RuleState,
  sectionsOfRules,
  type SystemRule,
} from '../../../src/lib/system/system-rules.ts';
import { emptyReport, fullReport } from './exporter/full-report.ts';

const request: ReportRequest = {
  named: [],
  skipped: [],
  warnIf: [],
  failIf: [],
  allowMissing: false,
  sampleSeconds: undefined,
  deadlineSeconds: undefined,
  host: 'web-1',
};
const kept = { severity: 'critical', allow_missing: false } as const;
const noState = (): RuleState => {
  throw new Error('nothing has to be remembered');
};

function typed(failIf: string[], warnIf: string[] = [], more: Partial<ReportRequest> = {}): SystemRule[] {
  return readRules({ ...request, failIf, warnIf, ...more }, {});
}

function texts(rules: readonly SystemRule[]): string[] {
  return rules.map(({ rule, severity }) => `${severity} ${rule.text}`);
}

/** A state folder of its own and a clock that is set by hand. */
function machineState() {
  const parent = mkdtempSync(join(tmpdir(), 'devops-rules-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const folder = join(parent, 'state');
  return { folder, at: (now: Date) => (): RuleState => ({ folder, uid: process.getuid!(), now }) };
}

test('rules of the command line come before those of devops.yaml', () => {
  const config: SysinfoConfig = { rules: [{ ...kept, if: 'load15>3', severity: 'warning' }] };
  const rules = readRules({ ...request, failIf: ['load1>1'], warnIf: ['load5>2'] }, config);
  expect(texts(rules)).toEqual(['critical load1>1', 'warning load5>2', 'warning load15>3']);
});

test.each([
  [undefined, true],
  [['web-1'], true],
  [['web-*'], true],
  [['db-*', 'web-?'], true],
  [['db-*'], false],
  [['web'], false],
  [['WEB-1'], true],
] as const)('a rule for the hosts %j counts on web-1: %s', (hosts, counts) => {
  const rule = { ...kept, if: 'load1>1', ...(hosts === undefined ? {} : { hosts: [...hosts] }) };
  expect(readRules(request, { rules: [rule] })).toHaveLength(counts ? 1 : 0);
});

test('a rule that names the first part of a host name counts on the full one, and the other way round does not', () => {
  const on = (host: string, glob: string) =>
    readRules({ ...request, host }, { rules: [{ ...kept, if: 'load1>1', hosts: [glob] }] }).length;
  expect(on('web-1.example.org', 'web-1')).toBe(1);
  expect(on('web-1.example.org', 'web-1.example.org')).toBe(1);
  expect(on('web-1', 'web-1.example.org')).toBe(0);
});

test('a run with named sections judges by those rules of devops.yaml that read nothing else', () => {
  const rules = ['load1>1', 'disk.used_pct>90', 'disk.used_pct>90 and load1>1'].map((text) => ({ ...kept, if: text }));
  const named = { ...request, named: ['disks' as const] };
  expect(texts(readRules(named, { rules }))).toEqual(['critical disk.used_pct>90']);
  expect(texts(readRules({ ...named, named: ['cpu', 'disks'] }, { rules }))).toHaveLength(3);
  expect(texts(readRules({ ...named, failIf: ['load1>9'] }, { rules }))).toEqual([
    'critical load1>9',
    'critical disk.used_pct>90',
  ]);
});

test('a rule that cannot be read names the column, wherever it was written', () => {
  const error = { code: 'usage', message: expect.stringContaining('column 15') };
  expect(() => typed(['disk.used_pct>x'])).toThrow(expect.objectContaining(error));
  expect(() => readRules(request, { rules: [{ ...kept, if: 'disk.used_pct>x' }] })).toThrow(
    expect.objectContaining(error),
  );
});

test('the sections that rules read are known before anything is read', () => {
  const rules = typed(['disk.used_pct>90 and load1>1'], ['service.active{unit="x.service"}==0']);
  expect([...sectionsOfRules(rules)].toSorted()).toEqual(['cpu', 'disks', 'services']);
});

test.each([
  [['disk.used_pct>90'], [], 'ok'],
  [['disk.used_pct>90'], ['disk.used_pct>70'], 'warning'],
  [['disk.used_pct>70'], ['disk.used_pct>60'], 'critical'],
  [['disk.used_pct>70', 'disk.used_pct{mount="/nope"}>1'], [], 'unknown'],
])('with the rules %j and %j the report is %s', async (failIf, warnIf, status) => {
  const report = await applyRules(fullReport, typed(failIf, warnIf), noState);
  expect(report.status).toBe(status);
});

test('an error of the report stays the worst, and the rules are told all the same', async () => {
  const errors = [{ section: 'sensors', code: 'io', message: 'x', required: true } as const];
  const report = await applyRules({ ...fullReport, errors: [...errors] }, typed(['disk.used_pct>70']), noState);
  expect(report.status).toBe('unknown');
  expect(report.rules).toMatchObject([{ state: 'fired' }]);
});

test('a rule that matches nothing is unknown, and with --allow-missing it is missing', async () => {
  const rule = 'disk.used_pct{mount="/vra"}>90';
  const strict = await applyRules(fullReport, typed([rule]), noState);
  expect(strict).toMatchObject({ status: 'unknown', rules: [{ state: 'unknown', labels: { mount: '/vra' } }] });
  const lenient = await applyRules(fullReport, typed([rule], [], { allowMissing: true }), noState);
  expect(lenient).toMatchObject({ status: 'ok', rules: [{ state: 'missing' }] });
  const ofFile = readRules(request, { rules: [{ ...kept, if: rule, allow_missing: true }] });
  expect(await applyRules(fullReport, ofFile, noState)).toMatchObject({ status: 'ok' });
});

test('--allow-missing does not allow what could not be read', async () => {
  const report: SysinfoReport = {
    ...emptyReport,
    disks: [{ ...fullReport.disks![0]!, error: { code: 'timeout', message: 'late' } }],
  };
  delete report.disks![0]!.used_pct;
  const judged = await applyRules(report, typed(['disk.used_pct>90'], [], { allowMissing: true }), noState);
  expect(judged).toMatchObject({ status: 'unknown', rules: [{ state: 'unknown' }] });
});

test('`for` holds from run to run, and is written only while there is something to remember', async () => {
  const { folder, at } = machineState();
  const rules = typed(['disk.used_pct>70 for 15m']);
  const states: (string | undefined)[] = [];
  for (const minute of [0, 5, 14, 15, 30]) {
    const report = await applyRules(fullReport, rules, at(new Date(Date.UTC(2026, 0, 1, 0, minute))));
    states.push(report.rules[0]?.state);
  }
  expect(states).toEqual(['pending', 'pending', 'pending', 'fired', 'fired']);
  expect(readdirSync(folder)).toHaveLength(1);
  const calm = machineState();
  await applyRules(fullReport, typed(['disk.used_pct>90 for 15m']), calm.at(new Date()));
  expect(existsSync(calm.folder)).toBe(false);
});

const gibibyte = 1024 ** 3;

/** `/` with 100 GiB, of which so many are in use. */
function withUse(gibibytes: number): SysinfoReport {
  const [size, used] = [100 * gibibyte, gibibytes * gibibyte];
  const left = size - used;
  const { full_in_seconds: _, ...disk } = fullReport.disks![0]!;
  const disks = [
    { ...disk, size_bytes: size, free_bytes: left, available_bytes: left, used_bytes: used, used_pct: 50 },
  ];
  return { ...fullReport, disks, errors: [] };
}

test('disk.full_in is not yet known at first, and later forecasts at the pace of the runs', async () => {
  const { folder, at } = machineState();
  const rules = typed(['disk.full_in<24h']);
  const states: (string | undefined)[] = [];
  let report = emptyReport;
  for (let run = 0; run <= 6; run++) {
    report = await applyRules(withUse(50 + run), rules, at(new Date(Date.UTC(2026, 0, 1, 0, run * 10))));
    states.push(report.rules[0]?.state);
  }
  // Six an hour: 44 GiB last for seven hours and a bit.
  expect(states).toEqual([...Array(4).fill('not yet known'), 'fired', 'fired', 'fired']);
  expect(report.rules[0]?.value).toBeCloseTo((44 / 6) * 3600, 0);
  expect(readdirSync(folder)).toEqual(['disk-history.jsonl']);
});

test('a history that says nothing is no error, and one that cannot be kept is', async () => {
  const { folder, at } = machineState();
  const rules = typed(['disk.full_in<24h']);
  expect(await applyRules(withUse(50), rules, at(new Date()))).toMatchObject({ status: 'ok', errors: [] });
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  const state = { folder: join(blocked, 'below'), uid: process.getuid!(), now: new Date() };
  const report = await applyRules(withUse(50), rules, () => state);
  expect(report.status).toBe('unknown');
  expect(report.errors).toMatchObject([{ section: 'disks', subject: 'history of used space', required: true }]);
});

test('no history is kept for rules that do not forecast', async () => {
  const report = await applyRules(withUse(50), typed(['disk.used_pct>90']), noState);
  expect(report.disks?.[0]).not.toHaveProperty('full_in_seconds');
});
