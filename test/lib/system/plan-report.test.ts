import { expect, test } from 'vitest';
import { planReport, type ReportRequest } from '../../../src/lib/system/plan-report.ts';
import { type SectionName, sectionNames } from '../../../src/lib/system/report.ts';

const bare: ReportRequest = {
  named: [],
  skipped: [],
  warnIf: [],
  failIf: [],
  allowMissing: false,
  sampleSeconds: undefined,
  deadlineSeconds: undefined,
  host: 'web-1',
};
const none: ReadonlySet<SectionName> = new Set();
const usual = sectionNames.filter((name) => name !== 'hardware');

test('a bare run reads all but hardware, and nothing of it was asked for by name', () => {
  const plan = planReport(bare, {}, none);
  expect(plan).toEqual({ sections: usual, required: none, sampleSeconds: 0.25, deadlineSeconds: 2 });
});

test('named sections are read alone, in the order of the report, each once', () => {
  const plan = planReport({ ...bare, named: ['memory', 'hardware', 'os', 'memory'] }, { sections: ['users'] }, none);
  expect(plan.sections).toEqual(['os', 'memory', 'hardware']);
  expect([...plan.required]).toEqual(['memory', 'hardware', 'os']);
});

test('devops.yaml says what a bare run reads, and --skip leaves out of that', () => {
  const config = { sections: ['os' as const, 'disks' as const, 'hardware' as const], skip: ['os' as const] };
  expect(planReport(bare, config, none).sections).toEqual(['disks', 'hardware']);
  expect(planReport({ ...bare, skipped: ['disks'] }, config, none).sections).toEqual(['hardware']);
});

test('what devops.yaml skips is read when it is named', () => {
  expect(planReport({ ...bare, named: ['os'] }, { skip: ['os'] }, none).sections).toEqual(['os']);
});

test('what a rule reads is never left out', () => {
  const request = { ...bare, named: ['os' as const], skipped: ['disks' as const] };
  const plan = planReport(request, {}, new Set<SectionName>(['disks']));
  expect(plan.sections).toEqual(['os', 'disks']);
  expect([...plan.required]).toEqual(['os']);
});

test('a report on nothing is a mistake, not an empty report', () => {
  const error = { code: 'usage', message: 'every section is skipped: nothing is left to report on' };
  expect(() => planReport({ ...bare, named: ['os'], skipped: ['os'] }, {}, none)).toThrow(
    expect.objectContaining(error),
  );
  expect(() => planReport(bare, { sections: ['os'], skip: ['os'] }, none)).toThrow(expect.objectContaining(error));
  expect(planReport({ ...bare, skipped: usual }, {}, new Set<SectionName>(['cpu'])).sections).toEqual(['cpu']);
});

test('the command line is before devops.yaml is before the defaults', () => {
  const config = { sample: '1s', deadline: '500ms' };
  expect(planReport(bare, config, none)).toMatchObject({ sampleSeconds: 1, deadlineSeconds: 0.5 });
  const typed = { ...bare, sampleSeconds: 0, deadlineSeconds: 9 };
  expect(planReport(typed, config, none)).toMatchObject({ sampleSeconds: 0, deadlineSeconds: 9 });
  expect(planReport(bare, { sample: '0s' }, none)).toMatchObject({ sampleSeconds: 0 });
});
