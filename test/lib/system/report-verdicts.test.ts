import { expect, test } from 'vitest';
import type { SectionError } from '../../../src/lib/system/report.ts';
import { reportVerdicts } from '../../../src/lib/system/report-verdicts.ts';
import { emptyReport, fullReport, ruleResult } from './exporter/full-report.ts';

const timeout: SectionError = {
  section: 'disks',
  code: 'timeout',
  subject: '/mnt/nas',
  message: 'did not answer within 2s',
  required: true,
};

test('figures alone give no verdict, however bad they look', () => {
  expect([...reportVerdicts(emptyReport)]).toEqual([]);
  expect([...reportVerdicts(fullReport)]).toEqual([]);
});

test('what had to be read and could not be is unknown, what only permission hides is nothing', () => {
  const hidden: SectionError = { section: 'processes', code: 'permission', message: 'EACCES', required: false };
  expect([...reportVerdicts({ ...emptyReport, errors: [hidden, timeout, { ...hidden, required: true }] })]).toEqual([
    { status: 'unknown', subject: 'disks /mnt/nas', code: 'timeout', message: 'did not answer within 2s' },
    { status: 'unknown', subject: 'processes', code: 'permission', message: 'EACCES' },
  ]);
});

test.each([
  ['ok', 'critical', 'ok'],
  ['pending', 'critical', 'ok'],
  ['missing', 'critical', 'ok'],
  ['not yet known', 'warning', 'ok'],
  ['fired', 'warning', 'warning'],
  ['fired', 'critical', 'critical'],
  ['unknown', 'warning', 'unknown'],
] as const)('a rule that is %s (%s) is %s', (state, severity, status) => {
  const rule = ruleResult('disk.used_pct>90', { state, severity, metric: 'disk.used_pct', message: 'm' });
  expect([...reportVerdicts({ ...emptyReport, rules: [rule] })]).toMatchObject([{ status, code: 'disk.used_pct' }]);
});

test('every instance has its verdict, named by metric, labels and the name of the rule', () => {
  const found = { metric: 'disk.used_pct', state: 'fired', message: 'it is full' } as const;
  const rules = [
    ruleResult('disk.used_pct>90', { ...found, labels: { mount: '/' } }),
    ruleResult('disk.used_pct>90', { ...found, labels: { mount: '/var' }, name: 'space' }),
    ruleResult('load1>2', { ...found, metric: 'cpu.load1', state: 'pending', message: 'load is 3' }),
  ];
  expect([...reportVerdicts({ ...emptyReport, rules })].map(({ subject, message }) => [subject, message])).toEqual([
    ['disk.used_pct{mount="/"}', 'it is full'],
    ['space: disk.used_pct{mount="/var"}', 'it is full'],
    ['cpu.load1', 'load is 3, not yet long enough'],
  ]);
});

test.each([
  ['is 99 %, limit > 90 %', 'disk.used_pct{mount="/a\\"b} is"}', '99 %, limit > 90 %'],
  ['could not be read: late', 'disk.used_pct{mount="/a\\"b} is"}', 'could not be read: late'],
])('a message that names its subject (%s) does not name it twice', (words, subject, message) => {
  const labels = { mount: '/a"b} is', device: '/dev/vda1', fstype: 'ext4' };
  const rule = ruleResult('r', { metric: 'disk.used_pct', subject, labels, message: `${subject} ${words}` });
  expect([...reportVerdicts({ ...emptyReport, rules: [rule] })]).toMatchObject([{ subject, message }]);
});

test('a compound rule that another metric decided names both', () => {
  const rule = ruleResult('r', { metric: 'cpu.load1', message: 'memory.total is 1 B, limit > 0 B' });
  expect([...reportVerdicts({ ...emptyReport, rules: [rule] })]).toMatchObject([
    { subject: 'cpu.load1', message: 'memory.total is 1 B, limit > 0 B' },
  ]);
});

test('rules do not hide errors, and errors do not hide rules', () => {
  const rule = ruleResult('load1>2', { metric: 'cpu.load1', state: 'fired', message: 'load is 3' });
  const verdicts = [...reportVerdicts({ ...emptyReport, rules: [rule], errors: [timeout] })];
  expect(verdicts.map(({ status }) => status)).toEqual(['warning', 'unknown']);
});
